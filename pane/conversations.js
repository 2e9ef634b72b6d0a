// Conversations: rows of the Web API → what the page shows, and which one is meant. Pure.

import { isSameNumber } from "./numbers.js";

const FORMATTED = "@OData.Community.Display.V1.FormattedValue";
const TARGET = "@Microsoft.Dynamics.CRM.lookuplogicalname";
const RECORDS = new Set(["contact", "account", "lead", "opportunity"]);

/** A row as a conversation; `record` is null where it stands on none, or on one of a table without numbers. */
export function conversation(row) {
  const [table, id] = [row[`_regardingobjectid_value${TARGET}`], row._regardingobjectid_value];
  return {
    id: row.activityid,
    etag: row["@odata.etag"],
    subject: row.subject ?? "",
    customer: row.txv_customer ?? "",
    customerDigits: row.txv_customerdigits ?? "",
    ours: row[`_txv_phonenumberid_value${FORMATTED}`] ?? ourNumber(row.txv_ourdigits ?? ""),
    owner: row[`_ownerid_value${FORMATTED}`] ?? "",
    changedBy: row[`_modifiedby_value${FORMATTED}`] ?? "",
    isPlaced: Boolean(id),
    record: id && RECORDS.has(table) ? { table, id } : null,
    unread: row.txv_unreadcount ?? 0,
    on: row.txv_lastmessageon ?? null,
  };
}

/** Of the conversations of a record, the latest with that number; the latest of all where none was named. */
export function meant(conversations, number) {
  return conversations.find((each) => !number || isSameNumber(number, each.customerDigits)) ?? null;
}

/** Every conversation once, the latest first. */
export function latestFirst(conversations) {
  const once = [...new Map(conversations.map((each) => [each.id, each])).values()];
  return once.sort((one, other) => Date.parse(other.on ?? 0) - Date.parse(one.on ?? 0));
}

function ourNumber(digits) {
  return /^\d{7,}$/.test(digits) ? `+${digits}` : digits; // short codes and names stay as they are
}
