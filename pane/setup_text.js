// What an administrator has to do at a provider, for one account. Pure.

import { SETUP } from "./setup_steps.js";

/** The account of a provider out of a row: of the account itself, or of a number that belongs to one; null for none. */
export function accountOf(table, row) {
  const account = table === "txv_phonenumber" ? row.txv_smsproviderid : row;
  return account
    ? {
        name: account.txv_name ?? "",
        type: account.txv_type ?? "",
        inboundUrl: account.txv_inboundurl ?? "",
        statusUrl: account.txv_statusurl ?? "",
      }
    : null;
}

/** The steps with the account's URLs in them, each `{ title, where, what, value }`; none where they cannot be told. */
export function stepsOf({ type, inboundUrl, statusUrl }) {
  if (!inboundUrl || !statusUrl || !Object.hasOwn(SETUP, type)) return [];
  return SETUP[type].map((step) => ({
    ...step,
    value: step.value.replace("{inbound_url}", inboundUrl).replace("{status_url}", statusUrl),
  }));
}

/** Above the steps: what they are for, or what is missing before they can be told. */
export function intro(account) {
  if (!account) return "Choose the SMS provider of this number and save: then this page tells what to enter there.";
  const { name, type, inboundUrl, statusUrl } = account;
  if (!type) return "Enter the type of the provider and save: then this page tells what to enter there.";
  if (!Object.hasOwn(SETUP, type)) return `There is no provider of the type ${type}. Its type is one of: ${Object.keys(SETUP).join(", ")}.`;
  if (!inboundUrl || !statusUrl)
    return "The URLs of this account are not filled in yet. An administrator fills them in from the settings of Textverse.";
  return `What to do at the provider for “${name || type}”, in this order:`;
}
