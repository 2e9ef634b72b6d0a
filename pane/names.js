// The names of records, each looked up once, with the rights of the person who looks at the page.

import { get } from "./api.js";
import { namesOf } from "./queries.js";

/** Names by id; a record that may not be seen has none. */
export function createNames() {
  const known = new Map();

  async function ask({ path, ids, id, name }) {
    for (const each of ids) known.set(each, "");
    try {
      for (const row of (await get(path)).value) known.set(row[id], row[name] ?? "");
    } catch (error) {
      // A table that is not for this reader stays without names; what may pass is asked for again next time.
      if (error.kind !== "forbidden") for (const each of ids) known.delete(each);
    }
  }

  return {
    get: (id) => known.get(id) ?? "",
    /** Look up the names of records `{ table, id }` that are not known yet. */
    learn: (records) => Promise.all(namesOf(records.filter(({ id }) => !known.has(id))).map(ask)),
  };
}
