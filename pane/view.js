// The conversation page in the document: head, texts, and what is shown where there are none.

import { h, show } from "./dom.js";
import { drawAttachments } from "./media.js";
import { isOff, sentOn } from "./messages.js";
import { exactly, problem, statusWord, tableWord, timeOf } from "./words.js";

const IDS = ["head", "title", "about", "choose", "related", "banner", "trouble", "again", "texts", "older", "list", "instead", "news"]; // prettier-ignore
const NEAR_PX = 80; // from the end, so that the reader still counts as being there
const MARGIN_PX = 8;

/** The page; `explain(id)` is asked for the sentences on why a text is here, `fileOf(id)` for a file that came with one. */
export function createView({ explain, fileOf }) {
  const at = Object.fromEntries(IDS.map((id) => [id, document.getElementById(id)]));

  function text(item) {
    const who = item.who || (item.incoming ? item.from : "Us");
    return h(
      "li",
      { class: item.incoming ? "incoming" : "outgoing" },
      h("span", { class: "spoken" }, item.incoming ? `Text from ${who}:` : `Text by ${who}:`),
      item.text
        ? h("p", { class: "bubble", dir: "auto" }, item.text)
        : h("p", { class: "bubble soft" }, item.media ? "No words" : "Empty"),
      drawAttachments(item, fileOf),
      meta(item, who),
      trouble(item),
      item.incoming && why(item),
    );
  }

  function why(item) {
    const place = h("div", { class: "reasons" }, h("p", { class: "soft" }, "Loading …"));
    const details = h("details", { class: "why" }, h("summary", {}, "Why here?"), place);
    let isAsked = false;
    details.addEventListener("toggle", async () => {
      if (!details.open || isAsked) return;
      isAsked = true;
      const { sentences, failed } = await explain(item.id);
      isAsked = !failed; // then it may be asked again
      place.replaceChildren(...sentences.map((sentence) => h("p", { dir: "auto" }, sentence)));
    });
    return details;
  }

  function entry(item) {
    if (item.kind === "day") return h("li", { class: "day" }, h("h2", {}, item.day));
    if (item.kind === "new") return h("li", { class: "new" }, h("h2", {}, "New"));
    return text(item);
  }

  function isAtEnd() {
    return at.texts.scrollHeight - at.texts.scrollTop - at.texts.clientHeight < NEAR_PX;
  }

  return {
    at,
    /** Who it is with, and the other conversations that go with it. */
    showHead({ title, table, customer, ours, owner }, choices, current) {
      document.title = `Texts with ${title}`;
      at.title.textContent = title;
      const facts = [table && tableWord(table), customer !== title && customer, ours && `on ${ours}`, owner && `owned by ${owner}`];
      at.about.textContent = facts.filter(Boolean).join(" · ");
      at.choose.hidden = choices.length < 2;
      show(at.related, choices, ({ key, label }) => h("option", { value: key }, label));
      at.related.value = current;
      at.head.hidden = false;
    },
    /** The texts; `isFirst` for those of a conversation that has just been opened, which begin where the new ones do. */
    showTexts(entries, { isFirst, hasOlder }) {
      const stays = !isFirst && !isAtEnd();
      at.instead.hidden = true;
      at.texts.hidden = false;
      at.older.hidden = !hasOlder;
      show(at.list, entries, entry);
      const line = at.list.querySelector(".new");
      if (isFirst && line) at.texts.scrollTop = line.offsetTop - MARGIN_PX;
      else if (!stays) at.texts.scrollTop = at.texts.scrollHeight;
    },
    /** Older texts, above what the reader looks at, which stays where it is. */
    showOlder(entries, hasOlder) {
      const fromEnd = at.texts.scrollHeight - at.texts.scrollTop;
      show(at.list, entries, entry);
      at.older.hidden = !hasOlder;
      at.texts.scrollTop = at.texts.scrollHeight - fromEnd;
    },
    /** Sentences in place of texts. */
    showInstead(...sentences) {
      at.texts.hidden = true;
      at.list.replaceChildren();
      at.instead.hidden = false;
      at.instead.replaceChildren(...sentences.map((sentence) => h("p", { dir: "auto" }, sentence)));
    },
    /** What is wrong right now, beside what is shown; nothing where all is well. */
    complain(sentence) {
      if (at.trouble.textContent !== sentence) at.trouble.textContent = sentence;
      at.banner.hidden = !sentence;
    },
    /** Say aloud, for those who do not see it appear. */
    announce(sentence) {
      at.news.textContent = sentence;
    },
  };
}

function meta(item, who) {
  const times = item.providerTime
    ? `Arrived ${exactly(item.arrivedOn)}; the provider says ${exactly(item.providerTime)}`
    : exactly(item.arrivedOn);
  return h(
    "p",
    { class: "meta" },
    h("span", { dir: "auto" }, who),
    " · ",
    h("time", { datetime: sentOn(item), title: times }, timeOf(sentOn(item))),
    isOff(item) && ["; arrived ", h("time", { datetime: item.arrivedOn }, exactly(item.arrivedOn))],
    !item.incoming && [" · ", h("span", { class: `status ${item.status.toLowerCase()}` }, status(item))],
  );
}

function status({ status: word, scheduledFor }) {
  return word === "Scheduled" && scheduledFor ? `Scheduled for ${exactly(scheduledFor)}` : statusWord(word);
}

function trouble(item) {
  const [reason, help] = problem(item);
  if (!reason) return null;
  return h(
    "p",
    { class: `trouble ${item.status.toLowerCase()}`, title: item.detail || null },
    h("strong", {}, reason),
    ` ${help}`,
    item.detail && h("small", {}, ` (${item.detail})`),
  );
}
