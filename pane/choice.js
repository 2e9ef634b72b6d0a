// Whose texts are these? Where routing has left it open, a person chooses one of the records that it found, or another.

import { get } from "./api.js";
import { offered } from "./candidates.js";
import { h, show } from "./dom.js";
import { lookUp, lookUpDialog, putOn } from "./placing.js";
import { factsOf, routingOf } from "./queries.js";
import { openCandidates } from "./stored.js";
import { candidateFacts, choiceError, meanwhile, placed, unseenRecords } from "./words.js";

const IDS = ["choice", "unseen", "candidates", "another", "choosing", "refused", "chosen"];

/**
 * The question above the texts. `changed` is called when the conversation has been put on a record, or may have been;
 * `nameOf(record)` gives the name of one.
 */
export function createChoice({ changed, nameOf }) {
  const at = Object.fromEntries(IDS.map((id) => [id, document.getElementById(id)]));
  let talk = null; // the conversation that is looked at
  let asked = ""; // the text whose candidates are known
  let open = []; // all of them, as `{ table, id }`
  let candidates = []; // those that may be seen
  let answered = ""; // the text for which somebody has chosen
  let mine = null; // the record that was chosen here
  let isBusy = false;

  /** What is to be chosen between, if the newest incoming text of a conversation without a record left it open. */
  async function learn(messages) {
    const { id } = talk;
    const newest = messages.findLast((each) => each.incoming)?.id ?? "";
    if (newest === asked) return;
    const found = newest ? openCandidates((await get(routingOf(newest))).txv_routing) : [];
    const readable = await Promise.all(factsOf(found).map(rowsOf));
    if (talk?.id === id) [asked, open, candidates] = [newest, found, offered(found, readable)];
  }

  function draw() {
    const isOpen = talk?.isPlaced === false && open.length > 0 && answered !== asked;
    const hadFocus = at.choice.contains(document.activeElement);
    at.choice.hidden = !isOpen;
    if (!isOpen && hadFocus) at.chosen.focus(); // the focus must not vanish with the list
    const unseen = open.length - candidates.length;
    at.unseen.hidden = unseen === 0;
    at.unseen.textContent = unseenRecords(unseen, candidates.length);
    at.another.hidden = !lookUpDialog();
    show(at.candidates, candidates, candidate);
    for (const button of at.choice.querySelectorAll("button")) button.setAttribute("aria-disabled", String(isBusy));
  }

  function candidate(item) {
    const facts = candidateFacts(item);
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "candidate", onclick: () => choose(item) },
        h("span", { class: "name" }, "It is ", h("bdi", {}, item.name), ` (${item.table})`),
        facts && h("span", { class: "facts", dir: "auto" }, facts),
      ),
    );
  }

  async function choose(record) {
    if (isBusy || !talk) return;
    const { id } = talk;
    [isBusy, mine] = [true, record];
    at.refused.textContent = "";
    at.choosing.textContent = `Putting the texts with ${record.name} …`;
    draw();
    try {
      const other = await putOn(id, record);
      if (talk?.id === id) settle(other ? await saidOf(other) : placed(record.name));
    } catch (error) {
      if (talk?.id === id) at.refused.textContent = choiceError(error, record.name);
    }
    isBusy = false;
    at.choosing.textContent = "";
    draw();
    changed();
  }

  async function saidOf(other) {
    return meanwhile(other.record ? await nameOf(other.record) : "", other.changedBy);
  }

  function settle(sentence) {
    answered = asked;
    at.refused.textContent = "";
    at.chosen.textContent = sentence;
    at.chosen.hidden = false;
  }

  at.another.addEventListener("click", async () => {
    const chosen = isBusy ? null : await lookUp(lookUpDialog());
    if (chosen) await choose(chosen);
  });

  return {
    /** Whether somebody has chosen while this conversation is looked at. */
    isAnswered: () => answered !== "",
    /** Another conversation is looked at, or none. */
    forget() {
      [talk, asked, open, candidates, answered, mine] = [null, "", [], [], "", null];
      for (const each of [at.refused, at.chosen, at.choosing]) each.textContent = "";
      at.chosen.hidden = true;
      draw();
    },
    /** The texts are not to be seen any more. */
    hide() {
      talk = null;
      draw();
    },
    /** Bring the question up to date with the conversation and its texts. */
    async update(news, messages) {
      const wasOpen = !at.choice.hidden;
      talk = news;
      if (!talk.isPlaced) await learn(messages).catch(() => {}); // nobody should miss texts for it; it is tried again
      else if (wasOpen && !isBusy) settle(mine && talk.record?.id === mine.id ? placed(mine.name) : await saidOf(talk));
      draw();
    },
  };
}

async function rowsOf({ path, ...about }) {
  try {
    return { ...about, rows: (await get(path)).value };
  } catch (error) {
    if (error.kind === "forbidden") return { ...about, rows: [] }; // a table that is not for this reader
    throw error;
  }
}
