"""The JSON API over HTTP, against the real function app and the emulator: texts in, what sellers get out."""

from __future__ import annotations

import json

import pytest

from dataverse.webapi.request import Request
from local.company.cast import HARBOURS, INES, INESS, MAYA, MAYAS, RAVI, RAVIS, TOM
from messaging import ids

ADA = "+12065550187"
THE_WICKS = "+12065550142"
SAM = "+12065550133"
BO = "+46701740605"


def test_the_company_has_people_with_their_numbers_its_own_numbers_and_readers(page):
    company = page.http.get("/api/company").json()

    assert {person["number"]: person["name"] for person in company["people"]}[ADA] == "Ada Quist"
    assert {number["provider"] for number in company["numbers"]} == {
        "Twilio",
        "TeleSign",
        "Azure Communication Services",
    }
    assert [reader["name"] for reader in company["readers"]][-1] == "the administrator"
    assert company["outcomes"]["twilio-demo"][0] == {"key": "sent", "label": "Sent"}


@pytest.mark.parametrize(
    ("number", "path", "answer"),
    [
        (MAYAS, "/api/callbacks/twilio-demo/inbound", "TwiML"),
        (HARBOURS, "/api/callbacks/acs-demo/inbound", "no body"),
        (INESS, "/api/callbacks/telesign-demo/inbound", "no body"),
    ],
    ids=["twilio", "acs", "telesign"],
)
def test_every_provider_calls_and_the_text_is_filed_under_a_new_lead(page, stranger, number, path, answer):
    told = page.text(stranger, number, "Привет 🔔 שלום").json()

    (text,) = told["texts"]
    (call,) = text["calls"]
    assert (call["path"], call["status"], call["answer"]) == (path, 200, answer)
    (stored,) = page.thread(stranger, number)
    assert stored["id"] == text["id"]
    assert stored["text"] == "Привет 🔔 שלום"
    assert stored["filed"]["record"] == {"name": stranger, "table": "lead", "seen": True}
    assert stored["filed"]["owner"] == number.owner.name


def test_a_text_shows_in_bell_list_and_conversation_of_the_seller_whom_it_reaches(page, stranger):
    page.text(stranger, MAYAS, "Do you mend bells?")
    conversation = page.thread(stranger, MAYAS)[0]["filed"]["conversation"]

    page.until(lambda: conversation in [entry["opens"] for entry in page.state(MAYA)["view"]["bell"]])
    view = page.state(MAYA, conversation=conversation)["view"]

    entry = next(entry for entry in view["bell"] if entry["opens"] == conversation)
    assert (entry["title"], entry["body"]) == (f"Text from {stranger}", "Do you mend bells?")
    listed = next(each for each in view["conversations"] if each["id"] == conversation)
    assert listed["last"] == {"text": "Do you mend bells?", "incoming": True}
    assert (listed["unread"], listed["record"]["table"], listed["owner"]) == (1, "lead", "Maya Lindqvist")
    (message,) = view["messages"]
    assert (message["status"], message["incoming"]) == ("Received", True)
    assert message["because"] == "Because no record carries the number and none holds a conversation with it."


def test_another_seller_sees_neither_the_conversation_nor_its_texts_nor_why(page, stranger):
    page.text(stranger, MAYAS, "Only for Maya")
    (stored,) = page.thread(stranger, MAYAS)

    view = page.state(INES, conversation=stored["filed"]["conversation"])["view"]

    assert stored["filed"]["conversation"] not in [each["id"] for each in view["conversations"]]
    assert view["messages"] == []
    assert page.why(INES, stored["id"]).status_code == 404
    assert page.why(MAYA, stored["id"]).status_code == 200


def test_a_seller_without_the_role_is_told_so_and_reads_no_texts(page):
    page.text(BO, RAVIS, "Call me, Ravi")
    page.thread(BO, RAVIS)

    view = page.until(lambda: found if (found := page.state(RAVI)["view"])["bell"] else None)

    assert view["may_read"] is False
    assert view["bell"][0]["title"] == "You cannot receive text messages yet"


def test_the_administrator_sees_whose_bell_rang(page, stranger):
    page.text(stranger, MAYAS)
    page.thread(stranger, MAYAS)

    bell = page.until(
        lambda: [each for each in page.state()["view"]["bell"] if each["title"] == f"Text from {stranger}"]
    )

    assert [each["whose"] for each in bell] == ["Maya Lindqvist"]


