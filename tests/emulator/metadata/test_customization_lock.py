"""While another customization runs, every change of definitions is refused; reads and rows go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

CONTACT = "EntityDefinitions(LogicalName='contact')"


@pytest.fixture
def locked(fresh):
    fresh.service.behaviour.customization_locked = True
    return fresh


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "EntityDefinitions", "table"),
        ("POST", f"{CONTACT}/Attributes", "column"),
        ("PUT", f"{CONTACT}/Attributes(LogicalName='mobilephone')", "column"),
        ("DELETE", f"{CONTACT}/Keys(LogicalName='new_key')", None),
        ("POST", "PublishXml", {"ParameterXml": "<importexportxml/>"}),
        ("POST", "PublishAllXml", {}),
    ],
)
def test_changes_are_refused(fresh, say, method, path, body):
    key = {"SchemaName": "new_key", "KeyAttributes": ["emailaddress1"], "DisplayName": say.label("Key")}
    assert fresh.post(f"{CONTACT}/Keys", key).status_code == 204
    fresh.service.behaviour.customization_locked = True
    made = {"table": say.table("new_Thing"), "column": say.column("String", "new_Text", MaxLength=50)}
    answer = fresh(method, path, made.get(body, body) if isinstance(body, str) else body)
    assert (answer.status_code, say.code(answer)) == (400, "0x80071151")
    fresh.service.behaviour.customization_locked = False
    assert [key["SchemaName"] for key in fresh.row(f"{CONTACT}/Keys")["value"]] == ["new_key"]


def test_rows_and_reads_go_on(locked):
    assert locked.create("contacts", {"lastname": "A"})
    assert locked.get("EntityDefinitions?$select=LogicalName").status_code == 200


def test_afterwards_changes_go_on(locked, say):
    locked.service.behaviour.customization_locked = False
    assert locked.post("EntityDefinitions", say.table("new_Thing")).status_code == 204


def test_two_at_once_are_both_done(fresh, say):
    names = [f"new_Thing{number}" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda name: say.web(fresh.origin).post("EntityDefinitions", say.table(name)), names))
    assert {answer.status_code for answer in answers} == {204}
    codes = fresh.row("EntityDefinitions?$select=LogicalName,ObjectTypeCode&$filter=IsCustomEntity eq true")["value"]
    assert len({row["ObjectTypeCode"] for row in codes}) == 6
    assert min(row["ObjectTypeCode"] for row in codes) >= 10_000


def test_the_same_at_once_is_there_once(fresh, say):
    with ThreadPoolExecutor(4) as pool:
        tables = [say.table("new_Thing") for _ in range(4)]
        answers = list(pool.map(lambda table: say.web(fresh.origin).post("EntityDefinitions", table), tables))
    assert sorted(answer.status_code for answer in answers) == [204, 400, 400, 400]
