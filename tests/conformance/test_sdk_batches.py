"""Microsoft's SDK: batches, and change sets in them."""

from __future__ import annotations

import pytest


def test_what_is_in_a_batch_is_done_in_its_order(sdk, web, word):
    old = web.create("accounts", {"name": f"{word} old"})
    batch = sdk.batch.new()
    batch.records.create("account", {"name": f"{word} 1"})
    batch.records.create("account", [{"name": f"{word} 2"}, {"name": f"{word} 3"}])
    batch.records.update("account", old, {"name": f"{word} 4"})
    batch.records.list("account", filter=f"startswith(name,'{word}')", select=["name"], orderby=["name"])
    batch.records.retrieve("account", old, select=["name"])
    batch.records.delete("account", old)

    done = batch.execute()

    assert [each.status_code for each in done.responses] == [204, 200, 204, 200, 200, 204]
    assert [row["name"] for row in done.responses[3].data["value"]] == [f"{word} {number}" for number in range(1, 5)]
    assert done.responses[4].data["name"] == f"{word} 4"
    assert web.row(f"accounts({done.responses[0].entity_id})")["name"] == f"{word} 1"
    assert len(done.responses[1].data["Ids"]) == 2
    assert web.names("accounts", word) == [f"{word} {number}" for number in (1, 2, 3)]


def test_a_change_set_refers_to_what_it_made(sdk, web, word):
    batch = sdk.batch.new()
    with batch.changeset() as changes:
        account = changes.records.create("account", {"name": word})
        contact = changes.records.create("contact", {"lastname": word, "parentcustomerid_account@odata.bind": account})
        changes.records.update("contact", contact, {"firstname": "Kim"})

    done = batch.execute()

    assert [each.content_id for each in done.responses] == ["1", "2", "3"]
    row = web.row(f"contacts({done.responses[1].entity_id})")
    assert (row["fullname"], row["_parentcustomerid_value"]) == (f"Kim {word}", done.responses[0].entity_id)


def test_a_change_set_is_kept_or_undone_as_a_whole(sdk, web, word):
    batch = sdk.batch.new()
    with batch.changeset() as changes:
        changes.records.create("account", {"name": word})
        changes.records.create("account", {"nosuch": word})

    done = batch.execute()

    assert [(each.status_code, each.content_id) for each in done.failed] == [(400, "2")]
    assert done.failed[0].error_code == "0x80048d19"
    assert done.succeeded == []
    assert web.names("accounts", word) == []


@pytest.mark.parametrize(("goes_on", "kept"), [(False, ["1"]), (True, ["1", "3"])])
def test_a_batch_ends_at_a_failure_unless_it_is_told_to_go_on(sdk, web, word, goes_on, kept):
    batch = sdk.batch.new()
    batch.records.create("account", {"name": f"{word} 1"})
    with batch.changeset() as changes:
        changes.records.create("account", {"name": f"{word} 2"})
        changes.records.create("account", {"name": f"{word} 3" * 50})
    batch.records.create("account", {"name": f"{word} 3"})

    done = batch.execute(continue_on_error=goes_on)

    assert [each.status_code for each in done.responses] == [204, 400, 204][: 2 + goes_on]
    assert web.names("accounts", word) == [f"{word} {number}" for number in kept]


def test_two_change_sets_stand_for_themselves(sdk, web, word):
    batch = sdk.batch.new()
    for second in ({"name": f"{word} B"}, {"nosuch": 1}):
        with batch.changeset() as changes:
            changes.records.create("account", {"name": f"{word} A"})
            changes.records.create("account", second)

    done = batch.execute(continue_on_error=True)

    assert [each.status_code for each in done.responses] == [204, 204, 400]
    assert web.names("accounts", word) == [f"{word} A", f"{word} B"]


def test_many_rows_are_deleted_by_a_job_out_of_a_batch(sdk, web, word):
    ids = [web.create("accounts", {"name": word}) for _ in range(3)]
    batch = sdk.batch.new()
    batch.records.delete("account", ids)

    done = batch.execute()

    assert web.is_there(f"asyncoperations({done.responses[0].data['JobId']})")
    assert web.names("accounts", word) == []


def test_a_batch_defines_tables_and_columns(sdk, web, table_name):
    batch = sdk.batch.new()
    batch.tables.create(table_name, {"new_Code": "string"})
    batch.tables.get(table_name)
    assert [each.status_code for each in batch.execute().responses] == [204, 200]

    batch = sdk.batch.new()
    batch.tables.add_columns(table_name, {"new_Size": "int"})
    batch.tables.remove_columns(table_name, ["new_Code"])
    assert not batch.execute().has_errors

    columns = web.rows(f"EntityDefinitions(LogicalName='{table_name.lower()}')/Attributes?$select=LogicalName")
    names = {column["LogicalName"] for column in columns}
    assert "new_size" in names
    assert "new_code" not in names
