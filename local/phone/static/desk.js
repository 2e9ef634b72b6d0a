// What a seller has in Dynamics: the bell, the conversations, and the pane with one of them.

import { fill, h, show } from "./dom.js";
import { createPane } from "./pane.js";
import { arrived, unseen } from "./seen.js";
import { plain, when } from "./words.js";

const TOAST_MS = 6000;
const MOST_TOASTS = 2;

/** Bring the right side to life; `changed` is called when something else is to be asked for. */
export function createDesk(company, look, { changed }) {
  const at = Object.fromEntries(
    ["reader", "bell", "bell-count", "bell-entries", "notifications", "conversations", "notice", "toasts"].map((id) => [id, document.getElementById(id)]),
  );
  const desk = document.querySelector(".desk");
  const pane = createPane(company, look, { refresh: changed });
  let view = null; // what was read last
  let reader = ""; // … by whom
  let bell = null;
  let looked = null; // what had been seen when the bell was opened; null while it is shut

  function open(conversation) {
    look.conversation = conversation;
    changed();
  }

  function showBell() {
    const seen = look.seen[look.reader] ?? [];
    const count = unseen(bell ?? [], seen);
    at["bell-count"].hidden = count === 0;
    at["bell-count"].textContent = count > 9 ? "9+" : count;
    at.bell.setAttribute("aria-label", count ? `Notifications, ${count} new` : "Notifications");
    const entries = (bell ?? []).map((each) => ({ ...each, fresh: !(looked ?? seen).includes(each.id) }));
    if (entries.length) show(at["bell-entries"], entries, (each) => each.id, entry);
    else at["bell-entries"].replaceChildren(h("li", { class: "empty" }, bell ? "Nothing yet." : "Not to be read right now."));
  }

  function entry(each) {
    const opened = () => { at.notifications.hidePopover(); open(each.opens); };
    return h("li", { class: each.fresh ? "fresh" : null },
      h("button", { type: "button", disabled: !each.opens, onclick: opened },
        h("strong", { dir: "auto" }, plain(each.title)),
        h("span", { dir: "auto" }, plain(each.body)),
        h("small", {}, when(each.on, new Date()), look.reader === "administrator" && each.whose && ` · for ${each.whose}`)));
  }

  function toast(each) {
    const made = h("button", { type: "button", class: "toast", onclick: () => { made.remove(); if (each.opens) open(each.opens); } },
      h("strong", { dir: "auto" }, plain(each.title)), h("span", { dir: "auto" }, plain(each.body)));
    at.toasts.prepend(made);
    at.toasts.children[MOST_TOASTS]?.remove();
    setTimeout(() => made.remove(), TOAST_MS);
  }

  function line({ id, record, customer, on, unread, last }) {
    return h("li", {},
      h("button", { type: "button", class: unread ? "unread" : null, "aria-current": id === look.conversation && "true", onclick: () => open(id) },
        h("span", { class: "name", dir: "auto" }, record?.name ?? customer),
        h("time", { datetime: on }, when(on, new Date())),
        h("span", { class: "kind" }, record?.seen ? `${record.table} · ${customer}` : customer),
        h("span", { class: "last", dir: "auto" }, last ? `${last.incoming ? "" : "You: "}${last.text}` : ""),
        unread > 0 && h("b", { class: "count", "aria-label": `${unread} unread` }, unread)));
  }

  function showDesk() {
    const name = company.readers.find((each) => each.id === look.reader)?.name ?? "";
    const conversations = view?.conversations ?? [];
    const current = conversations.find((each) => each.id === look.conversation);
    if (conversations.length) show(at.conversations, conversations.map((each) => ({ ...each, current: each === current })), (each) => each.id, line);
    else at.conversations.replaceChildren();
    if (!view) pane.say("There is nothing to read right now.", "It comes back by itself.");
    else if (view.conversations === null || !view.may_read) {
      pane.say(`${name} has no role for text messages, so Dynamics shows none.`, "An administrator would give the security role Text Messaging User.");
    } else if (current) view.messages ? pane.render(current, view.messages) : null;
    else if (conversations.length) open(conversations[0].id);
    else pane.say(`Nothing here for ${name} yet. Text the company, and see.`, "A seller sees a conversation if its record or its number is theirs, or their team’s.");
  }

  function complain(problem) {
    at.notice.hidden = !problem;
    at.notice.textContent = problem ?? "";
    desk.classList.toggle("stale", Boolean(problem));
  }

  fill(at.reader, [
    { label: "Sellers", options: company.readers.filter((each) => each.id !== "administrator").map((each) => ({ value: each.id, label: each.name + (each.team ? ` (${each.team})` : "") })) },
    { label: "Everything", options: [{ value: "administrator", label: "the administrator" }] },
  ]);
  if (!company.readers.some((each) => each.id === look.reader)) look.reader = company.readers[0].id;
  at.reader.value = look.reader;
  at.reader.addEventListener("change", () => { look.reader = at.reader.value; look.conversation = ""; changed(); });
  at.notifications.addEventListener("toggle", ({ newState }) => {
    looked = newState === "open" ? look.seen[look.reader] ?? [] : null;
    if (bell) look.seen[look.reader] = bell.map((each) => each.id);
    showBell();
    changed();
  });

  return {
    complain,
    /** Open a conversation if this reader has it. */
    follow(conversation) {
      if (conversation !== look.conversation && view?.conversations?.some((each) => each.id === conversation)) open(conversation);
    },
    render({ services, view: read }) {
      const isSame = reader === look.reader;
      complain([services.functions.problem, services.dataverse.problem].filter(Boolean).join(" "));
      if (read || !isSame) {
        if (read?.bell && isSame) arrived(bell, read.bell).forEach(toast);
        view = read;
        bell = read?.bell ?? null;
        reader = look.reader;
      }
      showBell();
      showDesk();
    },
  };
}
