// The phone: what was texted, and where each text went.

import { act } from "./api.js";
import { h, show } from "./dom.js";
import { became, newestFiled, merge } from "./thread.js";
import { called, exactly, when } from "./words.js";

const IDEAS = [
  { label: "A question", text: "The lamp flickers since last night. Can someone come by?" },
  { label: "Emoji 🔔", text: "Ding dong! The new bell is here 🔔🎉" },
  { label: "عربي", text: "متى يصل المصباح الجديد؟" },
  { label: "STOP", text: "STOP" },
];
const TRICKS = [
  {
    trick: "thrice",
    label: "Repeat it",
    about: "The provider makes the same callback three times. It is stored once.",
  },
  {
    trick: "forged",
    label: "Forge it",
    about: "Somebody without the secret makes the callback. It is refused with 403.",
  },
  {
    trick: "together",
    label: "Two at once",
    about: "Two texts at the same moment. From someone new, they make one lead.",
  },
];
const MOST_SENT = 60;
const PATIENCE_MS = 8000; // as long is a text expected to be filed any moment
const MOST_HEIGHT_PX = 110;

/** Bring the phone to life; `changed` is called after a text was sent, `choose` with the conversation that it went to. */
export function createPhone(chooser, look, { changed, choose }) {
  const at = Object.fromEntries(
    ["thread", "ideas", "composer", "text", "tricks"].map((id) => [id, document.getElementById(id)]),
  );
  const sent = []; // by this page: {id, text, on, calls, from, to}
  const awaited = new Set(); // ids of those that have not been seen in Dataverse yet
  let rows = []; // the texts in Dataverse
  let whose = ""; // the two numbers that they are between
  let state = null;
  let trouble = ""; // why the last text could not be sent

  function mine() {
    return sent.filter((text) => text.from === state?.phone.number && text.to === look.ours);
  }

  async function send(trick) {
    const to = look.ours;
    const typed = at.text.value;
    write("");
    at.text.focus();
    try {
      const body = { from: chooser.number(), to, text: typed.trim() ? typed : IDEAS[0].text, trick };
      const { sender, texts } = await act("api/texts", body);
      const on = new Date().toISOString();
      sent.push(...texts.map((text) => ({ ...text, on, from: sender, to })));
      sent.splice(0, sent.length - MOST_SENT);
      texts.forEach((text) => awaited.add(text.id));
      trouble = "";
    } catch (error) {
      trouble = error.message;
      chooser.complain(trouble);
      if (!at.text.value) write(typed);
    }
    showThread();
    changed();
  }

  function showThread() {
    if (!state) return;
    const isUp = state.services.dataverse.up;
    const isAtEnd = at.thread.scrollHeight - at.thread.scrollTop - at.thread.clientHeight < 60;
    const items = merge(rows, mine()).map((text) => ({ ...text, became: became(text, isUp) }));
    if (items.length) show(at.thread, items, (item) => item.id, bubble);
    else at.thread.replaceChildren(h("p", { class: "empty" }, isUp ? NOTHING : NOT_NOW));
    if (isAtEnd) at.thread.scrollTop = at.thread.scrollHeight;
  }

  function bubble({ text, on, incoming, calls, filed, became: fate }) {
    const said = h("p", { class: "bubble", dir: "auto", title: exactly(on) }, text);
    if (!incoming) return h("div", { class: "text theirs" }, said, h("p", { class: "meta" }, when(on, new Date())));
    const open = () => choose(filed.conversation);
    const place = filed ? h("button", { type: "button", class: "link", onclick: open }, fate.text) : fate.text;
    const call = calls.length > 0 && h("p", { class: "meta call" }, called(calls));
    return h("div", { class: `text mine ${fate.kind}` }, said, call, h("p", { class: "meta where" }, place));
  }

  function write(text) {
    at.text.value = text;
    grow();
  }

  function grow() {
    at.text.style.height = "auto";
    at.text.style.height = `${Math.min(at.text.scrollHeight, MOST_HEIGHT_PX)}px`;
  }

  function idea({ label, text }) {
    const taken = () => {
      write(text);
      at.text.focus();
    };
    return h("button", { type: "button", dir: "auto", onclick: taken }, label);
  }

  function trick({ trick: how, label, about }) {
    const props = { type: "button", class: "quiet", title: about, "aria-description": about, onclick: () => send(how) };
    return h("button", props, label);
  }

  at.ideas.append(...IDEAS.map(idea));
  at.tricks.append(h("span", {}, "Or misbehave:"), ...TRICKS.map(trick));
  at.text.addEventListener("input", grow);
  at.text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send("none");
  });
  at.composer.addEventListener("submit", (event) => {
    event.preventDefault();
    send("none");
  });

  return {
    /** Whether a text of this page is expected to be filed any moment. */
    isWaiting() {
      const isRecent = (text) => Date.now() - Date.parse(text.on) < PATIENCE_MS;
      return merge(rows, mine()).some((text) => isRecent(text) && became(text, true)?.kind === "waiting");
    },
    /** Show the state; texts that cannot be read right now stay as they were. */
    render(news) {
      state = news;
      const between = `${state.phone.number} ${look.ours}`;
      rows = state.phone.thread ?? (between === whose ? rows : []);
      whose = between;
      chooser.complain(state.phone.problem || trouble);
      showThread();
      const filed = newestFiled(rows, awaited);
      if (!filed) return;
      rows.forEach((row) => awaited.delete(row.id));
      choose(filed.filed.conversation);
    },
  };
}

const NOTHING = "No texts yet. Type one below, or choose one to try.";
const NOT_NOW = "Texts from before cannot be read right now, but new ones can be sent.";
