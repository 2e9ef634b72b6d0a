// One conversation: its texts, what became of each, and why it is here.

import { act, read } from "./api.js";
import { h, show } from "./dom.js";
import { drawWhy } from "./why.js";
import { called, exactly, spaced, when } from "./words.js";

const MARGIN_PX = 16;

/** The pane on the right; `refresh` is called after something was sent. */
export function createPane(company, look, { refresh }) {
  const pane = document.getElementById("pane");
  const answers = new Map(); // message → what its last report was answered
  const known = new Map(); // reader and message → the explanation
  let unfolded = ""; // reader and message: the one that was unfolded for him
  let shown = "";

  function render(conversation, messages) {
    if (shown !== conversation.id) {
      shown = conversation.id;
      pane.replaceChildren(
        h("header", {}),
        h("ol", { class: "messages", tabindex: "0", "aria-label": "Texts of this conversation" }),
      );
    }
    const [header, list] = pane.children;
    show(header, [conversation], () => "head", head);
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    const items = messages.map((message) => ({
      ...message,
      reader: look.reader,
      answer: answers.get(message.id) ?? "",
    }));
    const before = list.childElementCount;
    show(list, items, (item) => item.id, message);
    unfoldNewest(list, items);
    if (atEnd || list.childElementCount > before) list.scrollTop = list.scrollHeight;
  }

  function head({ record, customer, ours, owner }) {
    return h(
      "div",
      {},
      h("h3", { dir: "auto" }, record?.name ?? "No record"),
      record?.seen && h("span", { class: `pill ${record.table}` }, record.table),
      h("p", { class: "soft" }, `${customer} ↔ ${ours}`, owner && ` · owned by ${owner}`),
    );
  }

  function message(item) {
    const facts = h(
      "p",
      { class: "meta" },
      h("time", { datetime: item.on, title: times(item) }, when(item.on, new Date())),
      " · ",
      status(item),
    );
    return h(
      "li",
      { class: item.incoming ? "incoming" : "outgoing" },
      h("p", { class: "bubble", dir: "auto" }, item.text || "(empty)"),
      facts,
      item.incoming ? why(item) : report(item),
    );
  }

  function why(item) {
    const place = h("div", { class: "why-body" });
    const details = h(
      "details",
      { class: "why" },
      h("summary", {}, h("b", {}, "Why here? "), item.because || "No reason is stored."),
      place,
    );
    details.addEventListener("toggle", () => details.open && explain(item, place));
    return details;
  }

  async function explain(item, place) {
    const key = `${item.reader} ${item.id}`;
    try {
      if (!known.has(key)) known.set(key, (await read(`api/why/${item.id}?as=${item.reader}`)).value);
      place.replaceChildren(drawWhy(known.get(key)));
    } catch (error) {
      place.replaceChildren(h("p", { class: "problem" }, error.message));
    }
    if (place.isConnected) reveal(place.closest("li")); // another conversation may have been opened meanwhile
  }

  // The newest text explains itself, unless it has been answered already: then the answer is what one looks for.
  function unfoldNewest(list, items) {
    const newest = items.at(-1);
    const place = newest && `${newest.reader} ${newest.id}`;
    if (!place || place === unfolded) return;
    unfolded = place;
    for (const details of list.querySelectorAll("details"))
      details.open = details.closest("li").dataset.key === newest.id;
  }

  function report(item) {
    const outcomes = company.outcomes[item.account];
    if (!outcomes) return null;
    const choice = h(
      "select",
      { "aria-label": "Let the provider report what became of this text" },
      h("option", { value: "" }, "Report as …"),
      ...outcomes.map(({ key, label }) => h("option", { value: key }, label)),
    );
    choice.addEventListener("change", async () => {
      try {
        answers.set(item.id, called([await act("api/reports", { message: item.id, outcome: choice.value })]));
      } catch (error) {
        answers.set(item.id, error.message);
      }
      refresh();
    });
    return h("div", { class: "report" }, choice, item.answer && h("p", { class: "meta call" }, item.answer));
  }

  return {
    render,
    /** Show a sentence instead of a conversation. */
    say(...sentences) {
      shown = "";
      pane.replaceChildren(h("div", { class: "empty" }, ...sentences.map((sentence) => h("p", {}, sentence))));
    },
  };
}

/** Scroll the list, and nothing around it, until a text is to be seen as far as it fits, from its beginning. */
function reveal(text) {
  const [list, own] = [text.parentElement.getBoundingClientRect(), text.getBoundingClientRect()];
  const [below, above] = [own.bottom - list.bottom + MARGIN_PX, own.top - list.top - MARGIN_PX];
  if (below > 0) text.parentElement.scrollTop += Math.min(below, above);
}

function status({ status: word, failure, detail }) {
  return h(
    "span",
    { class: `status ${word.toLowerCase()}`, title: detail || null },
    word,
    failure && `: ${spaced(failure)}`,
    failure && detail && h("small", {}, ` (${detail})`),
  );
}

function times({ on, said_on: saidOn }) {
  return `Arrived ${exactly(on)}${saidOn ? `; the provider says ${exactly(saidOn)}` : ""}`;
}
