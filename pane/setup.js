// The page on the forms of a provider's account and of a number: what to copy where.

import { get } from "./api.js";
import { h } from "./dom.js";
import { rowOf } from "./parameters.js";
import { providerOf } from "./queries.js";
import { accountOf, intro, stepsOf } from "./setup_text.js";
import { setupError } from "./words.js";

const SAID_MS = 3000;

const at = Object.fromEntries(
  ["banner", "trouble", "again", "intro", "steps", "news"].map((id) => [id, document.getElementById(id)]),
);

async function start() {
  const row = rowOf(location.search);
  if (!row.id) {
    at.intro.textContent = "Save first: then this page tells what to enter at the provider.";
    return;
  }
  at.intro.textContent = "Loading …";
  try {
    const account = accountOf(row.table, await get(providerOf(row)));
    at.intro.textContent = intro(account);
    at.steps.replaceChildren(...(account ? stepsOf(account) : []).map(step));
    at.banner.hidden = true;
  } catch (error) {
    at.intro.textContent = "";
    at.trouble.textContent = setupError(error);
    at.banner.hidden = false;
  }
}

function step({ title, where, what, value }) {
  return h(
    "li",
    {},
    h("h2", {}, title),
    h("p", { class: "where" }, where),
    h("p", {}, what),
    value && copyable(title, value),
  );
}

function copyable(title, value) {
  const text = h("code", { tabindex: "0" }, value);
  const button = h("button", { type: "button", "aria-label": `Copy for ${title}` }, "Copy");
  button.addEventListener("click", async () => {
    const isCopied = await copied(text, value);
    button.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    at.news.textContent = isCopied ? "Copied." : "It is selected: press Ctrl+C to copy it.";
    setTimeout(() => {
      button.textContent = "Copy";
      at.news.textContent = "";
    }, SAID_MS);
  });
  return h("div", { class: "value" }, text, button);
}

/** Whether it is on the clipboard. Where a page in a frame may not write there, the text is selected for the reader. */
async function copied(element, value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}

at.again.addEventListener("click", start);
start();
