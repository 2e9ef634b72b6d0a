"""docs/emulator.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emulator.document.__main__ import main, renewed
from emulator.document.headers import HEADERS, PREFERENCES
from emulator.document.paths import PATHS
from emulator.document.sections import SECTIONS

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs/emulator.md"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")  # what is deleted is asked for nothing more


def test_the_document_is_up_to_date():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text) == text, "out of date: renew it with  python -m emulator.document docs/emulator.md"


def test_every_section_stands_in_it_once():
    found = re.findall(r"<!-- generated: (\w+) -->", DOCUMENT.read_text(encoding="utf-8"))
    assert sorted(found) == sorted(SECTIONS)


def test_what_stands_between_sections_is_left_alone(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("before\n<!-- generated: columns -->\nold\n<!-- end -->\nafter\n")
    assert main([str(file)]) == 0
    text = file.read_text()
    assert text.startswith("before\n<!-- generated: columns -->\n\nTypes of columns: ")
    assert text.endswith("\n\n<!-- end -->\nafter\n")
    assert "old" not in text
    assert main([]) == 2


@pytest.fixture
def ids(fresh, say):
    """A row or definition of each kind that a path may name."""
    for path, body in (
        ("EntityDefinitions", say.table("new_Thing")),
        ("EntityDefinitions(LogicalName='new_thing')/Attributes", say.column("String", "new_Code", MaxLength=9)),
        ("EntityDefinitions(LogicalName='new_thing')/Keys", {"SchemaName": "new_k", "KeyAttributes": ["new_name"]}),
        ("RelationshipDefinitions", say.one_to_many("new_of", "contact", "new_thing", "new_ContactId")),
        ("GlobalOptionSetDefinitions", {"Name": "new_kind", "Options": []}),
    ):
        assert fresh.post(path, body).status_code == 204
    account = fresh.create("accounts", {"name": "A"})
    link = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
    contact = fresh.create("contacts", {"lastname": "C", **link})
    return {
        "contacts": contact,
        "accounts": account,
        "phonecalls": fresh.create("phonecalls", {"subject": "S"}),
        "contact_customer_accounts": contact,
        "EntityDefinitions": "LogicalName='new_thing'",
        "Attributes": "LogicalName='new_code'",
        "Keys": "LogicalName='new_k'",
        "RelationshipDefinitions": "SchemaName='new_of'",
        "GlobalOptionSetDefinitions": "Name='new_kind'",
    }


def is_served(answer):
    elsewhere = answer.status_code == 400 and "Resource not found for the segment" in answer.text
    return answer.status_code not in (404, 405, 501) and not elsewhere


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "root")
def test_a_path_is_served_for_the_methods_that_the_document_names_and_no_others(fresh, ids, path):
    full = re.sub(r"(\w+)\(id\)", lambda match: f"{match[1]}({ids[match[1]]})", path)
    answers = {method: fresh(method, full, {} if method in ("POST", "PATCH", "PUT") else None) for method in METHODS}
    served = {method for method, answer in answers.items() if is_served(answer)}
    assert served == set(PATHS[path][0].split()), {method: answer.text[:200] for method, answer in answers.items()}


# Names of a request's headers are in lower case; those of an answer are not, or are set.
READ = re.compile(
    r"""headers\.get\(\s*"([a-z.-]+)"|headers\[\s*"([a-z.-]+)"\](?!\s*=)|"([a-z.-]+)"\s+in\s+(?:\w+\.)*headers\b"""
)
PREFERRED = re.compile(r"""preferences(?:\(\))?\.get\(\s*"([\w.-]+)"|"([\w.-]+)"\s+in\s+call\.preferences\(\)""")


@pytest.mark.parametrize(("pattern", "known"), [(READ, HEADERS), (PREFERRED, PREFERENCES)])
def test_no_header_is_read_that_the_document_does_not_name(pattern, known):
    found = {
        next(filter(None, match.groups())).lower(): file.name
        for file in ROOT.glob("emulator/**/*.py")
        for match in pattern.finditer(file.read_text(encoding="utf-8"))
    }
    assert len(found) >= 4
    assert {name: file for name, file in found.items() if name not in known} == {}
