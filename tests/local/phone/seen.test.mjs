import assert from "node:assert/strict";
import { test } from "node:test";

import { arrived, unseen } from "../../../local/phone/static/seen.js";

const entry = (id) => ({ id });

test("what was looked at is not counted", () => {
  assert.equal(unseen([entry("c"), entry("b"), entry("a")], ["a", "b", "gone"]), 1);
});

test("only what came since is announced, and nothing at the first look", () => {
  assert.deepEqual(arrived([entry("a")], [entry("b"), entry("a")]), [entry("b")]);
  assert.deepEqual(arrived(null, [entry("a")]), []);
  assert.deepEqual(arrived([], [entry("a")]), [entry("a")]);
});
