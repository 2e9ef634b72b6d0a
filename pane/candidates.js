// The records between which a person may choose: rows of the Web API → what is offered. Pure.

const FORMATTED = "@OData.Community.Display.V1.FormattedValue";

/**
 * Those of the records `{ table, id }` that can be read, in their order, with what tells them apart. `found` has for each
 * table its `rows`, and which of their columns are the `id`, the `name` and what the record is `about`.
 */
export function offered(records, found) {
  const known = new Map(found.flatMap(({ table, rows, ...columns }) => rows.map((row) => [row[columns.id], facts(table, row, columns)])));
  return records.map(({ id }) => known.get(id)).filter(Boolean);
}

function facts(table, row, { id, name, about }) {
  return {
    key: row[id],
    table,
    id: row[id],
    name: row[name] || `A ${table} without a name`,
    about: row[`${about}${FORMATTED}`] ?? row[about] ?? "",
    owner: row[`_ownerid_value${FORMATTED}`] ?? "",
    state: row.statecode ? (row[`statecode${FORMATTED}`] ?? "") : "", // 0: active or open, which goes without saying
    updatedOn: row.modifiedon ?? null,
  };
}
