import assert from "node:assert/strict";
import { test } from "node:test";

import { conversation, latestFirst, meant } from "../../pane/conversations.js";

const FORMATTED = "@OData.Community.Display.V1.FormattedValue";
const TARGET = "@Microsoft.Dynamics.CRM.lookuplogicalname";

test("a row becomes a conversation about its record", () => {
  const row = {
    activityid: "c",
    "@odata.etag": 'W/"1"',
    subject: "Text messages with +12065550187",
    txv_customer: "+12065550187",
    txv_customerdigits: "12065550187",
    txv_ourdigits: "12065550100",
    txv_unreadcount: 2,
    _regardingobjectid_value: "r",
    [`_regardingobjectid_value${TARGET}`]: "contact",
    [`_ownerid_value${FORMATTED}`]: "Maya",
  };

  const { record, ours, owner, unread } = conversation(row);
  assert.deepEqual([record, ours, owner, unread], [{ table: "contact", id: "r" }, "+12065550100", "Maya", 2]);
  assert.equal(conversation({ ...row, [`_txv_phonenumberid_value${FORMATTED}`]: "West" }).ours, "West");
  assert.equal(conversation({ ...row, txv_ourdigits: "24273" }).ours, "24273");
});

test("a conversation on no record, or on one of a kind that we do not know, has none", () => {
  assert.equal(conversation({ activityid: "c" }).record, null);
  assert.equal(conversation({ _regardingobjectid_value: "r", [`_regardingobjectid_value${TARGET}`]: "incident" }).record, null);
});

test("the conversation that is meant has the number that was chosen", () => {
  const found = [{ id: "latest", customerDigits: "12065550100" }, { id: "other", customerDigits: "12065550142" }];

  assert.equal(meant(found, "(206) 555-0142").id, "other");
  assert.equal(meant(found, "").id, "latest");
  assert.equal(meant(found, "+44 20 7946 0000"), null);
  assert.equal(meant([], ""), null);
});

test("the latest comes first, one without texts last, each once", () => {
  const found = [
    { id: "old", on: "2026-11-01T00:00:00Z" },
    { id: "none", on: null },
    { id: "new", on: "2026-11-20T00:00:00Z" },
    { id: "old", on: "2026-11-01T00:00:00Z" },
  ];

  assert.deepEqual(latestFirst(found).map((each) => each.id), ["new", "old", "none"]);
});
