"""The steps of the tour. Each sends texts through the real callbacks and checks what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from local.company.cast import HARBOURS, INES, INESS, MAYA, MAYAS, RAVI, RAVIS, TOM
from local.company.outgoing import outgoing_text
from local.tour.findings import candidates, settle, tell_where, told
from local.tour.stage import Stage, check, new_message_id
from messaging.records import Table
from messaging.status import Status

Step = Callable[[Stage], None]

_ADA, _WICK = "+12065550187", "+12065550142"
_FIRST_WORDS = ("Hello!", "Anyone there?")
_FORGED = {"x-twilio-signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}
_OUTAGE_S = 10.0


def known_contact(stage: Stage) -> None:
    """A customer answers a seller's text"""
    before, message_id = stage.look.bells(), new_message_id("twilio")
    stage.call(stage.text(MAYAS, _ADA, "Yes please, Tuesday at ten suits us", message_id))
    text = tell_where(stage, message_id)
    check(stage.look.name(text.record) == "contact Ada Quist", "the text is not on Ada's contact")
    told(stage, before, MAYA)
    check(stage.look.may_read(MAYA, text), "Maya cannot read the text on her own number")
    check(not stage.look.may_read(RAVI, text), "Ravi can read a text that is not his")
    stage.say("Maya sees it in Dynamics; Ravi, whom it does not concern, does not")


def shared_number(stage: Stage) -> None:
    """A number that a contact, an account, an opportunity and a lead share"""
    before, message_id = stage.look.bells(), new_message_id("acs")
    stage.call(stage.text(HARBOURS, _WICK, "When does the fog bell come back?", message_id))
    text = tell_where(stage, message_id)
    tables = {candidate["table"] for candidate in candidates(text)}
    check(tables == {table.value for table in Table}, f"only {sorted(tables)} were considered")
    check(text.record and text.record.table is Table.OPPORTUNITY, "the opportunity of a team member should have won")
    told(stage, before, TOM)


def unknown_number(stage: Stage) -> None:
    """A number that nobody knows: a new lead"""
    sender, before, message_id = stage.fresh_number(), stage.look.bells(), new_message_id("telesign")
    stage.call(stage.text(INESS, sender, "Do you mend lamps? שלום 🗼", message_id))
    text = tell_where(stage, message_id)
    check(text.record and text.record.table is Table.LEAD, "no lead was made")
    check(stage.look.leads(sender) == 1, "there is not exactly one lead")
    told(stage, before, INES)


def three_times(stage: Stage) -> None:
    """The same callback three times: one message"""
    before, message_id = stage.look.bells(), new_message_id("twilio")
    request = stage.text(MAYAS, _ADA, "Did this arrive?", message_id)
    stage.call(request)
    unread = stage.stored(message_id).unread
    for _ in range(2):
        stage.call(request)
    settle(stage)
    check(stage.stored(message_id).unread == unread, "the unread count went up again")
    stage.say("one message, counted once")
    told(stage, before, MAYA)


def two_at_once(stage: Stage) -> None:
    """Two first texts at the same moment from an unknown number: one lead"""
    sender, ids = stage.fresh_number(), [new_message_id("twilio") for _ in range(2)]
    requests = [stage.text(MAYAS, sender, words, one) for words, one in zip(_FIRST_WORDS, ids, strict=True)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(stage.call, requests))
    texts = [stage.stored(one) for one in ids]
    check(texts[0].record == texts[1].record, "the two texts are on different records")
    check(stage.look.leads(sender) == 1, "there is not exactly one lead")
    check(stage.stored(ids[0]).unread == 2, "the unread count is not two")
    stage.say(f"→ both are on the one {stage.look.name(texts[0].record)}, two unread")


def forged(stage: Stage) -> None:
    """A forged signature: refused, nothing stored"""
    sender = stage.fresh_number()
    request = stage.text(MAYAS, sender, "Send the invoice elsewhere")
    stage.call(replace(request, headers={**request.headers, **_FORGED}), expect=403)
    settle(stage)
    check(not stage.look.texts("txv_from", sender) and not stage.look.leads(sender), "something was stored")
    stage.say("→ nothing was stored")


def late_report(stage: Stage) -> None:
    """A delivery report that comes before an earlier one"""
    message_id = new_message_id("twilio")
    conversation = stage.look.texts("txv_from", _ADA)[0].conversation
    text = outgoing_text(stage.stack.client(), MAYAS, _ADA, conversation, message_id)
    for status in (Status.DELIVERED, Status.SENT):
        stage.call(stage.report(MAYAS, _ADA, message_id, status))
        settle(stage)
        now = stage.stored(message_id).status
        check(now is Status.DELIVERED, f"the message is {now} after the report {status}")
    stage.say(f"→ message {text} is, and stays, Delivered")


def without_privileges(stage: Stage) -> None:
    """A seller who lacks the privileges is told so, and the text is stored all the same"""
    before, message_id = stage.look.bells(), new_message_id("twilio")
    stage.call(stage.text(RAVIS, _ADA, "Is this Ravi's number?", message_id))
    text = tell_where(stage, message_id)
    if not before[RAVI]:  # once a day, however many texts come
        told(stage, before, RAVI)
    check(stage.look.bell(RAVI) == ["You cannot receive text messages yet"], "Ravi is not told once what is missing")
    check(not stage.look.may_read(RAVI, text), "Ravi can read it without the privileges")


def dataverse_down(stage: Stage) -> None:
    """Dataverse is down for ten seconds while texts arrive: none is lost"""
    senders = [_ADA, "+12065550133", stage.fresh_number()]
    ids = [new_message_id("twilio") for _ in senders]
    stage.stack.emulator.stop()
    stopped = time.monotonic()
    stage.say("Dataverse is stopped")
    for sender, message_id in zip(senders, ids, strict=True):
        stage.call(stage.text(MAYAS, sender, "Still there?", message_id))
    time.sleep(max(0.0, _OUTAGE_S - (time.monotonic() - stopped)))
    stage.stack.emulator.start()
    stage.say(f"Dataverse is back after {time.monotonic() - stopped:.0f} s")
    settle(stage)
    for message_id in ids:
        stage.say(f"→ {stage.look.name(stage.stored(message_id).record)}")


STEPS: tuple[Step, ...] = (
    known_contact,
    shared_number,
    unknown_number,
    three_times,
    two_at_once,
    forged,
    late_report,
    without_privileges,
    dataverse_down,
)

# Without the one that takes Dataverse away for a while.
SHORT = STEPS[:-1]
