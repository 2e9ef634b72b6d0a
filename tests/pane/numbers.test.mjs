import assert from "node:assert/strict";
import { test } from "node:test";

import { isSameNumber } from "../../pane/numbers.js";

const same = [
  ["+1 (206) 555-0142", "12065550142"],
  ["(206) 555-0142", "12065550142"],
  ["1-206-555-0142", "12065550142"],
  ["206.555.0142 ext. 7", "12065550142"],
  ["2065550142;ext=7", "12065550142"],
  ["206-555-0142 x7", "12065550142"],
  ["0176/04069011", "4917604069011"],
  ["0049 176 04069011", "4917604069011"],
  ["+46 (0)70-174 06 05", "46701740605"],
];
const other = [
  ["+1 206 555 0143", "12065550142"],
  ["+44 206 555 0142", "12065550142"],
  ["(206) 555-0143", "12065550142"],
  ["0142", "12065550142"],
  ["", "12065550142"],
  ["call reception", "12065550142"],
];

test("a number is the same however it is typed", () => {
  for (const [typed, digits] of same) assert.equal(isSameNumber(typed, digits), true, typed);
});

test("another number is another, and too few digits say nothing", () => {
  for (const [typed, digits] of other) assert.equal(isSameNumber(typed, digits), false, typed);
});
