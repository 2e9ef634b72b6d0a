// Why a text is where it is: the stored explanation (column `txv_routing`) as sentences. Pure, and lenient: one of a
// later release, or a broken one, must not take the page with it.

const TABLES = new Set(["contact", "account", "opportunity", "lead"]);
const TIMES = new Set(["latest_conversation", "modified"]);
const TITLES = {
  __proto__: null,
  latest_conversation: "Latest conversation",
  owned_by_seller: "Belongs to the seller",
  owned_by_team: "Belongs to the team",
  table: "Kind of record",
  active: "Active",
  modified: "Last updated",
  lowest_id: "Lowest id",
};
const FOUND_BY = {
  __proto__: null,
  mobilephone: "its mobile phone",
  telephone1: "its main phone",
  telephone2: "its second phone",
  telephone3: "its third phone",
};

/** The records that an explanation names, as `{ table, id }`. */
export function records(stored) {
  return candidates(read(stored)).map(({ table, id }) => ({ table, id }));
}

/**
 * The sentences; none where nothing is stored. `names` maps ids to the names that the reader may see: what is not in it
 * is called by its kind alone.
 */
export function sentences(stored, names) {
  const data = read(stored);
  const reason = String(data.because || "");
  if (!reason) return [];
  const [first, ...others] = candidates(data);
  if (!first) {
    const made = data.number?.kind === "phone" ? "a new lead was made" : "the text waits without a record";
    return [`${capital(reason)}, so ${made}.`];
  }
  const more = data.not_shown;
  return [
    `${capital(called(first, names))} was chosen because ${reason}.`,
    ...others.filter((each) => each.lostAt).map((each) => lost(each, names)),
    ...(more ? [`${more} more fell out too.`] : []),
  ];
}

/** By what the chosen record was found, as a sentence; empty where that is not stored. */
export function foundBy(stored) {
  const [{ foundBy: ways } = { foundBy: [] }] = candidates(read(stored));
  return ways.length ? `It was found by ${ways.map((way) => FOUND_BY[way] ?? way).join(" and ")}.` : "";
}

/** A record by its name, or by what may be said of it. */
export function called({ table, id }, names) {
  const article = /^[aeiou]/.test(table) ? "an" : "a";
  return names.get(id) || `${article} ${table} that you may not see`;
}

function lost(candidate, names) {
  const tier = candidate.lostAt;
  return `${capital(called(candidate, names))} fell out at “${TITLES[tier] ?? tier}”${said(tier, candidate.values[tier])}.`;
}

function said(tier, value) {
  if (TIMES.has(tier)) return value ? ": another one is later" : ": it has none";
  if (typeof value === "boolean") return tier === "active" ? ": it is not" : ": it does not";
  if (tier !== "table") return "";
  return `: it is ${/^[aeiou]/.test(String(value)) ? "an" : "a"} ${value}`;
}

function candidates(data) {
  return (Array.isArray(data.candidates) ? data.candidates : [])
    .filter((each) => TABLES.has(each?.table) && typeof each.id === "string")
    .map(({ table, id, values, found_by: foundBy, lost_at: lostAt }) => ({
      table,
      id: id.toLowerCase(),
      values: values && typeof values === "object" ? values : {},
      foundBy: Array.isArray(foundBy) ? foundBy.map(String) : [],
      lostAt: lostAt ? String(lostAt) : "",
    }));
}

function read(stored) {
  try {
    const data = JSON.parse(stored || "null");
    return data && typeof data === "object" && !Array.isArray(data) ? data : {};
  } catch {
    return {};
  }
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
