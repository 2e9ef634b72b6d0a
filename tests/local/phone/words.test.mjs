import assert from "node:assert/strict";
import { test } from "node:test";

import { called, carriedBy, many, plain, spaced, when } from "../../../local/phone/static/words.js";

const now = new Date(2026, 10, 20, 15, 0);
const at = (...moment) => new Date(2026, ...moment).toISOString();

test("a moment is said shorter the nearer it is", () => {
  assert.equal(when(at(10, 20, 14, 5), now, "en-GB"), "14:05");
  assert.equal(when(at(10, 20, 0, 0), now, "en-GB"), "00:00");
  assert.equal(when(at(10, 19, 23, 59), now, "en-GB"), "yesterday 23:59");
  assert.equal(when(at(10, 3, 14, 5), now, "en-GB"), "3 Nov 14:05");
});

test("no moment is said as nothing", () => {
  for (const none of [null, undefined, "", "soon"]) assert.equal(when(none, now), "");
});

test("escaped brackets of a notification are shown as brackets, and its markup as it is", () => {
  assert.equal(plain("\\[link\\](x) **bold** <b>"), "[link](x) **bold** <b>");
});

test("what was called is said with every different answer", () => {
  const call = { provider: "Twilio", method: "POST", path: "/api/callbacks/twilio-demo/inbound", status: 200, reason: "OK", answer: "TwiML" };

  assert.equal(called([call]), "Twilio called POST …/twilio-demo/inbound → 200 OK, TwiML");
  assert.equal(called([call, call, call]), "Twilio called 3 times POST …/twilio-demo/inbound → 200 OK, TwiML");
  assert.match(called([call, { ...call, status: 503, reason: "Service Unavailable", answer: "no body" }]),
    /→ 200 OK, TwiML \/ 503 Service Unavailable, no body$/);
});

test("records are told by their owners", () => {
  const cards = [
    { owner: "Maya", table: "account", name: "Wick & Sons" },
    { owner: "Tom", table: "opportunity", name: "Refit" },
    { owner: "Maya", table: "lead", name: "Wilma Wick" },
  ];

  assert.equal(carriedBy(cards), "Maya’s account Wick & Sons, lead Wilma Wick. Tom’s opportunity Refit.");
});

test("machine words become words", () => {
  assert.equal(spaced("SpamFiltered"), "spam filtered");
  assert.equal(spaced("NotAMobile"), "not a mobile");
});

test("one is one and many are many", () => {
  assert.deepEqual([many(1, "event"), many(0, "event"), many(2, "event")], ["1 event", "0 events", "2 events"]);
});
