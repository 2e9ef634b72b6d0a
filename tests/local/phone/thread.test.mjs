import assert from "node:assert/strict";
import { test } from "node:test";

import { became, merge, newestFiled } from "../../../local/phone/static/thread.js";

const call = { status: 200 };
const filed = { record: { name: "Ada Quist", table: "contact" }, owner: "Maya Lindqvist", conversation: "c1" };
const row = (id, on, more = {}) => ({ id, on, text: id, incoming: true, filed, ...more });
const sent = (id, on, calls = [call]) => ({ id, on, text: id, calls });

test("a text that has been filed is shown once, with the calls that brought it", () => {
  const texts = merge([row("a", "2026-11-20T10:00:00Z")], [sent("a", "2026-11-20T10:00:00.400Z", [call, call])]);

  assert.deepEqual(texts.map(({ id, filed, calls }) => [id, filed.conversation, calls.length]), [["a", "c1", 2]]);
});

test("texts on their way stand among the others by their time", () => {
  const rows = [row("a", "2026-11-20T10:00:00Z"), row("c", "2026-11-20T10:00:02Z")];

  assert.deepEqual(merge(rows, [sent("b", "2026-11-20T10:00:00.400Z")]).map((text) => text.id), ["a", "b", "c"]);
});

test("a text that is on its way says whether it waits for Dataverse", () => {
  const [text] = merge([], [sent("a", "2026-11-20T10:00:00Z")]);

  assert.deepEqual(became(text, true), { kind: "waiting", text: "Taken, on its way …" });
  assert.match(became(text, false).text, /waits in the queue/);
});

for (const [status, said] of [[403, /^Refused/], [503, /^Not taken/]]) {
  test(`a text that was answered ${status} is not expected any more`, () => {
    const [text] = merge([], [sent("a", "2026-11-20T10:00:00Z", [{ status }])]);

    assert.equal(became(text, true).kind, "refused");
    assert.match(became(text, true).text, said);
  });
}

test("a text is refused only if no call was taken", () => {
  const [text] = merge([], [sent("a", "2026-11-20T10:00:00Z", [{ status: 503 }, { status: 200 }])]);

  assert.equal(became(text, true).kind, "waiting");
});

test("where a text was filed is said with what is known", () => {
  const said = (more, calls = [call]) => became({ incoming: true, filed: { ...filed, ...more }, calls }, true).text;

  assert.equal(said({}), "Filed under Ada Quist, contact of Maya Lindqvist");
  assert.equal(said({}, [call, call, call]), "Stored once under Ada Quist, contact of Maya Lindqvist");
  assert.equal(said({ owner: "" }), "Filed under Ada Quist, contact");
  assert.equal(said({ record: null }), "Filed without a record, for Maya Lindqvist");
});

test("nothing became of a text of the company", () => {
  assert.equal(became({ incoming: false, filed, calls: [] }, true), null);
});

test("the newest of the awaited texts is followed, and only once it is filed", () => {
  const rows = [row("a", "2026-11-20T10:00:00Z"), row("b", "2026-11-20T10:00:01Z"), row("c", "2026-11-20T10:00:02Z")];

  assert.equal(newestFiled(rows, new Set(["a", "b"])).id, "b");
  assert.equal(newestFiled([{ ...rows[0], filed: null }], new Set(["a"])), undefined);
  assert.equal(newestFiled(rows, new Set()), undefined);
});
