// The names of records, each looked up once, with the rights of the person who looks at the page.

import { get } from "./api.js";
import { namesOf } from "./queries.js";

/** Names by id; a record that may not be seen has none. */
export function createNames() {
  const known = new Map();
  const asked = new Map(); // id → the answer that is waited for

  async function ask({ path, ids, id, name }) {
    try {
      const found = new Map((await get(path)).value.map((row) => [row[id], row[name] ?? ""]));
      for (const each of ids) known.set(each, found.get(each) ?? "");
    } catch (error) {
      // A table that is not for this reader stays without names; what may pass is asked for again next time.
      if (error.kind === "forbidden") for (const each of ids) known.set(each, "");
    }
    for (const each of ids) asked.delete(each);
  }

  return {
    get: (id) => known.get(id) ?? "",
    /** Look up the names of records `{ table, id }` that are not known yet. */
    async learn(records) {
      const unknown = records.filter(({ id }) => !known.has(id));
      for (const query of namesOf(unknown.filter(({ id }) => !asked.has(id)))) {
        const answer = ask(query);
        for (const each of query.ids) asked.set(each, answer);
      }
      await Promise.all(unknown.map(({ id }) => asked.get(id)));
    },
  };
}
