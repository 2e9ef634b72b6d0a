"""In-app notifications and who-am-I."""

from __future__ import annotations

import json

import pytest


def notification(user, **more):
    return {"Title": "New SMS", "Body": "from a customer", "Recipient": f"/systemusers({user})", **more}


OPEN = {
    "@odata.type": "Microsoft.Dynamics.CRM.expando",
    "actions@odata.type": "#Collection(Microsoft.Dynamics.CRM.expando)",
    "actions": [
        {
            "title": "Open",
            "data": {
                "@odata.type": "#Microsoft.Dynamics.CRM.expando",
                "type": "url",
                "url": "?pagetype=entityrecord&etn=contact&id=0b000000-0000-4000-8000-000000000001",
                "navigationTarget": "newWindow",
            },
        }
    ],
}


def test_a_notification_is_a_row_of_its_recipient(web, say):
    more = {"IconType": 100000001, "ToastType": 200000001, "Priority": 200000001, "Expiry": 60}
    answer = web.post("SendAppNotification", notification(say.administrator, **more))
    assert answer.status_code == 200
    row = web.row(f"appnotifications({answer.json()['NotificationId']})")
    assert (row["title"], row["body"]) == ("New SMS", "from a customer")
    assert (row["icontype"], row["toasttype"], row["priority"]) == (100000001, 200000001, 200000001)
    assert (row["ttlinseconds"], row["data"]) == (60, None)
    assert (row["_ownerid_value"], row["_createdby_value"]) == (say.administrator, say.application_user)


def test_what_is_left_out_has_its_default(web, say):
    answer = web.post("SendAppNotification", notification(say.administrator))
    row = web.row(f"appnotifications({answer.json()['NotificationId']})")
    assert (row["icontype"], row["toasttype"], row["priority"]) == (100000000, 200000000, 200000000)
    assert row["ttlinseconds"] == 14 * 24 * 3600


def test_actions_and_overrides_are_kept_as_the_app_reads_them(web, say):
    override = {"@odata.type": "#Microsoft.Dynamics.CRM.expando", "title": "**New SMS**"}
    body = notification(say.administrator, Actions=OPEN, OverrideContent=override)
    answer = web.post("SendAppNotification", body)
    data = json.loads(web.row(f"appnotifications({answer.json()['NotificationId']})")["data"])
    assert data["title"] == "**New SMS**"
    assert data["actions"][0]["data"]["navigationTarget"] == "newWindow"
    assert "@odata" not in json.dumps(data)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"Title": None}, 400),
        ({"Title": ""}, 400),
        ({"Title": "x" * 257}, 400),
        ({"Body": "x" * 501}, 400),
        ({"IconType": 1}, 400),
        ({"Expiry": 0}, 400),
        ({"Recipient": None}, 400),
        ({"Recipient": "/teams(0a000000-0000-4000-8000-000000000003)"}, 400),
        ({"Recipient": "/systemusers(0b000000-0000-4000-8000-0000000000ff)"}, 404),
    ],
)
def test_a_notification_that_is_refused(web, say, change, status):
    answer = web.post("SendAppNotification", {**notification(say.administrator), **change})
    assert answer.status_code == status


def test_who_notifies_others_needs_the_privilege_for_it_and_create_beyond_the_own_rows(web, say):
    sender = web.user("Sender", role=say.salesperson)
    role = web.create(
        "roles", {"name": f"Role {sender}", "businessunitid@odata.bind": f"/businessunits({say.business_unit})"}
    )
    web.post(f"systemusers({sender})/systemuserroles_association/$ref", {"@odata.id": f"{web.root}roles({role})"})

    def give(name, depth):
        found = web.get(f"privileges?$filter=name eq '{name}'").json()["value"][0]["privilegeid"]
        given = {"Privileges": [{"PrivilegeId": found, "Depth": depth}]}
        assert web.post(f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", given).status_code == 204

    def send(recipient):
        return web.as_user(sender).post("SendAppNotification", notification(recipient))

    assert "prvSendAppNotification" in send(sender).json()["error"]["message"]
    give("prvSendAppNotification", "Global")
    assert (send(sender).status_code, send(say.administrator).status_code) == (200, 403)
    give("prvCreateappnotification", "Local")
    assert send(say.administrator).status_code == 200


def test_a_disabled_user_is_not_notified(web):
    user = web.user("Disabled")
    assert web.post("SendAppNotification", notification(user)).status_code == 200
    web.patch(f"systemusers({user})", {"isdisabled": True})
    assert web.post("SendAppNotification", notification(user)).status_code == 400


def test_a_notification_goes_with_its_change_set(web, say, new_id):
    row = new_id()
    contact = ("POST", "contacts", {"contactid": row, "lastname": "A"})
    title = f"About {row}"
    notify = ("POST", "SendAppNotification", notification(say.administrator, Title=title))
    sent = f"appnotifications?$filter=title eq '{title}'"
    assert web.batch([contact, notify, ("POST", "contacts", {"lastname": 1})])[0].status_code == 400
    assert web.get(sent).json()["value"] == []
    assert web.batch([contact, notify])[0].status_code == 200
    assert len(web.get(sent).json()["value"]) == 1


def test_a_notification_can_be_a_row_of_its_own(web, say):
    owner = {"ownerid@odata.bind": f"/systemusers({say.administrator})"}
    assert web.create("appnotifications", {"title": "T", "ttlinseconds": 1, **owner})
    assert web.post("appnotifications", {"body": "no title", **owner}).status_code == 400


def test_who_am_i(web, say):
    found = web.get("WhoAmI").json()
    assert found["@odata.context"] == f"{web.root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse"
    assert web.get("WhoAmI()").json() == found
    assert web.row(f"organizations({found['OrganizationId']})")["name"] == "emulator"


def test_the_languages_of_the_organization_can_be_asked_for(web):
    assert web.row("RetrieveAvailableLanguages()")["LocaleIds"] == [1033]


@pytest.mark.parametrize(
    "call",
    ["(EntityNames=['account','contact'])", '(EntityNames=@p1)?@p1=["account","contact"]'],
)
def test_the_rows_of_tables_are_counted(web, call):
    web.create("accounts", {"name": "A"})
    found = web.row(f"RetrieveTotalRecordCount{call}")["EntityRecordCountCollection"]
    counts = [web.row(f"{each}?$count=true&$top=1")["@odata.count"] for each in ("accounts", "contacts")]
    assert (found["Keys"], found["Values"]) == (["account", "contact"], counts)


@pytest.mark.parametrize(
    ("names", "error"), [("['nosuchtable']", "0x80041102"), ("[]", "0x80040203"), ("1", "0x80040203")]
)
def test_what_is_no_table_cannot_be_counted(web, say, names, error):
    answer = web.get(f"RetrieveTotalRecordCount(EntityNames={names})")
    assert (answer.status_code, say.code(answer)) == (400, error)


def test_a_notification_may_be_answered_without_a_body(fresh, say):
    fresh.service.behaviour.notifications_without_body = True
    body = {"Title": "T", "Recipient": f"/systemusers({say.administrator})"}
    answer = fresh.post("SendAppNotification", body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert fresh.get("appnotifications/$count").text == "1"
