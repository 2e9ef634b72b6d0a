// Why a text is where it is: the stored explanation, as sentences and as a table.

import { h } from "./dom.js";
import { exactly, when } from "./words.js";

/** The explanation as it comes from /api/why, drawn. */
export function drawWhy(why) {
  if (!why) return h("p", { class: "soft" }, "No explanation is stored with this text.");
  const { sentences, candidates } = why;
  return h(
    "div",
    { class: "reasons" },
    ...sentences.map((sentence) => h("p", {}, sentence)),
    candidates.length === 1 && candidates[0].chosen && h("p", { class: "soft" }, `It was found by ${candidates[0].found_by}.`),
    candidates.length > 1 && [
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "How it was decided" }, table(why)),
      h(
        "p",
        { class: "soft" },
        "The rules are tried from top to bottom; each decides only among the records still in.",
      ),
    ],
  );
}

function table({ number, candidates, tiers }) {
  return h(
    "table",
    {},
    h("caption", {}, `Records for ${number}`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Rule"), ...candidates.map(head))),
    h(
      "tbody",
      {},
      ...tiers.map((tier) =>
        h(
          "tr",
          { class: tier.decided ? "decided" : null },
          h("th", { scope: "row" }, tier.title, tier.decided && h("small", {}, "decided")),
          ...tier.cells.map(cell),
        ),
      ),
    ),
  );
}

function head({ name, seen, table, found_by: foundBy, chosen }) {
  return h(
    "th",
    { scope: "col", class: chosen ? "chosen" : null },
    h("span", { class: seen ? null : "soft", dir: "auto" }, seen ? name : `(${table})`),
    h("small", {}, `${seen ? table : "not for you to see"}, by ${foundBy}`),
    chosen && h("b", { class: "pill" }, "chosen"),
  );
}

function cell({ value, kind, state }) {
  if (state === "idle")
    return h(
      "td",
      { class: "idle" },
      h("span", { class: "spoken" }, "not compared"),
      h("span", { "aria-hidden": "true" }, "·"),
    );
  const out = state === "lost" && h("b", { class: "out" }, "out");
  return h("td", { class: state }, said(value, kind), out);
}

function said(value, kind) {
  if (kind === "none") return "none";
  if (kind === "flag") return value ? "yes" : "no";
  if (kind === "time") return h("time", { datetime: value, title: exactly(value) }, when(value, new Date()));
  if (kind === "id") return h("code", { title: value }, `${value.slice(0, 8)}…`);
  return String(value);
}
