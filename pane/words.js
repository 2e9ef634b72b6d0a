// How everything is said, in one place. Pure.

import { ApiError } from "./api.js";

const STATUS = {
  __proto__: null,
  Received: "Received",
  Scheduled: "Scheduled",
  Queued: "Waiting to be sent",
  Sending: "Being sent",
  Sent: "Sent",
  Delivered: "Delivered",
  Undelivered: "Not delivered",
  Failed: "Not sent",
  Unconfirmed: "Perhaps not sent",
};

// Reason → what it means, and what helps.
const REASON = {
  __proto__: null,
  InvalidSendingParameters: [
    "The number or the text cannot be sent as it is.",
    "Check the number: it needs its country code, as in +1 206 555 0100.",
  ],
  OptedOut: [
    "This customer wants no texts from us.",
    "Do not text again unless the customer asks: a text with the word START allows it again.",
  ],
  Unreachable: [
    "The phone was off or out of reach, or the number is not in service.",
    "Try again later. If it happens again, check the number.",
  ],
  NotAMobile: ["The number takes no texts. It may be a landline.", "Ask for a mobile number, or call."],
  Blocked: ["The carrier or the provider blocked it.", "Call instead, and tell your administrator."],
  SpamFiltered: [
    "It was taken for spam.",
    "Put it in other words, without links and capitals. If it happens again, tell your administrator.",
  ],
  SenderNotAllowed: [
    "Our number may not send texts there.",
    "Tell your administrator: it has to be registered or verified at the provider.",
  ],
  TooMany: ["Too many texts were sent from our number in a short time.", "Try again in a while."],
  Expired: ["It could not be delivered in time.", "Try again later."],
  AccountProblem: ["The account at the provider is suspended or has no credit.", "Tell your administrator."],
  ProviderError: ["The provider or a carrier had a problem.", "Try again later."],
  Unknown: ["No reason was given.", "Try again. If it happens again, tell your administrator."],
};
const UNCONFIRMED = [
  "The provider did not answer, so nobody knows yet whether it was sent.",
  "Wait before you send it again: the customer may have got it.",
];

const ERROR = {
  __proto__: null,
  away: "Dynamics cannot be reached. It will be tried again.",
  signedOut: "You are signed out. Load the page again to sign in.",
  forbidden: "You may not see text messages here. Ask your administrator for the security role Text Messaging User.",
  missing: "This conversation is not there any more, or it is not for you to see.",
  changed: "It was changed meanwhile. It will be tried again.",
  busy: "Dynamics is busy. It will be tried again.",
};

// Where a conversation could not be put on the record NAME: what it means, and what helps.
const CHOICE_ERROR = {
  __proto__: null,
  away: "Dynamics did not answer, so it is not known whether the texts are with NAME. If the question stays, choose again.",
  signedOut: "You are signed out. Load the page again to sign in, then choose again.",
  forbidden: "You may not put these texts with NAME. Choose another record, or ask your administrator.",
  missing: "NAME is not there any more, or not for you to see. Choose another record.",
  changed: "The conversation kept changing. Choose again in a moment.",
  busy: "Dynamics is busy. Choose again in a moment.",
};

const TABLE = { __proto__: null, contact: "contact", account: "account", lead: "lead", opportunity: "opportunity" };

/** The status of a text as people say it; `status` is a word of the choice column, perhaps of a later release. */
export function statusWord(status) {
  return STATUS[status] ?? spaced(status);
}

/** Why a text did not arrive and what helps, as two sentences; none for one without a problem. */
export function problem({ status, reason }) {
  if (status === "Unconfirmed") return UNCONFIRMED;
  if (status !== "Undelivered" && status !== "Failed") return [];
  return REASON[reason] ?? (reason ? [`${capital(spaced(reason))}.`, REASON.Unknown[1]] : REASON.Unknown);
}

/** What went wrong, as a sentence. */
export function errorSentence(error) {
  if (!(error instanceof ApiError)) return "Something went wrong on this page. Load it again.";
  return ERROR[error.kind] ?? `Dynamics refuses: ${error.message}`;
}

