"""Many rows of one table in one request: all of them or none."""

from __future__ import annotations

import pytest

KIND = {"@odata.type": "Microsoft.Dynamics.CRM.contact"}


def multiple(web, name, *targets, entity_set="contacts"):
    return web.post(f"{entity_set}/Microsoft.Dynamics.CRM.{name}", {"Targets": list(targets)})


def test_rows_are_created_in_order(web):
    answer = multiple(web, "CreateMultiple", *({**KIND, "lastname": name} for name in "abc"))
    assert answer.status_code == 200
    assert [web.row(f"contacts({row})")["lastname"] for row in answer.json()["Ids"]] == ["a", "b", "c"]


def test_rows_are_updated(web, new_id):
    rows = [web.create("contacts", {"lastname": "old"}) for _ in range(2)]
    assert (
        multiple(web, "UpdateMultiple", *({**KIND, "contactid": row, "lastname": "new"} for row in rows)).status_code
        == 204
    )
    assert [web.row(f"contacts({row})")["lastname"] for row in rows] == ["new", "new"]
    last = {**KIND, "contactid": rows[0], "lastname": "never"}
    assert multiple(web, "UpdateMultiple", last, {**KIND, "contactid": new_id()}).status_code == 404
    assert web.row(f"contacts({rows[0]})")["lastname"] == "new"


def test_rows_are_upserted_by_id_or_key(custom, new_id):
    kind, row = {"@odata.type": "#Microsoft.Dynamics.CRM.new_channel"}, new_id()
    by_id = {**kind, "new_channelid": row, "new_name": "by id"}
    by_key = {**kind, "@odata.id": "new_channels(new_digits='15550166')", "new_name": "by key"}
    for _ in range(2):
        assert multiple(custom, "UpsertMultiple", by_id, by_key, entity_set="new_channels").status_code == 204
    assert custom.row(f"new_channels({row})")["new_name"] == "by id"
    assert custom.row("new_channels(new_digits='15550166')")["new_name"] == "by key"


@pytest.mark.parametrize("name", ["CreateMultiple", "UpdateMultiple", "UpsertMultiple"])
@pytest.mark.parametrize("targets", [[], [{"lastname": "A"}], [{"@odata.type": "Microsoft.Dynamics.CRM.lead"}], ["x"]])
def test_targets_that_are_refused(web, say, name, targets):
    answer = multiple(web, name, *targets)
    assert (answer.status_code, say.code(answer)) == (400, "0x80048d19")


def test_one_bad_row_undoes_all(web, new_id):
    good = {**KIND, "contactid": new_id(), "lastname": "A"}
    assert multiple(web, "CreateMultiple", good, {**KIND, "lastname": 1}).status_code == 400
    assert web.get(f"contacts({good['contactid']})").status_code == 404


def test_bulk_is_bound_to_a_set(web):
    row = web.create("contacts", {"lastname": "A"})
    path = f"contacts({row})/Microsoft.Dynamics.CRM.CreateMultiple"
    assert web.post(path, {"Targets": [{**KIND, "lastname": "A"}]}).status_code == 400
