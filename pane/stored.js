// The stored explanation (column `txv_routing`) as it is read back. Pure, and lenient: one of a later release, or a broken
// one, must not take the page with it.

const TABLES = new Set(["contact", "account", "opportunity", "lead"]);
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OPEN = new Set(["asked", "waits"]); // outcomes after which somebody may choose

/** The explanation; empty where none is stored. */
export function read(stored) {
  try {
    const data = JSON.parse(stored || "null");
    return isObject(data) ? data : {};
  } catch {
    return {};
  }
}

/** The candidates, the winner first; those of tables that this release does not know are left out. */
export function candidates(data) {
  return items(data.candidates)
    .filter((each) => TABLES.has(each.table) && typeof each.id === "string")
    .map(({ table, id, values, found_by: foundBy, lost_at: lostAt }) => ({
      table,
      id: id.toLowerCase(),
      values: isObject(values) ? values : {},
      foundBy: Array.isArray(foundBy) ? foundBy.map(String) : [],
      lostAt: lostAt ? String(lostAt) : "",
    }));
}

/** Who could not be told, each as `{ table, id, reason }`. */
export function passedOver(data) {
  return items(isObject(data.told) ? data.told.passed_over : null)
    .map(({ id, because }) => ({ table: "systemuser", id: String(id).toLowerCase(), reason: String(because || "") }))
    .filter(({ id }) => ID.test(id));
}

/** All that an explanation names by id, as `{ table, id }`. */
export function named(stored) {
  const data = read(stored);
  return [...candidates(data), ...passedOver(data)].map(({ table, id }) => ({ table, id }));
}

/** The records between which a person may choose, as `{ table, id }`; none where the text has its place. */
export function openCandidates(stored) {
  const data = read(stored);
  return OPEN.has(data.outcome) ? candidates(data).map(({ table, id }) => ({ table, id })) : [];
}

/** The objects of a list. */
export function items(value) {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