/** That a conversation has been put on a record. */
export function placed(name) {
  return `The texts are with ${name} now.`;
}

/** That somebody else was first; `changedBy` is who changed the conversation last. */
export function meanwhile(name, changedBy) {
  const who = changedBy ? ` Last changed by ${changedBy}.` : "";
  return `Somebody else was first: the texts are with ${name || "another record"} now.${who}`;
}

/** Why a conversation was not put on the record of that name, and what to do next. */
export function choiceError(error, name) {
  if (!(error instanceof ApiError)) return errorSentence(error);
  const said = CHOICE_ERROR[error.kind] ?? `Dynamics refuses: ${stopped(error.message)} Choose another record, or ask your administrator.`;
  return said.replaceAll("NAME", () => name);
}

/** That there are records that the reader may not see, beside those that are shown. */
export function unseenRecords(count, shown) {
  const records = many(count, shown ? "more record" : "record");
  return count === 1 ? `${records} carries this number; you may not see it.` : `${records} carry this number; you may not see them.`;
}

/** What tells a record apart from others of its name, as a line. */
export function candidateFacts({ about, owner, state, updatedOn }, locale) {
  const updated = said(updatedOn, (moment) => moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" }));
  return [about, owner && `owned by ${owner}`, state, updated && `updated ${updated}`].filter(Boolean).join(" · ");
}

/** The same on the page that tells what to enter at a provider. */
export function setupError(error) {
  if (error.kind === "forbidden") return "You may not see the accounts at providers. Ask your administrator.";
  if (error.kind === "missing") return "This row is not there any more, or it is not for you to see.";
  return errorSentence(error).replace(" It will be tried again.", "");
}

/** A kind of record. */
export function tableWord(table) {
  return TABLE[table] ?? "record";
}

/** "1 attachment", "3 attachments". */
export function many(count, one) {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** Attachments of a text that are not there. */
export function missingAttachments(count, { mayCome, isForbidden }) {
  const those = many(count, "attachment");
  if (isForbidden) return `${those}, not for you to see. Ask your administrator.`;
  return mayCome ? `${those}, not here yet` : `${those}, not stored`;
}

/** Why a file cannot be had, and what to do. */
export function fileError(error) {
  if (!(error instanceof ApiError)) return "This file is damaged. Ask the customer to send it again.";
  if (error.kind === "missing" || error.kind === "forbidden") return "This attachment is not there any more, or it is not for you to see.";
  if (error.kind === "signedOut") return ERROR.signedOut;
  return `${errorSentence(error).replace(" It will be tried again.", "")} Try again in a moment.`;
}

/** The size of a file: "800 bytes", "120 KB", "1.2 MB"; empty where it is not known. */
export function sizeOf(bytes, locale) {
  if (!(bytes > 0)) return "";
  if (bytes < 1024) return many(bytes, "byte");
  const [size, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${size.toLocaleString(locale, { maximumFractionDigits: size < 10 ? 1 : 0 })} ${unit}`;
}

/** A time of day. Empty for none. */
export function timeOf(iso, locale) {
  return said(iso, (moment) => moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" }));
}

/** A moment to the second, for those who ask. */
export function exactly(iso, locale) {
  return said(iso, (moment) => moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" }));
}

/** A day as people say it, seen from `now`: "Today", "Yesterday", "Friday, 20 November", with the year if another. */
export function dayOf(iso, now, locale) {
  return said(iso, (moment) => {
    const days = Math.round((midnight(now) - midnight(moment)) / 86_400_000);
    if (days === 0) return "Today";
    if (days === 1) return "Yesterday";
    const year = moment.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
    return moment.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", ...year });
  });
}

/** A machine word as words: "SpamFiltered" → "spam filtered". */
export function spaced(word) {
  return word.replace(/(?<=[A-Za-z])(?=[A-Z])/g, " ").toLowerCase();
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function stopped(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function said(iso, say) {
  const moment = new Date(iso ?? NaN);
  return Number.isNaN(moment.getTime()) ? "" : say(moment);
}

function midnight(moment) {
  const day = new Date(moment);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}
