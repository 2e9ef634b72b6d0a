// The conversation page: which conversation is meant, its texts, and keeping them up to date while it is looked at.

import { ApiError, get, patch, pathOf } from "./api.js";
import { createChoice } from "./choice.js";
import { conversation, meant } from "./conversations.js";
import { createEnclosed } from "./enclosed.js";
import { foundBy, sentences } from "./explanation.js";
import { entries, firstUnread, inOrder, merged, message } from "./messages.js";
import { createNames } from "./names.js";
import { subjectOf } from "./parameters.js";
import { ANY_MESSAGE, PAGE, conversationPath, messagesOf, ofRecord, routingOf } from "./queries.js";
import { relatedOf } from "./related.js";
import { named } from "./stored.js";
import { createView } from "./view.js";
import { errorSentence, tableWord } from "./words.js";

const PAUSE_MS = 10_000;
const GONE = new Set(["forbidden", "missing"]);

const GIVEN_AWAY = "They belong to the owner of that record now. If you may see them too, they appear here in a moment.";

const names = createNames();
const enclosed = createEnclosed();
const view = createView({ explain, fileOf: enclosed.file });
const choice = createChoice({ changed, nameOf });
const subject = subjectOf(location.search);
let opened = null; // the conversation that is shown; null: none yet
let related = []; // the conversations that go with it, it among them
let turn = 0; // grows with every conversation that is opened: answers about another one come too late
let timer = 0;
let isRefreshing = false;

function open(id) {
  turn += 1;
  opened = { id, talk: null, messages: [], next: null, newFrom: null, mayMark: true, cameBack: false };
  choice.forget();
  view.showInstead("Loading …");
}

/** What is shown is out of date: an answer that is on its way does not count. */
function changed() {
  turn += 1;
  return refresh();
}

async function nameOf(record) {
  await names.learn([record]);
  return names.get(record.id);
}

/** Bring what is shown up to date, and look again after a pause as long as somebody looks. */
async function refresh() {
  if (isRefreshing) return;
  isRefreshing = true;
  clearTimeout(timer);
  const mine = turn;
  const pause = await attempt(opened ? reload : find);
  isRefreshing = false;
  if (mine !== turn) await refresh();
  else if (pause && document.visibilityState === "visible") timer = setTimeout(refresh, pause);
}

/** The conversation of the record that was asked for, if there is one by now. */
async function find() {
  const { record } = subject;
  const found = (await get(ofRecord(record.id))).value.map(conversation);
  related = await relatedOf({ record }, found);
  const first = meant(found, record.number);
  if (first) return open(first.id);
  await names.learn([record, ...related.map((each) => each.record)].filter(Boolean));
  const title = names.get(record.id) || `A ${tableWord(record.table)}`;
  view.showHead({ title, table: record.table, customer: record.number }, choices(), "");
  const whom = record.number ? `${title} at ${record.number}` : title;
  return view.showInstead(`There are no texts with ${whom} yet.`, "When there is one, it appears here.");
}

async function reload() {
  const mine = turn;
  // The conversation first: then the texts hold at least those that it counts as unread.
  const talk = conversation(await get(conversationPath(opened.id)).catch(tellApart));
  const page = await get(messagesOf(opened.id), { page: PAGE });
  const isFirst = !opened.talk;
  const others = isFirst ? await relatedOf({ record: talk.record, digits: talk.customerDigits }, [talk, ...related]) : related;
  const messages = page.value.map(message);
  const records = [talk, ...others].map((each) => each.record).filter(Boolean);
  await Promise.all([names.learn(records), enclosed.learn(messages)]);
  if (mine !== turn) return;
  related = others;
  takeIn(talk, messages, page["@odata.nextLink"]);
  await Promise.all([markRead(talk), choice.update(talk, opened.messages)]);
}

/** Dataverse refuses alike one without the role and one who may not see this row; but the first may read no text at all. */
async function tellApart(error) {
  if (error.kind !== "forbidden") throw error;
  await get(ANY_MESSAGE);
  throw new ApiError("missing");
}

