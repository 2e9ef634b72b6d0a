// The Web API, as the person who looks at the page: same origin, same session, that person's rights.

const ROOT = "/api/data/v9.2/";
const PATIENCE_MS = 20_000;
const HEADERS = {
  Accept: "application/json",
  "OData-MaxVersion": "4.0",
  "OData-Version": "4.0",
  "If-None-Match": "null", // so that nothing on the way answers from a cache
};
const PREFER = 'odata.include-annotations="*"';

/**
 * What went wrong, for `words.js` to say. `kind`: "away" (not reached), "signedOut", "forbidden", "missing", "changed"
 * (somebody else was first), "busy" (with `retryAfterMs`), "refused" (with Dataverse's own `message`).
 */
export class ApiError extends Error {
  constructor(kind, message = "", retryAfterMs = 0) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether something else than a refusal of just this request went wrong: then nothing less will do either. */
  get isNoRefusal() {
    return this.kind !== "refused" && this.kind !== "forbidden";
  }
}

const KINDS = {
  __proto__: null,
  401: "signedOut",
  403: "forbidden",
  404: "missing",
  412: "changed",
  429: "busy",
  502: "away",
  503: "busy",
  504: "away",
};

/** GET as JSON. `page` is how many rows at most come at once. Throws ApiError. */
export async function get(path, { page } = {}) {
  const prefer = page ? `${PREFER},odata.maxpagesize=${page}` : PREFER;
  const answer = await send(path, { headers: { ...HEADERS, Prefer: prefer } });
  return answer.json().catch(() => Promise.reject(new ApiError("signedOut"))); // a page to sign in on is no JSON
}

/** Change a row, if it is still the one that was read. Throws ApiError. */
export async function patch(path, body, etag) {
  const headers = { ...HEADERS, "Content-Type": "application/json; charset=utf-8", "If-Match": etag };
  delete headers["If-None-Match"];
  await send(path, { method: "PATCH", headers, body: JSON.stringify(body) });
}

/** The path of a next page. Whatever host the link names, it is this one that is asked. */
export function pathOf(nextLink) {
  const { pathname, search } = new URL(nextLink, globalThis.location?.href);
  return pathname.slice(pathname.indexOf(ROOT) + ROOT.length) + search;
}

async function send(path, options) {
  let answer;
  try {
    answer = await fetch(ROOT + path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new ApiError("away");
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  const seconds = Number(answer.headers.get("Retry-After")) || 0;
  throw new ApiError(KINDS[answer.status] ?? "refused", said.error?.message ?? `${answer.status}`, seconds * 1000);
}
