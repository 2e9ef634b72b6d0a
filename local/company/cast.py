"""Who and what there is at Beacon & Bell. All of it is made up, the numbers too (ranges kept free for fiction)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from messaging.records import Principal, PrincipalKind, Record, Table

_COMPANY = UUID("be0c0000-be11-4000-8000-000000000000")


def made_up_id(name: str) -> UUID:
    """The id of whoever or whatever is called so: the same each time the company is founded."""
    return uuid5(_COMPANY, name)


@dataclass(frozen=True, slots=True)
class Seller:
    """A user of Dynamics; `texts` says whether the role for text messages was given."""

    name: str
    texts: bool = True

    @property
    def principal(self) -> Principal:
        return Principal(PrincipalKind.USER, made_up_id(self.name))


@dataclass(frozen=True, slots=True)
class Team:
    """A team that can own records and numbers."""

    name: str
    members: tuple[Seller, ...]

    @property
    def principal(self) -> Principal:
        return Principal(PrincipalKind.TEAM, made_up_id(self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that the company texts from, at one of the provider accounts of local.settings.example.json."""

    e164: str
    account: str
    owner: Seller | Team
    kind: str

    @property
    def id(self) -> UUID:
        return made_up_id(self.e164)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A record; `columns` are what it holds besides its owner, `links` its lookups by navigation property."""

    table: Table
    key: str
    owner: Seller | Team
    columns: Mapping[str, object]
    links: Mapping[str, str] = field(default_factory=dict)
    inactive: tuple[int, int] | None = None  # statecode and statuscode

    @property
    def record(self) -> Record:
        return Record(self.table, made_up_id(self.key))


MAYA, TOM, INES = Seller("Maya Lindqvist"), Seller("Tom Okafor"), Seller("Inês Duarte")
RAVI = Seller("Ravi Menon", texts=False)
HARBOUR = Team("Harbour Team", (TOM, INES))

SELLERS = (MAYA, TOM, INES, RAVI)
TEAMS = (HARBOUR,)

MAYAS = Number(e164="+12065550100", account="twilio-demo", owner=MAYA, kind="Geographic")
RAVIS = Number(e164="+12065550104", account="twilio-demo", owner=RAVI, kind="Geographic")
HARBOURS = Number(e164="+18885550123", account="acs-demo", owner=HARBOUR, kind="Toll free")
INESS = Number(e164="+4917604069000", account="telesign-demo", owner=INES, kind="Geographic")
NUMBERS = (MAYAS, RAVIS, HARBOURS, INESS)

CARDS = (
    Card(
        table=Table.CONTACT,
        key="Ada Quist",
        owner=MAYA,
        columns={"firstname": "Ada", "lastname": "Quist", "mobilephone": "+1 (206) 555-0187"},
    ),
    # One switchboard, four records: what a family business looks like in a CRM.
    Card(
        table=Table.ACCOUNT,
        key="Wick & Sons Chandlery",
        owner=RAVI,
        columns={"name": "Wick & Sons Chandlery", "telephone1": "206.555.0142"},
    ),
    Card(
        table=Table.CONTACT,
        key="Walter Wick",
        owner=RAVI,
        columns={"firstname": "Walter", "lastname": "Wick", "telephone1": "(206) 555-0142"},
        links={"parentcustomerid_account": "Wick & Sons Chandlery"},
    ),
    Card(
        table=Table.OPPORTUNITY,
        key="Fog bell refit",
        owner=TOM,
        columns={"name": "Fog bell refit"},
        links={"customerid_account": "Wick & Sons Chandlery", "parentaccountid": "Wick & Sons Chandlery"},
    ),
    Card(
        table=Table.LEAD,
        key="Wilma Wick",
        owner=RAVI,
        columns={
            "firstname": "Wilma",
            "lastname": "Wick",
            "subject": "Brass polish by the barrel",
            "mobilephone": "1-206-555-0142",
        },
    ),
    # The same person twice: someone made a new card instead of looking.
    Card(
        table=Table.CONTACT,
        key="Sam Shore (2019)",
        owner=TOM,
        columns={"firstname": "Sam", "lastname": "Shore", "telephone2": "2065550133"},
        inactive=(1, 2),
    ),
    Card(
        table=Table.CONTACT,
        key="Sam Shore",
        owner=TOM,
        columns={"firstname": "Sam", "lastname": "Shore", "mobilephone": "+1.206.555.0133"},
    ),
    Card(
        table=Table.CONTACT,
        key="Greta Grün",
        owner=INES,
        columns={"firstname": "Greta", "lastname": "Grün", "mobilephone": "0176/04069011"},
    ),
    Card(
        table=Table.LEAD,
        key="Bo Brygga",
        owner=INES,
        columns={
            "firstname": "Bo",
            "lastname": "Brygga",
            "subject": "A lamp for Hällskär",
            "mobilephone": "+46 (0)70-174 06 05",
        },
    ),
    Card(
        table=Table.OPPORTUNITY,
        key="Lamp for the north mole",
        owner=MAYA,
        columns={"name": "Lamp for the north mole"},
        links={"parentcontactid": "Ada Quist", "customerid_contact": "Ada Quist"},
    ),
)