function takeIn(talk, messages, next) {
  const isFirst = !opened.talk;
  const before = new Set(opened.messages.map((each) => each.id));
  if (isFirst) opened.next = next ? pathOf(next) : null;
  opened.messages = merged(opened.messages, messages, !next);
  if (talk.unread > 0 && (opened.cameBack || !opened.newFrom)) opened.newFrom = firstUnread(opened.messages, talk.unread);
  opened.talk = talk;
  opened.cameBack = false;
  view.showHead({ ...talk, title: titleOf(talk), table: talk.record?.table }, choices(), talk.id);
  if (!opened.messages.length) return view.showInstead("There are no texts in this conversation yet.");
  view.showTexts(shown(), { isFirst, hasOlder: Boolean(opened.next) });
  return isFirst || announce(opened.messages.filter((each) => each.incoming && !before.has(each.id)));
}

function shown() {
  const customer = titleOf(opened.talk);
  const full = opened.messages.map((each) => ({ ...each, who: each.incoming ? customer : each.sender, ...cameWith(each) }));
  return entries(full, opened.newFrom, new Date());
}

function cameWith({ id, media }) {
  return media ? { attachments: enclosed.of(id), isForbidden: enclosed.isForbidden() } : {};
}

function announce(news) {
  const last = news.at(-1);
  if (last) view.announce(`${news.length > 1 ? `${news.length} new texts. ` : ""}${titleOf(opened.talk)}: ${last.text}`);
}

/** What is looked at has been read, unless another text came meanwhile: the version says so. */
async function markRead(talk) {
  if (!talk.unread || !opened.mayMark || document.visibilityState !== "visible") return;
  try {
    await patch(`txv_textconversations(${talk.id})`, { txv_unreadcount: 0 }, talk.etag);
  } catch (error) {
    opened.mayMark = !GONE.has(error.kind); // one who may only look changes nothing
  }
}

async function showOlder() {
  const mine = turn;
  view.at.older.disabled = true;
  await attempt(async () => {
    const page = await get(opened.next, { page: PAGE });
    const [next, older] = [page["@odata.nextLink"], page.value.map(message)];
    await enclosed.learn(older);
    if (mine !== turn) return;
    opened.next = next ? pathOf(next) : null;
    opened.messages = inOrder([...older, ...opened.messages]);
    view.showOlder(shown(), Boolean(opened.next));
  });
  view.at.older.disabled = false;
  if (view.at.older.hidden) view.at.texts.focus(); // the focus must not vanish with the button
}

async function explain(id) {
  try {
    const stored = (await get(routingOf(id))).txv_routing;
    await names.learn(named(stored));
    const [first, ...others] = sentences(stored, names);
    const said = [first, foundBy(stored), ...others].filter(Boolean);
    return { sentences: said.length ? said : ["No reason is stored with this text."] };
  } catch (error) {
    return { sentences: [errorSentence(error)], failed: true };
  }
}

function titleOf({ record, customer, subject: called }) {
  return names.get(record?.id) || customer || called;
}

function choices() {
  const found = related.map((each) => {
    const facts = [titleOf(each), each.record && tableWord(each.record.table), each.ours && `on ${each.ours}`];
    return { key: each.id, label: facts.filter(Boolean).join(" · ") };
  });
  return opened || !found.length ? found : [{ key: "", label: "Choose …" }, ...found];
}

/** Do it; returns after how many milliseconds it is worth trying again, 0 for never. Where it fails, say why. */
async function attempt(work) {
  try {
    await work();
    view.complain("");
    return PAUSE_MS;
  } catch (error) {
    if (!(error instanceof ApiError)) console.error(error); // a defect of this page
    if (GONE.has(error.kind)) {
      if (opened) Object.assign(opened, { talk: null, messages: [] }); // what may not be seen is not kept either
      view.at.head.hidden = true;
      choice.hide();
      enclosed.forget();
      view.showInstead(choice.isAnswered() ? GIVEN_AWAY : errorSentence(error));
      view.complain("");
    } else {
      if (!opened?.talk) view.showInstead("The texts cannot be shown right now.");
      view.complain(errorSentence(error));
    }
    return error.kind === "signedOut" ? 0 : Math.max(PAUSE_MS, error.retryAfterMs ?? 0);
  }
}

function comeBack() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  if (opened) opened.cameBack = true;
  refresh();
}

function choose() {
  const id = view.at.related.value;
  if (!id) return;
  open(id);
  refresh();
}

if (subject) {
  if (subject.conversation) open(subject.conversation);
  document.addEventListener("visibilitychange", comeBack);
  view.at.related.addEventListener("change", choose);
  view.at.older.addEventListener("click", showOlder);
  view.at.again.addEventListener("click", refresh);
  refresh();
} else view.showInstead("The texts of a conversation appear here once it has been saved.");
