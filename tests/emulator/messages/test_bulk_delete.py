"""Many rows are deleted by a query, in a job."""

from __future__ import annotations

import pytest

GUID = "System.Guid"


def query(table, *conditions, **more):
    criteria = {"FilterOperator": "And", "Conditions": list(conditions), **more}
    return {"@odata.type": "Microsoft.Dynamics.CRM.QueryExpression", "EntityName": table, "Criteria": criteria}


def condition(name, operator, *values):
    return {"AttributeName": name, "Operator": operator, "Values": list(values)}


def bulk_delete(web, *queries, **more):
    body = {
        "JobName": "Clean up", "SendEmailNotification": False, "ToRecipients": [], "CCRecipients": [],
        "RecurrencePattern": "", "StartDateTime": "2026-03-10T00:00:00Z", "QuerySet": list(queries),
    }  # fmt: skip
    return web.post("BulkDelete", {**body, **more})


@pytest.fixture
def rows(web):
    return [web.create("contacts", {"lastname": name}) for name in ("Ash", "Birch", "Cedar")]


def left(web, rows):
    return [web.get(f"contacts({row})").status_code == 200 for row in rows]


def test_rows_are_deleted_by_their_ids_as_the_official_client_asks(web, rows):
    values = [{"Value": row, "Type": GUID} for row in rows[:2]]
    answer = bulk_delete(web, query("contact", condition("contactid", "In", *values)))
    assert answer.status_code == 200
    assert left(web, rows) == [False, False, True]
    job = web.row(f"asyncoperations({answer.json()['JobId']})")
    assert (job["name"], job["operationtype"], job["statecode"], job["statuscode"]) == ("Clean up", 13, 3, 30)


def test_conditions_of_every_shape(web, rows, new_id):
    tag = new_id()
    for row, number in zip(rows, (1, 2, 3), strict=True):
        web.patch(f"contacts({row})", {"jobtitle": tag, "numberofchildren": number, "donotphone": number == 2})
    either = {"FilterOperator": "Or", "Conditions": [condition("lastname", "Equal", "ASH"),
                                                     condition("donotphone", "Equal", True)]}  # fmt: skip
    conditions = (condition("jobtitle", "Equal", tag), condition("numberofchildren", "LessThan", 3))
    assert bulk_delete(web, query("contact", *conditions, Filters=[either])).status_code == 200
    assert left(web, rows) == [False, False, True]
    more = [condition("lastname", "BeginsWith", "Ce"), condition("gendercode", "Null")]
    assert bulk_delete(web, query("contact", condition("jobtitle", "Equal", tag), *more)).status_code == 200
    assert left(web, rows) == [False, False, False]


def test_a_row_that_cannot_be_deleted_stays(custom, new_id):
    held, free = (custom.create("new_channels", {"new_digits": str(int(new_id()[:8], 16))}) for _ in range(2))
    custom.create("new_messages", {"new_name": "M", "new_ChannelId@odata.bind": f"/new_channels({held})"})
    answer = bulk_delete(custom, query("new_channel", condition("new_channelid", "In", held, free)))
    assert answer.status_code == 200
    assert custom.get(f"new_channels({held})").status_code == 200
    assert custom.get(f"new_channels({free})").status_code == 404


@pytest.mark.parametrize(
    ("queries", "status"),
    [
        ([], 400),
        (["x"], 400),
        ([query("nosuch")], 400),
        ([{**query("contact"), "Criteria": "x"}], 400),
        ([query("contact", {"Operator": "Equal"})], 400),
        ([query("contact", condition("nosuch", "Equal", 1))], 400),
        ([query("contact", condition("lastname", "Equal", {"Value": []}))], 400),
        ([query("contact", FilterOperator="Xor")], 400),
        ([query("contact", condition("lastname", "Sounds", "x"))], 501),
        ([{**query("contact"), "LinkEntities": [{}]}], 501),
    ],
)
def test_a_query_that_is_refused_deletes_nothing(web, rows, queries, status):
    first = query("contact", condition("contactid", "In", *rows))
    assert bulk_delete(web, *([first] if queries else []), *queries).status_code == status
    assert left(web, rows) == [True, True, True]


def test_it_takes_a_privilege_and_deletes_what_the_caller_sees(web, say, rows):
    seller = web.user(role=say.salesperson)
    by_ids = query("contact", condition("contactid", "In", *rows))
    assert bulk_delete(web.as_user(seller), by_ids).status_code == 403
    assert bulk_delete(web, by_ids, RecurrencePattern="FREQ=DAILY;").status_code == 501
    assert left(web, rows) == [True, True, True]


def test_rows_of_standard_tables_are_not_deleted_together(web, say, rows):
    targets = [{"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": row} for row in rows]
    answer = web.post("contacts/Microsoft.Dynamics.CRM.DeleteMultiple", {"Targets": targets})
    assert (answer.status_code, say.code(answer)) == (400, "0x80040800")
    assert left(web, rows) == [True, True, True]
