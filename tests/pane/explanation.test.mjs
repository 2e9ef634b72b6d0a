import assert from "node:assert/strict";
import { test } from "node:test";

import { foundBy, records, sentences } from "../../pane/explanation.js";

const nobody = new Map();
const broken = [
  null,
  "",
  "no JSON",
  "[]",
  '"x"',
  "{}",
  '{"candidates": 7}',
  '{"because": "so", "candidates": [null, 3, {"table": "incident", "id": "x"}, {"table": "contact"}]}',
  '{"because": "so", "candidates": [{"table": "lead", "id": "x", "values": 3, "found_by": "phone", "lost_at": 9}]}',
];

test("a broken explanation, or one of a later release, is no trouble", () => {
  for (const stored of broken) {
    assert.ok(Array.isArray(sentences(stored, nobody)), stored);
    assert.ok(Array.isArray(records(stored)), stored);
    assert.equal(typeof foundBy(stored), "string", stored);
  }
  assert.deepEqual(sentences(null, nobody), []);
});

test("the chosen record is said to be found by its columns", () => {
  const stored = JSON.stringify({ because: "so", candidates: [{ table: "lead", id: "x", found_by: ["mobilephone", "a conversation"] }] });

  assert.equal(foundBy(stored), "It was found by its mobile phone and a conversation.");
  assert.equal(foundBy("{}"), "");
});

test("names are found whatever the case of the id", () => {
  const stored = JSON.stringify({ because: "so", candidates: [{ table: "lead", id: "0B" }] });

  assert.deepEqual(records(stored), [{ table: "lead", id: "0b" }]);
  assert.deepEqual(sentences(stored, new Map([["0b", "Ada"]])), ["Ada was chosen because so."]);
});
