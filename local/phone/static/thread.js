// The texts on the phone: those that Dataverse holds, and those that are still on their way. Pure.

/** The rows of Dataverse and the texts just sent, each text once and in order. */
export function merge(rows, sent) {
  const stored = new Map(rows.map((row) => [row.id, row]));
  const filed = rows.map((row) => ({ ...row, calls: sent.find((text) => text.id === row.id)?.calls ?? [] }));
  const waiting = sent.filter((text) => !stored.has(text.id)).map((text) => ({ ...text, incoming: true, filed: null }));
  return [...filed, ...waiting].sort((one, other) => Date.parse(one.on) - Date.parse(other.on));
}

/** What became of a customer's text: `{kind, text}`; kinds are refused, waiting, filed. Null for one of the company's. */
export function became(text, dataverseIsUp) {
  if (!text.incoming) return null;
  if (text.filed) return { kind: "filed", text: filedUnder(text) };
  const best = Math.min(...text.calls.map((call) => call.status));
  if (best >= 500) return { kind: "refused", text: "Not taken. A provider would try again later." };
  if (best >= 400) return { kind: "refused", text: "Refused, and nothing was stored." };
  if (dataverseIsUp) return { kind: "waiting", text: "Taken, on its way …" };
  return { kind: "waiting", text: "Taken. It waits in the queue until Dataverse is back." };
}

function filedUnder({ filed: { record, owner }, calls }) {
  const once = calls.length > 1 ? "Stored once" : "Filed";
  if (!record) return `${once} without a record${owner ? `, for ${owner}` : ""}`;
  return `${once} under ${record.name}, ${record.table}${owner ? ` of ${owner}` : ""}`;
}

/** The newest of the texts with these ids that has been filed; undefined while none has. */
export function newestFiled(rows, ids) {
  return rows.findLast((row) => row.filed && ids.has(row.id));
}
