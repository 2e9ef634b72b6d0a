"""What the other tests spoil is right: so that what is spoilt once is wrong in one place."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

# Good for nothing but to be spoilt: a token of another environment, a key that needs no second attempt.
REFUSED = ("$deltatoken", "$skiptoken", "ReactivateEntityKey")


def is_answered(got, what):
    assert got.status < 300 or any(word in what for word in REFUSED), (what, got)


def test_every_read_of_the_corpus_is_answered(arena, spoil, sent):
    for line in spoil.lines("reads.txt"):
        path, _, query = line.partition("?")
        is_answered(arena.judge(sent("GET", path.encode(), quote(query, safe="$&=@(),'/:;?%").encode())), line)


def test_every_fetch_of_the_corpus_is_answered(arena, spoil, sent):
    for line in spoil.lines("fetchxml.txt"):
        table = line.partition("<entity name='")[2].partition("'")[0]
        path = arena.service.catalog.schema.tables[table].set_name.encode()
        is_answered(arena.judge(sent("GET", path, b"fetchXml=" + quote(line, safe="").encode())), line)


def test_every_write_of_the_corpus_is_done_and_leaves_rows_that_fit_together(arena, spoil, sent):
    for method, path, body in spoil.writes():
        is_answered(arena.judge(sent(method, path.encode(), body=json.dumps(body).encode() if body else b"")), path)
        arena.check()
        arena.restore()
    arena.check_file()


@pytest.mark.parametrize("harm", ["DELETE FROM account", "DELETE FROM activitypointer", "UPDATE _version SET value = 1",
                                  "UPDATE task SET ownerid = 'x'",
                                  "UPDATE contact SET parentcustomerid = 'x'"])  # fmt: skip
def test_the_check_finds_what_does_not_fit(arena, harm):
    with arena.service.store.writing() as db:
        db.execute(harm)
    with pytest.raises(AssertionError):
        arena.check()
    arena.restore()
    arena.check()
