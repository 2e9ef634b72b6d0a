// What a seller has in Dynamics: the bell, the conversations, and the pane with one of them.

import { createBell } from "./bell.js";
import { fill, h, show } from "./dom.js";
import { createPane } from "./pane.js";
import { when } from "./words.js";

const ADMINISTRATOR = "administrator";

/** Bring the right side to life; `changed` is called when something else is to be asked for. */
export function createDesk(company, look, { changed }) {
  const at = Object.fromEntries(
    ["reader", "conversations", "notice", "desk"].map((id) => [id, document.getElementById(id)]),
  );
  const bell = createBell(look, { open, changed });
  const pane = createPane(company, look, { refresh: changed });
  let view = null; // what was read last; null: nothing yet
  let reader = ""; // by whom

  function open(conversation) {
    look.conversation = conversation;
    changed();
  }

  function signIn(id) {
    at.reader.value = look.reader = id;
    look.conversation = "";
  }

  function line({ id, record, customer, on, unread, last, current }) {
    const isNamed = record?.seen ?? false;
    const props = {
      type: "button",
      class: unread ? "unread" : null,
      "aria-current": current && "true",
      onclick: () => open(id),
    };
    return h(
      "li",
      {},
      h(
        "button",
        props,
        h("span", { class: "name", dir: "auto" }, isNamed ? record.name : customer),
        h("time", { datetime: on }, when(on, new Date())),
        h("span", { class: "kind" }, isNamed ? `${record.table} · ${customer}` : (record?.name ?? "no record")),
        h("span", { class: "last", dir: "auto" }, last ? `${last.incoming ? "" : "You: "}${last.text}` : ""),
        unread > 0 && h("b", { class: "count", "aria-label": `${unread} unread` }, unread),
      ),
    );
  }

  function showDesk() {
    const conversations = view?.conversations ?? [];
    const current = conversations.find((each) => each.id === look.conversation);
    show(
      at.conversations,
      conversations.map((each) => ({ ...each, current: each === current })),
      (each) => each.id,
      line,
    );
    if (!view) pane.say("There is nothing to read right now.", "It comes back by itself.");
    else if (!view.may_read || !view.conversations) pane.say(...withoutRole(nameOf(look.reader)));
    else if (current && view.messages) pane.render(current, view.messages);
    else if (!current && conversations.length) open(conversations[0].id);
    else if (!conversations.length) pane.say(...withoutTexts(nameOf(look.reader)));
  }

  function nameOf(id) {
    return company.readers.find((each) => each.id === id)?.name ?? "";
  }

  function complain(problem) {
    at.notice.hidden = !problem;
    at.notice.textContent = problem;
    at.desk.classList.toggle("stale", Boolean(problem));
  }

  const sellers = company.readers.filter((each) => each.id !== ADMINISTRATOR);
  fill(at.reader, [
    {
      label: "Sellers",
      options: sellers.map(({ id, name, team }) => ({ value: id, label: team ? `${name} (${team})` : name })),
    },
    { label: "Everything", options: [{ value: ADMINISTRATOR, label: nameOf(ADMINISTRATOR) }] },
  ]);
  at.reader.addEventListener("change", () => {
    signIn(at.reader.value);
    changed();
  });
  if (company.readers.some((each) => each.id === look.reader)) at.reader.value = look.reader;
  else signIn(sellers[0]?.id ?? ADMINISTRATOR);

  return {
    complain,
    /** Look over the shoulder of someone whom texts to a number of the company reach. */
    watch({ reaches }) {
      if (look.reader !== ADMINISTRATOR && !reaches.includes(look.reader)) signIn(reaches[0]);
    },
    /** Open a conversation if this reader has it. */
    follow(conversation) {
      const isHere = view?.conversations?.some((each) => each.id === conversation);
      if (isHere && conversation !== look.conversation) open(conversation);
    },
    /** Show the state; what cannot be read right now stays as it was, but never for another reader. */
    render({ services, view: news }) {
      complain([services.functions.problem, services.dataverse.problem].filter(Boolean).join(" "));
      if (news || reader !== look.reader) view = news;
      reader = look.reader;
      bell.render(news?.bell ?? null);
      showDesk();
    },
  };
}

function withoutRole(name) {
  return [
    `${name} has no role for text messages, so Dynamics shows none.`,
    "An administrator would give the security role Text Messaging User.",
  ];
}

function withoutTexts(name) {
  return [
    `Nothing here for ${name} yet. Text the company, and see.`,
    "A seller sees a conversation if its record or its number is theirs, or their team’s.",
  ];
}