def test_why_says_who_was_told_and_names_the_people_whom_the_reader_may_see(page, stranger):
    page.text(stranger, MAYAS)
    (stored,) = page.thread(stranger, MAYAS)
    assert page.why(MAYA, stored["id"]).json()["sentences"][-1] == "The owner of the number was told."
    path = f"txv_textmessages({stored['id']})"
    read = Request(method="GET", path=f"{path}?$select=txv_routing")
    routing = json.loads(page.client.send(read).json()["txv_routing"])
    unknown = "0b000000-0000-4000-8000-000000000000"
    passed = [{"id": each, "because": "disabled"} for each in (str(INES.principal.id), unknown)]
    told = {"line": "administrators", "passed_over": passed}
    body = {"txv_routing": json.dumps({**routing, "told": told})}
    page.client.send(Request(method="PATCH", path=path, headers={"If-Match": "*"}, body=body, repeatable=True))

    assert page.why(MAYA, stored["id"]).json()["sentences"][-2:] == [
        f"{INES.name} and someone else were passed over: disabled.",
        "The administrators were told instead.",
    ]


def test_why_names_the_records_that_the_reader_may_see_and_no_others(page):
    sent = page.text(THE_WICKS, HARBOURS, "Where is my bell?").json()["texts"][0]["id"]
    page.thread(THE_WICKS, HARBOURS)

    everything, limited = page.why("administrator", sent).json(), page.why(INES, sent).json()

    assert everything["sentences"][0].startswith("Fog bell refit was chosen because it belongs to the team")
    assert {head["name"] for head in everything["candidates"]} == {
        "Fog bell refit",
        "Walter Wick",
        "Wick & Sons Chandlery",
        "Wilma Wick",
    }
    assert [tier["title"] for tier in everything["tiers"] if tier["decided"]] == ["Belongs to the team"]
    assert {head["name"] for head in limited["candidates"]} == {
        f"{article} that you may not see" for article in ("an opportunity", "a contact", "an account", "a lead")
    }
    assert limited["tiers"] == everything["tiers"]


def test_a_record_that_the_reader_may_not_see_is_no_name_in_the_list_either(page):
    page.text(SAM, HARBOURS, "It is Sam")
    conversation = page.thread(SAM, HARBOURS)[0]["filed"]["conversation"]

    listed = {
        seller.name: next(each for each in page.state(seller)["view"]["conversations"] if each["id"] == conversation)
        for seller in (TOM, INES)
    }

    assert listed["Tom Okafor"]["record"] == {"name": "Sam Shore", "table": "contact", "seen": True}
    assert listed["Inês Duarte"]["record"] == {
        "name": "a contact that you may not see",
        "table": "contact",
        "seen": False,
    }


def test_the_same_callback_three_times_is_answered_three_times_and_stored_once(page, stranger):
    (text,) = page.text(stranger, MAYAS, "Once", trick="thrice").json()["texts"]
    assert [call["status"] for call in text["calls"]] == [200, 200, 200]
    page.until(lambda: page.state()["services"]["waiting"] == 0)

    (stored,) = page.thread(stranger, MAYAS)

    assert stored["id"] == text["id"]
    bell = [each for each in page.state(MAYA)["view"]["bell"] if each["title"] == f"Text from {stranger}"]
    assert len(bell) == 1


@pytest.mark.parametrize("number", [MAYAS, HARBOURS, INESS], ids=["twilio", "acs", "telesign"])
def test_a_forged_callback_is_refused_and_leaves_nothing(page, stranger, number):
    (text,) = page.text(stranger, number, "I am your bank", trick="forged").json()["texts"]

    assert [call["status"] for call in text["calls"]] == [403]
    page.text(stranger, number, "An honest one")
    assert [stored["text"] for stored in page.thread(stranger, number)] == ["An honest one"]


def test_two_first_texts_at_once_make_one_lead(page, stranger):
    first, second = page.text(stranger, MAYAS, "Hello", trick="together").json()["texts"]

    stored = page.thread(stranger, MAYAS, texts=2)

    assert {text["id"] for text in stored} == {first["id"], second["id"]}
    assert len({text["filed"]["conversation"] for text in stored}) == 1


def test_a_number_is_taken_as_people_type_it(page):
    told = page.text("(206) 555-0187", MAYAS).json()

    assert told["sender"] == ADA
    assert page.state(phone="206 555 0187", ours=MAYAS.e164)["phone"]["number"] == ADA


