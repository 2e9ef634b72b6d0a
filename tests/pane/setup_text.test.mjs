import assert from "node:assert/strict";
import { test } from "node:test";

import { SETUP } from "../../pane/setup_steps.js";
import { accountOf, intro, stepsOf } from "../../pane/setup_text.js";

const row = { txv_name: "Main", txv_type: "twilio", txv_inboundurl: "https://x/inbound", txv_statusurl: "https://x/status" };

test("an account is read off its own row, or off that of a number", () => {
  const account = { name: "Main", type: "twilio", inboundUrl: "https://x/inbound", statusUrl: "https://x/status" };

  assert.deepEqual(accountOf("txv_smsprovider", row), account);
  assert.deepEqual(accountOf("txv_phonenumber", { txv_name: "West", txv_smsproviderid: row }), account);
  assert.equal(accountOf("txv_phonenumber", { txv_smsproviderid: null }), null);
});

test("the steps have the account's URLs in them", () => {
  for (const type of Object.keys(SETUP)) {
    const values = stepsOf({ ...accountOf("txv_smsprovider", row), type }).map((step) => step.value);

    assert.equal(values.length, SETUP[type].length);
    assert.ok(values.some((value) => value.startsWith("https://x/inbound")));
    assert.doesNotMatch(values.join(), /[{}]/);
  }
});

test("what is missing before the steps can be told is said", () => {
  const account = accountOf("txv_smsprovider", row);
  const missing = [null, { ...account, type: "" }, { ...account, type: "vonage" }, { ...account, inboundUrl: "" }];

  for (const each of missing) assert.doesNotMatch(intro(each), /in this order/);
  assert.match(intro({ ...account, type: "vonage" }), /acs, telesign, twilio/);
  assert.match(intro(account), /^What to do at the provider for “Main”/);
  assert.deepEqual(stepsOf({ ...account, statusUrl: "" }), []);
  assert.deepEqual(stepsOf({ ...account, type: "toString" }), []);
});
