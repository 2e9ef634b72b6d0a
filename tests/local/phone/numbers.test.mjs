import assert from "node:assert/strict";
import { test } from "node:test";

import { freshNumber } from "../../../local/phone/static/numbers.js";

test("fresh numbers are fictional ones, from the first to the last", () => {
  for (const random of [0, 0.5, 0.999999]) assert.match(freshNumber([], () => random), /^\+1[2-9]\d{2}55501\d{2}$/);
});

test("a number that is taken is not given again", () => {
  const first = freshNumber([], () => 0);

  assert.notEqual(freshNumber([first], () => 0), first);
});
