import assert from "node:assert/strict";
import { test } from "node:test";

import { foundBy, sentences } from "../../pane/explanation.js";
import { named, openCandidates } from "../../pane/stored.js";

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
  '{"because": "so", "told": [], "cut": {"table": "lead"}}',
  '{"because": 7, "outcome": 8, "told": {"line": {}, "passed_over": [null, 1, {"id": 7}]}, "cut": [[], {"table": "x"}]}',
  '{"because": "so", "candidates": [{"table": "lead", "id": "x", "values": 3, "found_by": "phone", "lost_at": 9}]}',
];

test("a broken explanation, or one of a later release, is no trouble", () => {
  for (const stored of broken) {
    assert.ok(Array.isArray(sentences(stored, nobody)), stored);
    assert.ok(Array.isArray(named(stored)), stored);
    assert.deepEqual(openCandidates(stored), [], stored);
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

  assert.deepEqual(named(stored), [{ table: "lead", id: "0b" }]);
  assert.deepEqual(sentences(stored, new Map([["0b", "Ada"]])), ["Ada was chosen because so."]);
});

const [ada, bo] = ["0b000000-0000-4000-8000-00000000000a", "0b000000-0000-4000-8000-00000000000b"];
const twins = [{ table: "contact", id: ada }, { table: "contact", id: bo, lost_at: "modified" }];
const said = (more, names = [[ada, "Ada"], [bo, "Bo"]]) =>
  sentences(JSON.stringify({ because: "so", decided_by: "modified", candidates: twins, ...more }), new Map(names));

test("between whom nobody has decided is offered, and what has its place is not", () => {
  const offered = (outcome) => openCandidates(JSON.stringify({ because: "so", outcome, candidates: twins }));

  assert.deepEqual(offered("asked").map(({ id }) => id), [ada, bo]);
  assert.deepEqual(offered("waits").map(({ id }) => id), [ada, bo]);
  for (const outcome of ["record", "lead", undefined, "unheard"]) assert.deepEqual(offered(outcome), []);
});

test("where a person is asked no record is said to be chosen or found", () => {
  const stored = JSON.stringify({ because: "so", outcome: "asked", candidates: [{ ...twins[0], found_by: ["mobilephone"] }] });

  assert.equal(foundBy(stored), "");
  assert.deepEqual(said({ outcome: "asked" }), [
    "Several records carry this number and nothing but their last update tells them apart, so a person is asked.",
    "It may be Ada (contact) or Bo (contact).",
  ]);
});

test("who was told is said with the names that the reader may see", () => {
  const told = { line: "administrators", passed_over: [{ id: bo.toUpperCase(), because: "disabled" }] };

  assert.deepEqual(said({ told }).slice(-2), ["Bo was passed over: disabled.", "The administrators were told instead."]);
  assert.equal(said({ told }, []).at(-2), "Someone was passed over: disabled.");
  assert.deepEqual(named(JSON.stringify({ told })), [{ table: "systemuser", id: bo }]);
});
