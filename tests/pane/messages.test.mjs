import assert from "node:assert/strict";
import { test } from "node:test";

import { entries, firstUnread, inOrder, isOff, merged, message, sentOn } from "../../pane/messages.js";

const at = (minute) => `2026-11-20T09:${String(minute).padStart(2, "0")}:00Z`;
const text = (id, minute, more = {}) => ({
  id,
  incoming: true,
  text: id,
  arrivedOn: at(minute),
  createdOn: at(minute),
  order: 1,
  ...more,
});
const ids = (messages) => messages.map((each) => each.id);

test("a row becomes a text", () => {
  const row = {
    "@odata.etag": 'W/"4711"',
    txv_textmessageid: "m",
    txv_direction: 471100001,
    txv_body: "Hello",
    txv_status: 471100006,
    "txv_status@OData.Community.Display.V1.FormattedValue": "Undelivered",
    txv_failurereason: "SpamFiltered",
    txv_statusdetail: "twilio:30007",
    "_txv_sentbyid_value@OData.Community.Display.V1.FormattedValue": "Maya",
    txv_arrivedon: at(1),
    txv_arrivedms: 47,
    createdon: at(2),
    txv_mediacount: 2,
  };

  const { incoming, status, reason, detail, sender, media, arrivedOn, order } = message(row);
  assert.deepEqual(
    [incoming, status, reason, detail, sender, media, arrivedOn, order],
    [false, "Undelivered", "SpamFiltered", "twilio:30007", "Maya", 2, at(1), 47],
  );
});

test("a row of which little is known is a text all the same", () => {
  const { text: body, status, arrivedOn, media } = message({ txv_textmessageid: "m", createdon: at(2), txv_body: null });

  assert.deepEqual([body, status, arrivedOn, media], ["", "", at(2), 0]);
});

test("a status of a later release is called as Dataverse calls it", () => {
  const row = { txv_status: 471100042, "txv_status@OData.Community.Display.V1.FormattedValue": "Read" };

  assert.equal(message(row).status, "Read");
});

test("texts come by arrival, however late they were stored, each once", () => {
  const late = text("late", 1, { createdOn: at(9) });
  const messages = [text("c", 3), text("b2", 2, { order: 8 }), late, text("b1", 2, { order: 5 }), text("c", 3)];

  assert.deepEqual(ids(inOrder(messages)), ["late", "b1", "b2", "c"]);
});

test("texts that arrive in another order than they were sent in stand as they arrived", () => {
  const messages = [text("sent second", 1, { providerTime: at(1) }), text("sent first", 2, { providerTime: at(0) })];

  assert.deepEqual(ids(inOrder(messages)), ["sent second", "sent first"]);
});

test("a provider's clock that is hours off moves no text", () => {
  const hours = (off) => new Date(Date.parse(at(2)) + off * 3_600_000).toISOString();
  const messages = [text("a", 1, { providerTime: hours(7) }), text("b", 2, { providerTime: hours(-5) }), text("c", 3)];

  assert.deepEqual(ids(inOrder(messages.toReversed())), ["a", "b", "c"]);
});

test("texts of the same second keep their order, whatever is written to them later", () => {
  const row = (id, ms, etag) => message({ txv_textmessageid: id, "@odata.etag": `W/"${etag}"`, txv_arrivedon: at(1), txv_arrivedms: ms, createdon: at(1) });
  const ours = row("a reply, of an unknown millisecond", undefined, 3);

  assert.deepEqual(ids(inOrder([ours, row("z", 10, 1), row("b", 20, 2)])), ["z", "b", ours.id]);
  assert.deepEqual(ids(inOrder([row("b", 20, 2), row("z", 10, 99), ours])), ["z", "b", ours.id]);
});

test("texts of which only the second is known stand in an order that stays", () => {
  const [one, other] = [text("one", 1), text("other", 1)];

  assert.deepEqual(ids(inOrder([one, other])), ids(inOrder([other, one])));
});

test("a newest page replaces what it covers and leaves what is older", () => {
  const known = [text("older", 1), text("gone", 5), text("changed", 6, { status: "Sent" })];
  const page = [text("changed", 6, { status: "Delivered" }), text("new", 7), text("first of page", 4)];

  const after = merged(known, page, false);
  assert.deepEqual(ids(after), ["older", "first of page", "changed", "new"]);
  assert.equal(after[2].status, "Delivered");
});

test("a page that is all there is replaces everything", () => {
  assert.deepEqual(ids(merged([text("gone", 1)], [text("only", 2)], true)), ["only"]);
  assert.deepEqual(merged([text("gone", 1)], [], true), []);
});

test("the unread ones are the newest incoming ones", () => {
  const messages = [text("a", 1), text("b", 2), text("ours", 3, { incoming: false }), text("c", 4)];

  assert.equal(firstUnread(messages, 2), "b");
  assert.equal(firstUnread(messages, 9), "a");
  assert.equal(firstUnread(messages, 0), null);
  assert.equal(firstUnread([], 1), null);
});

test("days stand between texts, and a line above what is new", () => {
  const now = new Date(2026, 10, 20, 15);
  const on = (day, hour) => new Date(2026, 10, day, hour).toISOString();
  const messages = [text("a", 0, { arrivedOn: on(19, 9) }), text("b", 0, { arrivedOn: on(20, 8) }), text("c", 0, { arrivedOn: on(20, 9) })];

  const shown = entries(messages, "c", now, "en-GB");
  assert.deepEqual(
    shown.map((each) => (each.kind === "text" ? each.id : (each.day ?? each.kind))),
    ["Yesterday", "a", "Today", "b", "new", "c"],
  );
  assert.equal(new Set(shown.map((each) => each.key)).size, shown.length);
});

test("a text is shown with the provider's time, one of ours and one without with ours", () => {
  assert.equal(sentOn(text("a", 30, { providerTime: at(5) })), at(5));
  assert.equal(sentOn(text("a", 30, { providerTime: null })), at(30));
  assert.equal(sentOn(text("a", 30, { providerTime: at(5), incoming: false })), at(30));
});

test("where the provider's time and ours are far apart, both are said, one of ours never", () => {
  assert.equal(isOff(text("a", 30, { providerTime: at(5) })), true);
  assert.equal(isOff(text("a", 5, { providerTime: at(30) })), true);
  assert.equal(isOff(text("a", 30, { providerTime: at(30) })), false);
  assert.equal(isOff(text("a", 30, { providerTime: null })), false);
  assert.equal(isOff(text("a", 30, { providerTime: at(5), incoming: false })), false);
});
