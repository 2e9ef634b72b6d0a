import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../pane/api.js";
import { dayOf, errorSentence, exactly, many, problem, setupError, statusWord, tableWord, timeOf } from "../../pane/words.js";

const now = new Date(2026, 10, 20, 15, 0);
const at = (...moment) => new Date(...moment).toISOString();

test("a day is said as people say it", () => {
  assert.equal(dayOf(at(2026, 10, 20, 0, 0), now, "en-GB"), "Today");
  assert.equal(dayOf(at(2026, 10, 19, 23, 59), now, "en-GB"), "Yesterday");
  assert.match(dayOf(at(2026, 10, 3, 12), now, "en-GB"), /^Tuesday,? 3 November$/);
  assert.match(dayOf(at(2025, 10, 3, 12), now, "en-GB"), /3 November 2025$/);
});

test("no moment is said as nothing", () => {
  for (const none of [null, undefined, "", "soon"])
    assert.deepEqual([dayOf(none, now), timeOf(none), exactly(none)], ["", "", ""]);
});

test("a text without a problem has none", () => {
  for (const status of ["Received", "Queued", "Sent", "Delivered", ""]) assert.deepEqual(problem({ status, reason: "" }), []);
  assert.deepEqual(problem({ status: "Delivered", reason: "Unreachable" }), []); // it arrived after all
});

test("a reason of a later release is said in its own words, with what always helps", () => {
  const [reason, help] = problem({ status: "Failed", reason: "CarrierOnStrike" });

  assert.equal(reason, "Carrier on strike.");
  assert.match(help, /administrator/);
  assert.deepEqual(problem({ status: "Undelivered", reason: "" }), problem({ status: "Undelivered", reason: "Unknown" }));
  assert.equal(statusWord("ReadByAll"), "read by all");
});

test("every trouble with the Web API is a sentence", () => {
  for (const kind of ["away", "signedOut", "forbidden", "missing", "changed", "busy"]) {
    assert.match(errorSentence(new ApiError(kind)), /^[A-Z].+\.$/);
    assert.match(setupError(new ApiError(kind)), /^[A-Z].+\.$/);
  }
  assert.equal(errorSentence(new ApiError("refused", "No.")), "Dynamics refuses: No.");
  assert.match(errorSentence(new TypeError("x is undefined")), /Load it again/);
  assert.doesNotMatch(setupError(new ApiError("away")), /tried again/);
});

test("one is one and many are many", () => {
  assert.deepEqual([many(1, "attachment"), many(3, "attachment")], ["1 attachment", "3 attachments"]);
  assert.deepEqual([tableWord("lead"), tableWord("incident")], ["lead", "record"]);
});
