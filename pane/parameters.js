// What a page is about, from its address. Pure.

const RECORDS = new Set(["contact", "account", "lead", "opportunity"]);
const ID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/**
 * The row of the form that a page is on: Dynamics passes `id` and `typename` to a web resource. `{ table, id }`; `id` is
 * empty for a row that has not been saved yet.
 */
export function rowOf(search) {
  const given = new URLSearchParams(search);
  return { table: given.get("typename") ?? "", id: idOf(given.get("id")) };
}

/**
 * What the conversation page is about: `{ conversation }`, an id; or `{ record: { table, id, number } }` where a command
 * asked for the texts of a record (as JSON in `data`, with the number if one was chosen), or where the page is on the
 * form of a record. Null for neither.
 */
export function subjectOf(search) {
  const record = recordOf(new URLSearchParams(search).get("data"));
  if (record) return { record };
  const { table, id } = rowOf(search);
  if (!id) return null;
  return RECORDS.has(table) ? { record: { table, id, number: "" } } : { conversation: id };
}

function recordOf(data) {
  try {
    // Whether Dynamics encodes what it hands on is not documented: encoded once or twice, it is read.
    const { table, id, number } = JSON.parse(data.startsWith("{") ? data : decodeURIComponent(data));
    if (!RECORDS.has(table) || !idOf(id)) return null;
    return { table, id: idOf(id), number: typeof number === "string" ? number : "" };
  } catch {
    return null;
  }
}

function idOf(text) {
  return (ID.exec(text ?? "")?.[1] ?? "").toLowerCase();
}
