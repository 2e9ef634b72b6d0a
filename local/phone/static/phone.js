// The phone: who texts which number, what was texted, and where each text went.

import { act } from "./api.js";
import { fill, h, show } from "./dom.js";
import { freshNumber } from "./numbers.js";
import { became, justFiled, merge } from "./thread.js";
import { called, carriedBy, exactly, when } from "./words.js";

const IDEAS = [
  { label: "A question", text: "The lamp flickers since last night. Can someone come by?" },
  { label: "Emoji 🔔", text: "Ding dong! The new bell is here 🔔🎉" },
  { label: "عربي", text: "متى يصل المصباح الجديد؟" },
  { label: "STOP", text: "STOP" },
];
const TRICKS = [
  { trick: "thrice", label: "Repeat it", about: "The provider makes the same callback three times. It is stored once." },
  { trick: "forged", label: "Forge it", about: "Somebody without the secret makes the callback. It is refused with 403." },
  { trick: "together", label: "Two at once", about: "Two texts at the same moment. From someone new, they make one lead." },
];
const MOST_SENT = 60;
const PATIENCE_MS = 8000; // as long is a text expected to be filed any moment

/** Bring the phone to life; `changed` is called when something else is to be asked for, `choose` with a conversation. */
export function createPhone(company, look, { changed, choose }) {
  const at = Object.fromEntries(
    ["person", "other", "typed", "another", "typed-problem", "ours", "about", "phone-number", "thread", "ideas", "composer",
      "text", "send", "tricks"].map((id) => [id, document.getElementById(id)]),
  );
  const sent = []; // by this page: {id, text, on, calls, from, to}
  let rows = [];
  let whose = ""; // the two numbers that `rows` are between
  let last = null; // the state shown last

  function number() {
    return { new: look.fresh, other: look.typed }[look.person] ?? look.person;
  }

  function renewed() {
    const taken = [...company.people.map((person) => person.number), ...sent.map((text) => text.from)];
    return freshNumber(taken, Math.random);
  }

  function chosen() {
    const person = company.people.find((each) => each.number === look.person);
    at.other.hidden = Boolean(person);
    at.typed.hidden = look.person !== "other";
    at.another.hidden = look.person !== "new";
    at.person.querySelector("[value=new]").textContent = `Someone new · ${look.fresh}`;
    at.about.textContent = person
      ? carriedBy(person.cards)
      : look.person === "new" ? "Nobody knows this number yet, so the first text makes a lead." : "";
    const ours = company.numbers.find((each) => each.number === look.ours);
    at["phone-number"].textContent = ours ? `${ours.shown} · ${ours.provider}` : "";
  }

  async function send(trick) {
    const body = at.text.value.trim() ? at.text.value : IDEAS[0].text;
    const to = look.ours;
    at.composer.inert = at.tricks.inert = true;
    try {
      const { sender, texts } = await act("api/texts", { from: number(), to, text: body, trick });
      const on = new Date().toISOString();
      sent.push(...texts.map((text) => ({ ...text, on, from: sender, to })));
      sent.splice(0, sent.length - MOST_SENT);
      at.text.value = "";
      at["typed-problem"].textContent = "";
    } catch (error) {
      at["typed-problem"].textContent = error.message;
    }
    at.composer.inert = at.tricks.inert = false;
    grow();
    at.text.focus();
    showThread();
    changed();
  }

  function mine() {
    const from = last?.phone.number;
    return sent.filter((text) => text.from === from && text.to === look.ours);
  }

  function isWaiting() {
    const isRecent = (text) => Date.now() - Date.parse(text.on) < PATIENCE_MS;
    return merge(rows, mine()).some((text) => isRecent(text) && became(text, true)?.kind === "waiting");
  }

  function showThread() {
    if (!last) return;
    const texts = merge(rows, mine());
    const isUp = last.services.dataverse.up;
    const atEnd = at.thread.scrollHeight - at.thread.scrollTop - at.thread.clientHeight < 60;
    const items = texts.map((text) => ({ ...text, became: became(text, isUp) }));
    if (items.length) show(at.thread, items, (item) => item.id, bubble);
    else at.thread.replaceChildren(h("p", { class: "empty" }, isUp ? "No texts yet. Type one below, or choose one to try." : "Texts from before cannot be read right now, but new ones can be sent."));
    if (atEnd) at.thread.scrollTop = at.thread.scrollHeight;
  }

  function bubble(item) {
    const text = h("p", { class: "bubble", dir: "auto", title: exactly(item.on) }, item.text);
    if (!item.incoming) {
      return h("div", { class: "text theirs" }, text, h("p", { class: "meta" }, when(item.on, new Date())));
    }
    const place = item.filed
      ? h("button", { type: "button", class: "link", onclick: () => choose(item.filed.conversation) }, item.became.text)
      : item.became.text;
    return h("div", { class: `text mine ${item.became.kind}` }, text,
      item.calls.length > 0 && h("p", { class: "meta call" }, called(item.calls)),
      h("p", { class: "meta where" }, place));
  }

  function grow() {
    at.text.style.height = "auto";
    at.text.style.height = `${Math.min(at.text.scrollHeight, 110)}px`;
  }

  look.fresh ||= renewed();
  if (!number()) look.person = company.people[0]?.number ?? "new";
  if (!company.numbers.some((each) => each.number === look.ours)) look.ours = company.numbers[0]?.number ?? "";
  fill(at.person, [
    { label: "In the company’s books", options: company.people.map((each) => ({ value: each.number, label: `${each.name} · ${each.shown}` })) },
    { label: "Not in the books", options: [{ value: "new", label: "Someone new" }, { value: "other", label: "Any number …" }] },
  ]);
  fill(at.ours, [{ options: company.numbers.map((each) => ({ value: each.number, label: `${each.shown} · ${each.owner} · ${each.provider}` })) }]);
  at.person.value = look.person;
  at.ours.value = look.ours;
  at.typed.value = look.typed;
  at.ideas.append(...IDEAS.map(({ label, text }) =>
    h("button", { type: "button", dir: "auto", onclick: () => { at.text.value = text; grow(); at.text.focus(); } }, label)));
  at.tricks.append(h("span", {}, "Or misbehave:"), ...TRICKS.map(({ trick, label, about }) =>
    h("button", { type: "button", class: "quiet", title: about, "aria-description": about, onclick: () => send(trick) }, label)));
  at.person.addEventListener("change", () => { look.person = at.person.value; chosen(); changed(); if (look.person === "other") at.typed.focus(); });
  at.typed.addEventListener("input", () => { look.typed = at.typed.value; changed(); });
  at.another.addEventListener("click", () => { look.fresh = renewed(); chosen(); changed(); });
  at.ours.addEventListener("change", () => { look.ours = at.ours.value; chosen(); changed(); });
  at.composer.addEventListener("submit", (event) => { event.preventDefault(); send("none"); });
  at.text.addEventListener("input", grow);
  at.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send("none"); }
  });
  chosen();

  return {
    number,
    isWaiting,
    render(state) {
      last = state;
      const between = `${state.phone.number} ${look.ours}`;
      const before = between === whose ? rows : [];
      rows = state.phone.thread ?? before;
      const news = between === whose ? justFiled(before, rows, mine()) : null;
      whose = between;
      at["typed-problem"].textContent = look.person === "other" && look.typed ? state.phone.problem : "";
      showThread();
      if (news) choose(news);
    },
  };
}
