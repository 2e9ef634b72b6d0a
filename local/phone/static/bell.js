// The bell of a seller, its entries, and the toasts that announce them.

import { h, show } from "./dom.js";
import { arrived, unseen } from "./seen.js";
import { plain, when } from "./words.js";

const TOAST_MS = 6000;
const MOST_TOASTS = 2;

/** Bring the bell to life; `open` is called with a conversation, `changed` when entries were looked at. */
export function createBell(look, { open, changed }) {
  const at = Object.fromEntries(
    ["bell", "bell-count", "bell-entries", "notifications", "toasts"].map((id) => [id, document.getElementById(id)]),
  );
  let entries = null; // null: they could not be read
  let reader = "";
  let looked = null; // what had been seen when the bell was opened; null while it is shut

  function seen() {
    return look.seen[look.reader] ?? [];
  }

  function showBell() {
    const count = unseen(entries ?? [], seen());
    at["bell-count"].hidden = count === 0;
    at["bell-count"].textContent = count > 9 ? "9+" : count;
    at.bell.setAttribute("aria-label", count ? `Notifications, ${count} new` : "Notifications");
    const items = (entries ?? []).map((each) => ({ ...each, fresh: !(looked ?? seen()).includes(each.id) }));
    if (items.length) show(at["bell-entries"], items, (each) => each.id, entry);
    else
      at["bell-entries"].replaceChildren(
        h("li", { class: "empty" }, entries ? "Nothing yet." : "Not to be read right now."),
      );
  }

  function entry({ title, body, on, whose, opens, fresh }) {
    const opened = () => {
      at.notifications.hidePopover();
      open(opens);
    };
    const whom = look.reader === "administrator" && whose && ` · for ${whose}`;
    return h(
      "li",
      { class: fresh ? "fresh" : null },
      h(
        "button",
        { type: "button", disabled: !opens, onclick: opened },
        h("strong", { dir: "auto" }, plain(title)),
        h("span", { dir: "auto" }, plain(body)),
        h("small", {}, when(on, new Date()), whom),
      ),
    );
  }

  function toast({ title, body, opens }) {
    const opened = () => {
      made.remove();
      if (opens) open(opens);
    };
    const made = h(
      "button",
      { type: "button", class: "toast", onclick: opened },
      h("strong", { dir: "auto" }, plain(title)),
      h("span", { dir: "auto" }, plain(body)),
    );
    at.toasts.prepend(made);
    at.toasts.children[MOST_TOASTS]?.remove();
    setTimeout(() => made.remove(), TOAST_MS);
  }

  at.notifications.addEventListener("toggle", ({ newState }) => {
    looked = newState === "open" ? seen() : null;
    if (entries) look.seen[look.reader] = entries.map((each) => each.id);
    showBell();
    changed();
  });

  return {
    /** Show the entries; the first ones of a reader are no news. */
    render(news) {
      const isSame = reader === look.reader;
      if (!isSame) at.toasts.replaceChildren();
      else if (news) arrived(entries, news).forEach(toast);
      if (!isSame || news) entries = news;
      reader = look.reader;
      showBell();
    },
  };
}
