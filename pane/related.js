// The other conversations that go with one.

import { get } from "./api.js";
import { conversation, latestFirst } from "./conversations.js";
import { personOf, relatedTo } from "./queries.js";

/**
 * Those with the same customer, and those of the person it is about and of that person's opportunities; with the ones
 * that are `known` already, the latest first. Just those where the others cannot be had: nobody should miss texts for it.
 */
export async function relatedOf({ record, digits }, known) {
  try {
    const contact = await personBehind(record);
    if (!contact && !digits) return latestFirst(known);
    const found = (await get(relatedTo({ contact, digits }))).value;
    return latestFirst([...known, ...found.map(conversation)]);
  } catch {
    return latestFirst(known);
  }
}

async function personBehind(record) {
  if (record?.table === "contact") return record.id;
  return record?.table === "opportunity" ? ((await get(personOf(record.id)))._parentcontactid_value ?? "") : "";
}
