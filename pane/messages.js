// Texts: rows of the Web API → what the page shows, in order. Pure.

import { dayOf } from "./words.js";

const FORMATTED = "@OData.Community.Display.V1.FormattedValue";
const FIRST_OPTION = 471_100_000; // the publisher's option prefix 47110
export const DIRECTIONS = ["Incoming", "Outgoing"]; // in the order of their option values
export const STATUSES = [
  "Received",
  "Scheduled",
  "Queued",
  "Sending",
  "Sent",
  "Delivered",
  "Undelivered",
  "Failed",
  "Unconfirmed",
];
const CLOCKS_AGREE_MS = 60_000; // beyond that it is worth saying both when a text was sent and when it arrived
const AFTERWARDS = 1_000; // what was stored without its milliseconds comes after what arrived in the same second

/** A row as a text; `arrivedOn` is what it is sorted by, `order` what tells those of one second apart: it never changes. */
export function message(row) {
  const text = row.txv_body ?? "";
  return {
    id: row.txv_textmessageid,
    incoming: row.txv_direction === FIRST_OPTION,
    text,
    from: row.txv_from ?? "",
    sender: row[`_txv_sentbyid_value${FORMATTED}`] ?? "",
    status: STATUSES[row.txv_status - FIRST_OPTION] ?? row[`txv_status${FORMATTED}`] ?? "",
    reason: row.txv_failurereason ?? "",
    detail: row.txv_statusdetail ?? "",
    media: row.txv_mediacount ?? 0,
    arrivedOn: row.txv_arrivedon ?? row.createdon,
    createdOn: row.createdon,
    providerTime: row.txv_providertime ?? null,
    scheduledFor: row.txv_scheduledfor ?? null,
    order: row.txv_arrivedms ?? AFTERWARDS,
  };
}

/**
 * What is known, brought up to date with the newest page of texts. What the page no longer has although it should is
 * gone; what is older than the page stays. `isAll` says that the page holds everything there is.
 */
export function merged(known, page, isAll) {
  const news = new Set(page.map((each) => each.id));
  const oldest = Math.min(...page.map((each) => Date.parse(each.createdOn)));
  const kept = isAll ? [] : known.filter((each) => !news.has(each.id) && Date.parse(each.createdOn) <= oldest);
  return inOrder([...kept, ...page]);
}

/** By arrival; providers keep no order, and their clocks are theirs. What is written to a text later moves none. Each once. */
export function inOrder(messages) {
  const once = [...new Map(messages.map((each) => [each.id, each])).values()];
  return once.sort(
    (one, other) =>
      Date.parse(one.arrivedOn) - Date.parse(other.arrivedOn) ||
      one.order - other.order ||
      Date.parse(one.createdOn) - Date.parse(other.createdOn) ||
      (one.id < other.id ? -1 : 1),
  );
}

/** The first of the `unread` newest incoming texts; null where all have been read. */
export function firstUnread(messages, unread) {
  const incoming = messages.filter((each) => each.incoming);
  return unread > 0 ? (incoming.at(-unread) ?? incoming[0] ?? null)?.id ?? null : null;
}

/** What the list shows, each with a `key`: days, the line above what is new, texts. */
export function entries(messages, newFrom, now, locale) {
  const shown = [];
  let day = "";
  for (const each of messages) {
    const on = dayOf(each.arrivedOn, now, locale);
    if (on !== day) shown.push({ kind: "day", key: `day ${on}`, day: on });
    day = on;
    if (each.id === newFrom) shown.push({ kind: "new", key: "new" });
    shown.push({ kind: "text", key: each.id, ...each });
  }
  return shown;
}

/** When a text was sent, by the provider's clock where that is known; it is sorted by when it arrived. */
export function sentOn({ incoming, providerTime, arrivedOn }) {
  return incoming ? (providerTime ?? arrivedOn) : arrivedOn;
}

/** Whether a text arrived so much later than it was sent, or by so different a clock, that both times are worth saying. */
export function isOff(text) {
  return Math.abs(Date.parse(text.arrivedOn) - Date.parse(sentOn(text))) > CLOCKS_AGREE_MS;
}
