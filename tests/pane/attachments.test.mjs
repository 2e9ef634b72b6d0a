import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../pane/api.js";
import { attachment, byText, bytesOf, isComplete, missing, pictureUrl } from "../../pane/attachments.js";
import { attachmentsOf, fileOf } from "../../pane/queries.js";
import { fileError, missingAttachments, sizeOf } from "../../pane/words.js";

const row = (more) => ({ annotationid: "n", _objectid_value: "m", isdocument: true, filename: "a.jpg", filesize: 5, ...more });

test("only png, jpeg, gif and webp are shown as pictures, whatever a file calls itself", () => {
  for (const type of ["image/png", "image/jpeg", "IMAGE/JPG", "image/gif; x=1", "image/webp"])
    assert.match(attachment(row({ mimetype: type })).picture, /^image\/(png|jpeg|gif|webp)$/, type);
  for (const type of ["image/svg+xml", "text/html", "application/pdf", "image/png,text/html", "image/heic", "__proto__", "toString", null, undefined])
    assert.equal(attachment(row({ mimetype: type, filename: "a.png" })).picture, "", String(type));
});

test("a note without a file is a sentence in its place and never a picture", () => {
  const found = attachment(row({ isdocument: false, mimetype: "image/png", notetext: "It is too large." }));

  assert.deepEqual([found.isFile, found.picture, found.said], [false, "", "It is too large."]);
  assert.equal(attachment(row({ isdocument: false })).said, "The attachment is not here.");
});

test("attachments come in the order of their places", () => {
  const notes = ["Attachment 10", "Attachment 2", "Attachment 1"].map((subject) => attachment(row({ subject })));

  assert.deepEqual(byText(notes).get("m").map(({ title }) => title), ["Attachment 1", "Attachment 2", "Attachment 10"]);
});

test("a text is complete with a file for each attachment, and until then it is asked again", () => {
  const [file, placeholder] = [attachment(row()), attachment(row({ isdocument: false }))];

  assert.equal(isComplete({ media: 1 }, [file]), true);
  assert.equal(isComplete({ media: 2 }, [file]), false);
  assert.equal(isComplete({ media: 1 }, [placeholder]), false);
});

test("what is not there may come for a day", () => {
  const text = { media: 3, arrivedOn: "2026-11-20T09:00:00Z" };

  assert.deepEqual(missing(text, [{}], Date.parse("2026-11-20T10:00:00Z")), { count: 2, mayCome: true });
  assert.deepEqual(missing(text, [{}, {}, {}, {}], Date.parse("2026-11-22T10:00:00Z")), { count: 0, mayCome: false });
  assert.equal(missingAttachments(1, { mayCome: true }), "1 attachment, not here yet");
  assert.equal(missingAttachments(2, { mayCome: false }), "2 attachments, not stored");
  assert.match(missingAttachments(2, { isForbidden: true }), /^2 attachments, not for you to see/);
});

test("the address of a picture can only be a picture, and a file is its bytes", () => {
  assert.equal(pictureUrl({ picture: "image/png" }, "AAEC"), "data:image/png;base64,AAEC");
  assert.deepEqual([...bytesOf("AAH/")], [0, 1, 255]);
});

test("sizes are said in round numbers", () => {
  assert.deepEqual(
    [0, undefined, 1, 800, 1024, 1_600, 123_456, 5_242_880].map((bytes) => sizeOf(bytes, "en-GB")),
    ["", "", "1 byte", "800 bytes", "1 KB", "1.6 KB", "121 KB", "5 MB"],
  );
});

test("what came with all texts of a page is asked for at once, without the files", () => {
  const path = attachmentsOf(["a", "b"]);

  assert.match(path, /^annotations\?\$select=annotationid,[a-z,_]+&\$filter=_objectid_value%20eq%20a%20or%20_objectid_value%20eq%20b&/);
  assert.doesNotMatch(path, /documentbody/);
  assert.equal(fileOf("n"), "annotations(n)?$select=documentbody");
});

test("why a file cannot be had is said with the next step", () => {
  for (const kind of ["away", "busy", "refused"]) assert.match(fileError(new ApiError(kind, "No.")), /Try again in a moment\.$/);
  assert.doesNotMatch(fileError(new ApiError("away")), /It will be tried again/);
  assert.match(fileError(new ApiError("missing")), /not there any more/);
  assert.match(fileError(new Error("broken")), /damaged/);
});
