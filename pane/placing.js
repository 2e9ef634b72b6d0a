// Putting a conversation that stands on no record on one, as Move does it on the form.

import { get, patch } from "./api.js";
import { conversation } from "./conversations.js";
import { conversationPath, rowPath } from "./queries.js";

const MOST_TRIES = 4; // a text that comes meanwhile changes the conversation too
const TABLE = "txv_textconversation";

/**
 * Put the conversation on the record `{ table, id }` if nobody else has put it on one: the version says so. Returns null,
 * or the conversation as somebody else has placed it. Throws ApiError.
 */
export async function putOn(id, record) {
  for (let tries = 1; ; tries += 1) {
    const now = conversation(await get(conversationPath(id)));
    if (now.isPlaced) return now;
    try {
      await globalThis.Textverse.moveTo(rowsAt(now.etag), { table: TABLE, id }, { entityType: record.table, id: record.id });
      return null;
    } catch (error) {
      if (error.kind !== "changed" || tries === MOST_TRIES) throw error;
    }
  }
}

/** The dialog of Dynamics in which any record can be looked up; null where the page stands alone. */
export function lookUpDialog() {
  try {
    const dialogs = globalThis.parent.Xrm?.Utility;
    return dialogs?.lookupObjects ? dialogs : null;
  } catch {
    return null; // a frame of somewhere else
  }
}

/** The record that the seller looks up, as `{ table, id, name }`; null for none. */
export async function lookUp(dialogs) {
  const chosen = await globalThis.Textverse.lookUp(dialogs);
  if (!chosen) return null;
  return { table: chosen.entityType, id: chosen.id.replace(/[{}]/g, "").toLowerCase(), name: chosen.name };
}

/** Rows as Xrm.WebApi reads and changes them, but changed only at the version that was read. */
function rowsAt(etag) {
  return {
    retrieveRecord: (table, id, query) => get(`${rowPath(table, id)}${query}`),
    updateRecord: (table, id, row) => patch(rowPath(table, id), row, etag),
  };
}
