import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../pane/api.js";
import { offered } from "../../pane/candidates.js";
import { conversation } from "../../pane/conversations.js";
import { factsOf } from "../../pane/queries.js";
import { candidateFacts, choiceError, meanwhile } from "../../pane/words.js";

const FORMATTED = "@OData.Community.Display.V1.FormattedValue";
const record = (table, id) => ({ table, id });
const contacts = {
  table: "contact",
  id: "contactid",
  name: "fullname",
  about: "_parentcustomerid_value",
  rows: [
    { contactid: "b", fullname: "Bo", statecode: 1, [`statecode${FORMATTED}`]: "Inactive", modifiedon: "2026-11-20T09:00:00Z" },
    { contactid: "a", fullname: "Ada", "_parentcustomerid_value": "x", [`_parentcustomerid_value${FORMATTED}`]: "Wick & Sons" },
  ],
};
const leads = { table: "lead", id: "leadid", name: "fullname", about: "companyname", rows: [{ leadid: "l", fullname: null, companyname: "Quist" }] };

test("what may be read is offered in the order of routing, each with what it is about", () => {
  const all = [record("lead", "l"), record("contact", "a"), record("contact", "unseen"), record("contact", "b")];

  const found = offered(all, [contacts, leads]);
  assert.deepEqual(
    found.map(({ key, name, about, state }) => [key, name, about, state]),
    [
      ["l", "A lead without a name", "Quist", ""],
      ["a", "Ada", "Wick & Sons", ""],
      ["b", "Bo", "", "Inactive"],
    ],
  );
});

test("the facts of a record are said in a line, those that are there", () => {
  assert.equal(candidateFacts({ about: "", owner: "", state: "", updatedOn: null }), "");
  const line = candidateFacts({ about: "Wick", owner: "Maya", state: "Won", updatedOn: "2026-11-20T09:00:00Z" }, "en-GB");
  assert.match(line, /^Wick · owned by Maya · Won · updated 20 Nov 2026, \d\d:00$/);
});

test("facts are asked for once for each table that occurs", () => {
  const asked = factsOf([record("contact", "a"), record("contact", "b"), record("account", "c"), record("incident", "d")]);

  assert.deepEqual(asked.map(({ table, about }) => [table, about]), [
    ["contact", "_parentcustomerid_value"],
    ["account", "address1_city"],
  ]);
  assert.match(asked[0].path, /^contacts\?\$select=contactid,fullname,_parentcustomerid_value,statecode,modifiedon,_ownerid_value&\$filter=/);
});

test("every reason for which a choice fails says the next step, and never that it will be tried again", () => {
  for (const kind of ["away", "signedOut", "forbidden", "missing", "changed", "busy", "refused"]) {
    const said = choiceError(new ApiError(kind, "It rains"), "$& Ada");
    assert.match(said, /[Cc]hoose (again|another record)/, kind);
    assert.doesNotMatch(said, /tried again|NAME/, kind);
  }
  assert.match(choiceError(new ApiError("missing"), "$& Ada"), /^\$& Ada is not there any more/);
});

test("who was first is said where it is known", () => {
  assert.equal(meanwhile("Ada", "Tom"), "Somebody else was first: the texts are with Ada now. Last changed by Tom.");
  assert.equal(meanwhile("", ""), "Somebody else was first: the texts are with another record now.");
});

test("a conversation on a record of another table is placed too", () => {
  const row = (table) => ({ _regardingobjectid_value: "x", "_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname": table });

  assert.deepEqual([conversation(row("incident")).isPlaced, conversation(row("incident")).record], [true, null]);
  assert.equal(conversation({}).isPlaced, false);
});
