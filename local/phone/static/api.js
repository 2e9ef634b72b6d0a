// The site's JSON API.

const PATIENCE_MS = 12_000;

/** GET as JSON; with `tag`, null where nothing changed since. Throws Error with a sentence. */
export async function read(path, tag = null) {
  const answer = await send(path, { headers: tag ? { "If-None-Match": tag } : {} });
  if (answer.status === 304) return null;
  return { value: await value(answer), tag: answer.headers.get("ETag") };
}

/** POST JSON. Throws Error with a sentence. */
export async function act(path, body) {
  const headers = { "Content-Type": "application/json" };
  return value(await send(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function send(path, options) {
  try {
    return await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  } catch {
    throw new Error("This demo does not answer. Is it still running?");
  }
}

async function value(answer) {
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error ?? `The demo answered ${answer.status}.`);
  return found;
}
