import assert from "node:assert/strict";
import { test } from "node:test";

import { pathOf } from "../../pane/api.js";
import { messagesOf, namesOf, providerOf, relatedTo } from "../../pane/queries.js";

const filterOf = (path) => new URLSearchParams(path.slice(path.indexOf("?"))).get("$filter");

test("names are asked for once for each table that occurs, with what is asked for once", () => {
  const asked = namesOf([
    { table: "contact", id: "a" },
    { table: "contact", id: "a" },
    { table: "contact", id: "b" },
    { table: "lead", id: "c" },
    { table: "incident", id: "d" },
  ]);

  assert.deepEqual(asked.map(({ ids, id, name }) => [ids, id, name]), [
    [["a", "b"], "contactid", "fullname"],
    [["c"], "leadid", "fullname"],
  ]);
  assert.equal(filterOf(asked[0].path), "contactid eq a or contactid eq b");
  assert.deepEqual(namesOf([]), []);
});

test("what goes with a conversation has the customer or the person in common", () => {
  const person =
    "_regardingobjectid_value eq p or regardingobjectid_opportunity_txv_textconversation/_parentcontactid_value eq p";

  assert.equal(filterOf(relatedTo({ contact: "", digits: "12065550187" })), "txv_customerdigits eq '12065550187'");
  assert.equal(filterOf(relatedTo({ contact: "p", digits: "" })), person);
  assert.equal(filterOf(relatedTo({ contact: "p", digits: "O'Neil" })), `txv_customerdigits eq 'O''Neil' or ${person}`);
});

test("the texts of a conversation come the newest first, and paths hold nothing that has to be encoded", () => {
  const path = messagesOf("0b000000-0000-4000-8000-00000000000a");

  assert.match(decodeURIComponent(path), /\$orderby=createdon desc,txv_textmessageid$/);
  assert.doesNotMatch(path, /[ '"<>]/);
});

test("the account of a number is asked for with the number", () => {
  assert.match(providerOf({ table: "txv_phonenumber", id: "n" }), /^txv_phonenumbers\(n\).+\$expand=txv_smsproviderid/);
  assert.match(providerOf({ table: "txv_smsprovider", id: "p" }), /^txv_smsproviders\(p\)/);
});

test("a next page is asked for where the first one was, whoever the link names", () => {
  const link = "https://elsewhere.example/api/data/v9.2/txv_textmessages?$select=a&$skiptoken=%3Ccookie%20pagenumber=%222%22%3E";

  assert.equal(pathOf(link), "txv_textmessages?$select=a&$skiptoken=%3Ccookie%20pagenumber=%222%22%3E");
});
