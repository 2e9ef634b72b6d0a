"""Who can text whom at the demo company: its cards by the number that they carry, its own numbers, its sellers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

from local.company.cast import CARDS, NUMBERS, SELLERS, TEAMS, Card, Number, Seller, Team
from local.phone.reports import OUTCOMES
from messaging.accounts import ProviderAccount
from messaging.numbers import Address, AddressKind, read_address, read_number
from messaging.records import Table

ADMINISTRATOR = "administrator"  # reads as the service's application user, who sees everything
PROVIDERS: Mapping[str, str] = {
    "acs": "Azure Communication Services",
    "telesign": "TeleSign",
    "twilio": "Twilio",
}


def company(accounts: Mapping[str, ProviderAccount]) -> dict[str, object]:
    """All that never changes while the demo runs, JSON-ready. A number whose account is not configured is left out."""
    ours = [number for number in NUMBERS if number.account in accounts]
    return {
        "people": [_person(number, cards) for number, cards in carried().items()],
        "numbers": [_number(number, accounts[number.account]) for number in ours],
        "readers": [
            *map(_seller, SELLERS),
            {"id": ADMINISTRATOR, "name": "the administrator", "team": "", "texts": True},
        ],
        "outcomes": {
            account.id: [{"key": outcome.key, "label": outcome.label} for outcome in OUTCOMES[account.type]]
            for account in accounts.values()
            if account.type in OUTCOMES
        },
    }


@cache
def carried() -> Mapping[str, tuple[Card, ...]]:
    """E.164 number → the cards that carry it, in whatever spelling, in the order of the cast."""
    found: dict[str, list[Card]] = {}
    for card in CARDS:
        for number in _numbers_on(card):
            found.setdefault(number, []).append(card)
    return {number: tuple(cards) for number, cards in found.items()}


def sender(text: str) -> Address:
    """What was typed as the number that texts: international, as at home, a short code, a name.

    Raises ValueError, with a sentence, for what no provider could name as a sender.
    """
    try:
        address = read_address(text)
    except ValueError:
        address = None
    if address is not None and address.kind is not AddressKind.PHONE:
        return address
    number = read_number(text, _regions())
    if number is None:
        raise ValueError(
            "That is no number that could text. Write it as +1 206 555 0187; a short code such as 24273, or a name of"
            " up to 11 characters, will do too."
        )
    return number


def our_number(text: str) -> Number:
    """The number of the company that is meant. Raises ValueError, with a sentence, for any other."""
    found = next((number for number in NUMBERS if number.e164 == text), None)
    if found is None:
        raise ValueError("That is none of the company's numbers.")
    return found


def shown(number: str) -> str:
    """An E.164 number as people write it internationally; anything else as it is."""
    if not number.startswith("+"):
        return number
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


def card_name(card: Card) -> str:
    """A card's name as Dynamics shows it."""
    columns = card.columns
    return str(columns.get("name") or " ".join(str(columns[part]) for part in ("firstname", "lastname")))


@cache
def _regions() -> tuple[str, ...]:
    # The company's countries: where its numbers are is where its customers are.
    return tuple(dict.fromkeys(region for each in NUMBERS if (region := read_address(each.e164).region)))


def _numbers_on(card: Card) -> Iterator[str]:
    for column, text in card.columns.items():
        if column == "mobilephone" or column.startswith("telephone"):
            number = read_number(str(text), _regions())
            if number is not None:
                yield number.value


def _person(number: str, cards: tuple[Card, ...]) -> dict[str, object]:
    on_cards = [{"name": card_name(card), "table": card.table.value, "owner": card.owner.name} for card in cards]
    linked = [
        card for card in CARDS if card.table is Table.OPPORTUNITY and {*card.links.values()} & {c.key for c in cards}
    ]
    more = [{"name": card_name(card), "table": card.table.value, "owner": card.owner.name} for card in linked]
    names = dict.fromkeys(card["name"] for card in on_cards)
    return {"number": number, "shown": shown(number), "name": ", ".join(names), "cards": on_cards + more}


def _number(number: Number, account: ProviderAccount) -> dict[str, object]:
    people = number.owner.members if isinstance(number.owner, Team) else (number.owner,)
    return {
        "number": number.e164,
        "shown": shown(number.e164),
        "kind": number.kind,
        "account": account.id,
        "provider": PROVIDERS.get(account.type, account.type),
        "owner": number.owner.name,
        "reaches": [str(person.principal.id) for person in people],
    }


def _seller(seller: Seller) -> dict[str, object]:
    teams = ", ".join(team.name for team in TEAMS if seller in team.members)
    return {"id": str(seller.principal.id), "name": seller.name, "team": teams, "texts": seller.texts}
