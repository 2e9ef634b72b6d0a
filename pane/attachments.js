// What came with a text: notes of the Web API → what the page shows. Pure.

// Shown as pictures. Whatever else there is, is only handed on as a file: SVG and HTML could bring scripts along.
const PICTURES = { __proto__: null, "image/png": "image/png", "image/jpeg": "image/jpeg", "image/jpg": "image/jpeg", "image/gif": "image/gif", "image/webp": "image/webp" }; // prettier-ignore
const DAY_MS = 86_400_000; // after which nothing is fetched any more

/** A note as an attachment; `picture` is the type to show it with, empty for what is none, and `said` why there is no file. */
export function attachment(row) {
  const isFile = row.isdocument === true;
  const type = String(row.mimetype ?? "").split(";")[0].trim().toLowerCase();
  return {
    id: row.annotationid,
    message: row._objectid_value,
    title: row.subject ?? "",
    isFile,
    picture: isFile ? (PICTURES[type] ?? "") : "",
    name: row.filename || row.subject || "attachment",
    bytes: row.filesize ?? 0,
    said: isFile ? "" : row.notetext || "The attachment is not here.",
  };
}

/** Attachments by the text that they came with, each in the order that they had there ("Attachment 2" before 10). */
export function byText(attachments) {
  const found = new Map();
  for (const each of attachments) found.set(each.message, [...(found.get(each.message) ?? []), each]);
  for (const those of found.values()) those.sort((one, other) => one.title.localeCompare(other.title, "en", { numeric: true }));
  return found;
}

/** Whether all that came with a text is there as files: then nothing more comes. */
export function isComplete({ media }, attachments) {
  return attachments.length >= media && attachments.every((each) => each.isFile);
}

/** How many attachments of a text are not there, and whether they may still come. */
export function missing({ media, arrivedOn }, attachments, now) {
  return { count: Math.max(0, media - attachments.length), mayCome: now - Date.parse(arrivedOn) < DAY_MS };
}

/** The picture as an address that can only ever be a picture; `body` is base64. */
export function pictureUrl({ picture }, body) {
  return `data:${picture};base64,${body}`;
}

/** A file as bytes; `body` is base64. */
export function bytesOf(body) {
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}
