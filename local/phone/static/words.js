// How things are said. Pure.

/** A moment as people say it, seen from `now`: "14:05", "yesterday 14:05", "3 Nov 14:05". Empty for none. */
export function when(iso, now, locale) {
  const moment = new Date(iso ?? NaN);
  if (Number.isNaN(moment.getTime())) return "";
  const time = moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const days = Math.round((midnight(now) - midnight(moment)) / 86_400_000);
  if (days === 0) return time;
  if (days === 1) return `yesterday ${time}`;
  return `${moment.toLocaleDateString(locale, { day: "numeric", month: "short" })} ${time}`;
}

/** A moment to the second, for those who ask. */
export function exactly(iso, locale) {
  const moment = new Date(iso ?? NaN);
  return Number.isNaN(moment.getTime())
    ? ""
    : moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" });
}

/** The body of a notification, which is Markdown, as plain text. */
export function plain(markdown) {
  return markdown.replace(/\\([[\]])/g, "$1");
}

/** "1 text", "3 texts". */
export function many(count, one) {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** A machine word as words: "SpamFiltered" → "spam filtered". */
export function spaced(word) {
  return word.replace(/(?<=[A-Za-z])(?=[A-Z])/g, " ").toLowerCase();
}

/** The calls of one text in a line: who called what, and every answer. */
export function called(calls) {
  const [{ provider, method, path }] = calls;
  const answers = [...new Set(calls.map((call) => `${call.status} ${call.reason}, ${call.answer}`))].join(" / ");
  const times = calls.length > 1 ? ` ${calls.length} times` : "";
  return `${provider} called${times} ${method} ${path.replace("/api/callbacks", "…")} → ${answers}`;
}

/** The records behind a number: "Maya Lindqvist’s contact Ada Quist. Tom Okafor’s opportunity Fog bell refit." */
export function carriedBy(cards) {
  const owners = [...new Set(cards.map((card) => card.owner))];
  const of = (owner) => cards.filter((card) => card.owner === owner).map((card) => `${card.table} ${card.name}`);
  return owners.map((owner) => `${owner}’s ${of(owner).join(", ")}.`).join(" ");
}

function midnight(moment) {
  const day = new Date(moment);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}
