import assert from "node:assert/strict";
import { test } from "node:test";

import { rowOf, subjectOf } from "../../pane/parameters.js";

const ID = "0b000000-0000-4000-8000-00000000000a";
const handed = (data) => `?data=${encodeURIComponent(data)}`;

test("a form hands over its row, braces and capitals and all", () => {
  const search = `?type=10012&typename=txv_textconversation&id=%7b${ID.toUpperCase()}%7d&orgname=contoso&userlcid=1033`;

  assert.deepEqual(rowOf(search), { table: "txv_textconversation", id: ID });
  assert.deepEqual(subjectOf(search), { conversation: ID });
});

test("on the form of a record the page is about that record", () => {
  assert.deepEqual(subjectOf(`?typename=contact&id=${ID}`), { record: { table: "contact", id: ID, number: "" } });
});

test("a command names a record, and a number if one was chosen, encoded once or twice", () => {
  const data = JSON.stringify({ table: "lead", id: `{${ID}}`, number: "+1 (206) 555-0142 #4" });
  const record = { table: "lead", id: ID, number: "+1 (206) 555-0142 #4" };

  assert.deepEqual(subjectOf(handed(data)), { record });
  assert.deepEqual(subjectOf(handed(encodeURIComponent(data))), { record });
  assert.deepEqual(subjectOf(handed(`{"table":"opportunity","id":"${ID}"}`)), {
    record: { table: "opportunity", id: ID, number: "" },
  });
});

test("what names nothing is about nothing", () => {
  const nothing = ["", "?id=", "?id=%7b%7d", "?id=1 or 1 eq 1&typename=contact", "?data=", "?data=null", "?data=%", "?data=[]"];
  for (const search of nothing) assert.equal(subjectOf(search), null, search);
  assert.equal(subjectOf(handed(`{"table":"systemuser","id":"${ID}"}`)), null);
  assert.equal(subjectOf(handed(`{"table":"contact","id":"${ID})/x"}`)), null);
  assert.deepEqual(rowOf("?typename=txv_smsprovider"), { table: "txv_smsprovider", id: "" });
});
