// The attachments of texts, as far as they are needed: which there are for a page of texts at once, each file when shown.

import { get } from "./api.js";
import { attachment, byText, isComplete } from "./attachments.js";
import { attachmentsOf, fileOf } from "./queries.js";

/** What is known of attachments; nothing is asked for twice that cannot have changed. */
export function createEnclosed() {
  const known = new Map(); // text → its attachments
  const bodies = new Map(); // attachment → the answer with its file
  let isForbidden = false;

  return {
    /** The attachments of a text, as far as they are known. */
    of: (text) => known.get(text) ?? [],
    /** Whether attachments are not for this reader. */
    isForbidden: () => isForbidden,
    /** Look up what came with these texts (one query for all). Where that fails, it is for the next time. */
    async learn(texts) {
      const open = texts.filter((each) => each.media > 0 && !isComplete(each, known.get(each.id) ?? []));
      if (!open.length || isForbidden) return;
      try {
        const found = byText((await get(attachmentsOf(open.map((each) => each.id)))).value.map(attachment));
        for (const { id } of open) known.set(id, found.get(id) ?? []);
      } catch (error) {
        isForbidden = error.kind === "forbidden";
      }
    },
    /** A file, in base64, loaded once. Throws ApiError. */
    file(id) {
      if (!bodies.has(id)) {
        const body = get(fileOf(id)).then((row) => row.documentbody ?? "");
        bodies.set(id, body);
        body.catch(() => bodies.delete(id)); // then it may be asked for again
      }
      return bodies.get(id);
    },
    /** What may not be seen any more is not kept. */
    forget() {
      known.clear();
      bodies.clear();
      isForbidden = false;
    },
  };
}
