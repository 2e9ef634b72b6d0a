// Why a text is where it is, as sentences: what was chosen and why, what was not looked at, who was told. Pure.

import { candidates, items, passedOver, read } from "./stored.js";

const TIMES = new Set(["latest_conversation", "modified"]);
const MOST_NAMED = 5;
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
// Tiers that say nothing of whose text it is; where only they decided, it was a close call.
const WEAK = { __proto__: null, modified: "last update", lowest_id: "ids" };
const LINES = {
  __proto__: null,
  number: "The owner of the number was told",
  record: "The owner of the record was told",
  administrators: "The administrators were told",
};
const PLURAL = { __proto__: null, contact: "contacts", account: "accounts", lead: "leads", opportunity: "opportunities" };
const FOUND_BY = {
  __proto__: null,
  mobilephone: "its mobile phone",
  telephone1: "its main phone",
  telephone2: "its second phone",
  telephone3: "its third phone",
};

/**
 * The sentences; none where no reason is stored. `names` maps ids to the names that the reader may see: a record that is
 * not in it is called by its kind alone, a person is "someone".
 */
export function sentences(stored, names) {
  const data = read(stored);
  if (!data.because) return [];
  return [...decision(data, candidates(data), names), ...cut(data), ...told(data, names)];
}

/** By what the chosen record was found, as a sentence; empty where none was chosen, or where that is not stored. */
export function foundBy(stored) {
  const data = read(stored);
  const [first] = candidates(data);
  if (!first?.foundBy.length || ["asked", "waits", "lead"].includes(data.outcome)) return "";
  return `It was found by ${first.foundBy.map((way) => FOUND_BY[way] ?? way).join(" and ")}.`;
}

/** A record by its name, or by what may be said of it. */
export function called({ table, id }, names) {
  const article = /^[aeiou]/.test(table) ? "an" : "a";
  return names.get(id) || `${article} ${table} that you may not see`;
}

function decision(data, found, names) {
  const reason = capital(data.because);
  if (data.outcome === "asked" && found.length) {
    const apart = `nothing but ${tellingApart(data, found)} tells them apart`;
    return [`Several records carry this number and ${apart}, so a person is asked.`, ...open(data, found, names)];
  }
  if (data.outcome === "waits") {
    const isOwn = !found.length && data.waits_because && data.waits_because !== data.because;
    const waits = `${capital(data.waits_because || data.because)}, so the text waits without a record.`;
    return [...(isOwn ? [`${reason}.`] : []), waits, ...open(data, found, names)];
  }
  if (data.outcome === "lead" || !found.length) {
    return [`${reason}, so ${makesLead(data) ? "a new lead was made" : "the text waits without a record"}.`];
  }
  return [
    `${capital(called(found[0], names))} was chosen because ${data.because}.`,
    ...(data.ambiguous === true ? [`This was a close call: only ${tellingApart(data, [])} decided.`] : []),
    ...lost(found.slice(1), names),
    ...(data.not_shown ? [`${data.not_shown} more fell out too.`] : []),
  ];
}

function makesLead(data) {
  return data.outcome ? data.outcome === "lead" : data.number?.kind === "phone"; // rows of earlier releases do not say
}

/** All that tells the best candidates apart. */
function tellingApart(data, found) {
  const tiers = Object.keys(WEAK).filter((tier) => found.some((each) => each.lostAt === tier));
  return `their ${tiers.map((tier) => WEAK[tier]).join(" and ") || (WEAK[data.decided_by] ?? "order")}`;
}

/** The candidates between whom nobody has decided, and those who are out. */
function open(data, found, names) {
  const tied = found.filter((each) => !each.lostAt || each.lostAt in WEAK);
  const seen = tied.filter(({ id }) => names.get(id)).map(({ table, id }) => `${names.get(id)} (${table})`);
  const unseen = tied.filter(({ id }) => !names.get(id)).map((each) => called(each, names));
  const more = seen.slice(MOST_NAMED).length + (Number.isInteger(data.not_shown) ? data.not_shown : 0);
  const said = [
    ...seen.slice(0, MOST_NAMED),
    ...(unseen.length > 1 ? [`one of ${unseen.length} that you may not see`] : unseen),
    ...(more ? [`one of ${more} more`] : []),
  ];
  return [
    ...(tied.length ? [`It may be ${joined(said, "or")}.`] : []),
    ...lost(found.filter((each) => !tied.includes(each)), names),
  ];
}

function lost(found, names) {
  return found
    .filter((each) => each.lostAt)
    .map(({ lostAt: tier, values, ...record }) => {
      return `${capital(called(record, names))} fell out at “${TITLES[tier] ?? tier}”${said(tier, values[tier])}.`;
    });
}

function said(tier, value) {
  if (TIMES.has(tier)) return value ? ": another one is later" : ": it has none";
  if (typeof value === "boolean") return tier === "active" ? ": it is not" : ": it does not";
  if (tier !== "table") return "";
  return `: it is ${/^[aeiou]/.test(String(value)) ? "an" : "a"} ${value}`;
}

function cut(data) {
  return items(data.cut)
    .filter(({ table, carry_it: many }) => PLURAL[table] && many)
    .map(({ table, carry_it: many, compared, rule }) => {
      return `${capital(many)} ${PLURAL[table]} carry the number; only ${compared} were compared: ${rule}.`;
    });
}

/** Who was told of the text, and who would have been. */
function told(data, names) {
  if (typeof data.told !== "object" || !data.told) return [];
  const all = passedOver(data);
  const passed = [...new Set(all.map(({ reason }) => reason))].map((reason) => {
    const those = all.filter((each) => each.reason === reason);
    const verb = those.length === 1 ? "was" : "were";
    return `${capital(who(those, names))} ${verb} passed over${reason ? `: ${reason}` : ""}.`;
  });
  const { line } = data.told;
  if (line === null || line === undefined) return [...passed, "Nobody could be told."];
  const instead = passed.length && line !== "number" ? " instead" : "";
  return LINES[line] ? [...passed, `${LINES[line]}${instead}.`] : passed;
}

function who(those, names) {
  const known = those.map(({ id }) => names.get(id)).filter(Boolean);
  const others = those.length - known.length;
  if (!others) return joined(known, "and");
  if (!known.length) return others === 1 ? "someone" : `${others} people`;
  return joined([...known, others === 1 ? "someone else" : `${others} others`], "and");
}

function joined(words, last) {
  return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(` ${last} `);
}

function capital(text) {
  return String(text).slice(0, 1).toUpperCase() + String(text).slice(1);
}
