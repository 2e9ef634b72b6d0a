"""`simulate --number`: what a text from a number would do now."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from rich.text import Text

from admin.numbers.rows import unanswered
from admin.output import Output
from admin.session import Session
from admin.simulate import candidates, trial
from admin.simulate.addresses import KINDS, Ours, texted, typed
from admin.simulate.rules import Rules
from admin.simulate.trial import Trial
from messaging.numbers import Address, AddressKind
from notifications.content import ROLE
from notifications.recipients import Line
from routing.explain import CUT_RULE, MOST_CANDIDATES, sentences
from routing.outcome import Becomes

MOST_SENTENCES = MOST_CANDIDATES + 2
_LINES = {
    Line.NUMBER: "for the number that is texted",
    Line.RECORD: "for the record, since nobody behind the number can be told",
    Line.ADMINISTRATORS: "as administrators of text messages, since nobody behind the number or the record can be told",
}


def look_ahead(session: Session, rules: Rules, number: str, to: str) -> None:
    """Show what would become of a text from `number` to the number of ours `to`, or the only one. Raises Stopped for
    what is no number."""
    output, region = session.output, rules.held.default_region
    customer = typed(number, region)
    ours = texted(session.reading_client, to, region)
    tried = trial.run(session, rules.held, customer, ours.address)
    _ends(output, customer, ours)
    output.put("rules", rules.row(), *rules.shown())
    output.say()
    output.say("Records it may belong to", "bold")
    _candidates(output, tried)
    output.say()
    output.say("What would happen", "bold")
    _outcome(output, tried, customer, ours)
    _told(output, tried)
    if customer.kind is AddressKind.SHORT_CODE:
        output.advise("If it is meant to be a phone number, write it with + and its country code.")
    if ours.held is not None and not ours.held.is_answered:
        output.advise(unanswered(ours.held))


def _ends(output: Output, customer: Address, ours: Ours) -> None:
    where = f", {customer.region}" if customer.region else ""
    kind = KINDS[customer.kind]
    output.put(
        "number",
        {"typed": customer.raw, "read_as": customer.value, "kind": customer.kind.value, "region": customer.region},
        Text.assemble("A text from ", (customer.value, "bold"), f" ({kind}{where})"),
    )
    owner = ours.held.owner.name if ours.held else None
    said = f"your number, answered by {owner}" if owner else "none of your numbers: nobody is behind it"
    output.put(
        "to",
        {"number": ours.address.value, "is_yours": ours.held is not None, "owner": owner},
        Text.assemble("to ", (ours.address.value, "bold"), f" ({said})"),
        Text(),
    )


def _candidates(output: Output, tried: Trial) -> None:
    decision = tried.decision
    shown = decision.standings[:MOST_CANDIDATES]
    more = len(decision.standings) - len(shown)
    output.put(
        "candidates",
        [candidates.row(each, decision) for each in shown],
        candidates.grid(decision, shown) if shown else Text("No record is a candidate."),
    )
    for sentence in candidates.other_tiers(decision):
        output.say(sentence, "dim")
    output.put("not_shown", more, *([Text(f"{more:,} more records rank below these.")] if more else ()))
    output.put(
        "cut",
        {table.value: most for table, most in tried.cut.items()},
        *(
            Text(
                f"More than {most:,} records of the table {table} carry the number. {most:,} were compared: {CUT_RULE}."
            )
            for table, most in tried.cut.items()
        ),
    )


def _outcome(output: Output, tried: Trial, customer: Address, ours: Ours) -> None:
    decision, result, incoming = tried.decision, tried.result, tried.incoming
    # What became of a text is said in the past tense there, save where somebody is asked.
    said = sentences(decision, customer, candidates.called, result if result.becomes is Becomes.ASKED else None)
    output.put("sentences", said[:MOST_SENTENCES], *map(Text, said[:MOST_SENTENCES]))
    output.put("ambiguous", decision.ambiguous)
    output.put("outcome", result.becomes.value)
    if result.becomes is Becomes.WAITS:
        output.put("waits_because", result.waits_because)
    talk = "the conversation that is there" if incoming.conversation else "a new conversation"
    owner = f", for {ours.held.owner.name}" if ours.held and incoming.new_lead and incoming.new_lead.owner else ""
    there = candidates.called(decision.winner) if decision.winner else ""
    would = {
        Becomes.RECORD: f"The text would go to {there}, into {talk}.",
        Becomes.ASKED: f"The text would go into {talk} without a record, until somebody chooses.",
        Becomes.LEAD: f"The text would make a new lead{owner}, and go into {talk} on it.",
        Becomes.WAITS: f"The text would wait without a record, since {result.waits_because}.",
    }
    output.say(would[result.becomes], "bold")


def _told(output: Output, tried: Trial) -> None:
    told = [
        {"id": str(each.recipient), "name": tried.names.get(each.recipient, ""), "may_read": each.opens is not None}
        for each in tried.entries
    ]
    line, passed = _stored_as_told(tried.incoming.routing)
    over = [{**each, "name": tried.names.get(UUID(str(each["id"])), "")} for each in passed]
    output.put("told", {"line": line, "people": told, "passed_over": over})
    reading = ", ".join(_name(each) for each in told if each["may_read"])
    if reading:
        output.say(f"Would be told in the app: {reading}, {_LINES[Line(str(line))]}.")
    for each in told:
        if not each["may_read"]:
            output.say(f"{_name(each)} lacks the role {ROLE}, and would be told just that, once a day.")
    if not told:
        lacking = f"whoever would be lacks the role {ROLE}, and was told so today"
        why = "there is nobody who could be" if line is None else lacking
        output.say(f"Nobody would be told: {why}.")
    for each in over:
        output.say(f"Passed over: {_name(each)} ({each['because']}).")


def _stored_as_told(routing: Mapping[str, object]) -> tuple[object, list[Mapping[str, object]]]:
    told = routing["told"]
    if not isinstance(told, dict):
        raise TypeError("an explanation does not say who is told")
    return told["line"], told["passed_over"]


def _name(person: Mapping[str, object]) -> str:
    return str(person["name"] or f"user {person['id']}")