def test_a_report_on_a_text_of_ours_goes_through_the_real_callback(page, stranger):
    page.text(stranger, MAYAS)
    conversation = page.thread(stranger, MAYAS)[0]["filed"]["conversation"]
    message = page.answer_of_the_company(stranger, MAYAS, conversation)
    assert [text["incoming"] for text in page.thread(stranger, MAYAS, texts=2)] == [True, False]

    call = page.report(message, "spam").json()

    assert call["path"] == "/api/callbacks/twilio-demo/status"
    assert call["status"] < 300
    reported = page.until(
        lambda: next(
            (
                each
                for each in page.state(MAYA, conversation=conversation)["view"]["messages"]
                if each["id"] == message and each["status"] == "Undelivered"
            ),
            None,
        )
    )
    assert reported["failure"] == "SpamFiltered"
    assert "30007" in reported["detail"]
    # What was filtered on its way is not on the customer's phone.
    assert [text["incoming"] for text in page.thread(stranger, MAYAS)] == [True]


def test_what_has_not_left_cannot_be_reported_on(page, stranger):
    page.text(stranger, MAYAS)
    conversation = page.thread(stranger, MAYAS)[0]["filed"]["conversation"]
    message = page.answer_of_the_company(stranger, MAYAS, conversation, txv_providermessageid=None)

    refused = page.report(message, "delivered")

    assert refused.status_code == 404
    assert refused.json()["error"].startswith("That text has not reached a provider yet")


def test_nothing_changed_is_answered_without_a_body(page, stranger):
    looking = {"as": str(MAYA.principal.id), "phone": stranger, "ours": HARBOURS.e164}
    page.until(lambda: page.state()["services"]["waiting"] == 0)
    first = page.http.get("/api/state", params=looking)

    again = page.http.get("/api/state", params=looking, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    page.text(stranger, HARBOURS)
    page.thread(stranger, HARBOURS)
    changed = page.http.get("/api/state", params=looking, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_a_refresh_costs_dataverse_two_requests(page):
    page.until(lambda: page.state()["services"]["waiting"] == 0)

    assert page.requests_of_a_refresh() == ["POST $batch", "POST $batch"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"from": "12"}, "That is no number that could text."),
        ({"to": "+12065550999"}, "That is none of the company's numbers."),
        ({"text": "  "}, "Type a text first."),
        ({"text": "x" * 1601}, "A text has at most 1600 characters; this one has 1601."),
        ({"text": "cut \ud83d"}, "The text holds half a character"),
        ({"trick": "magic"}, "A text can be sent with one of these tricks: none, thrice, forged, together."),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(page, body, sentence):
    given = {"from": ADA, "to": MAYAS.e164, "text": "Hello", **body}

    refused = page.http.post("/api/texts", content=json.dumps(given), headers={"Content-Type": "application/json"})

    assert refused.status_code == 400
    assert refused.json()["error"].startswith(sentence)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_is_refused(page, body):
    refused = page.http.post("/api/texts", content=body, headers={"Content-Type": "application/json"})

    assert refused.status_code == 400


def test_a_form_of_a_foreign_page_is_refused(page):
    refused = page.http.post("/api/texts", data={"from": ADA, "to": MAYAS.e164, "text": "Hello"})

    assert refused.status_code == 415


def test_a_foreign_host_name_is_refused(page):
    assert page.http.get("/api/company", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/api/state", "/api/state?as=00000000-0000-4000-8000-000000000000", "/api/state?as=administrator&conversation=1"],
)
def test_a_reader_or_conversation_that_cannot_be_is_refused(page, path):
    refused = page.http.get(path)

    assert refused.status_code == 400
    assert refused.json()["error"]


def test_a_report_that_the_provider_does_not_make_is_refused(page, stranger):
    page.text(stranger, MAYAS)
    conversation = page.thread(stranger, MAYAS)[0]["filed"]["conversation"]
    message = page.answer_of_the_company(stranger, MAYAS, conversation)

    refused = page.report(message, "late")

    assert (refused.status_code, refused.json()["error"]) == (400, "Twilio does not report that.")


def test_the_id_told_for_a_text_is_that_of_its_row(page, stranger):
    told = page.text(stranger, MAYAS).json()["texts"][0]["id"]
    (stored,) = page.thread(stranger, MAYAS)
    asked = Request(method="GET", path=f"txv_textmessages({stored['id']})?$select=txv_providermessageid")
    row = page.client.send(asked).json()

    assert told == str(ids.message_id("twilio-demo", row["txv_providermessageid"]))
