"""What a text can belong to and who is concerned: records, users and teams, our own numbers, conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Table(StrEnum):
    """The tables whose records hold conversations, in the order in which routing prefers them."""

    CONTACT = "contact"
    ACCOUNT = "account"
    OPPORTUNITY = "opportunity"
    LEAD = "lead"


PHONE_COLUMNS: Mapping[Table, tuple[str, ...]] = MappingProxyType(
    {
        Table.CONTACT: ("mobilephone", "telephone1", "telephone2", "telephone3"),
        Table.ACCOUNT: ("telephone1", "telephone2", "telephone3"),
        Table.LEAD: ("mobilephone", "telephone1", "telephone2", "telephone3"),
    }
)
"""The columns in which records carry phone numbers; opportunities have none of their own."""

COUNTRY_COLUMN = "address1_country"
"""The column that tells, as free text, in which country those numbers are that do not say so."""


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """A row that a conversation can stand on."""

    table: Table
    id: UUID


class PrincipalKind(StrEnum):
    """Who can own rows."""

    USER = "systemuser"
    TEAM = "team"


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """An owner of rows: a user or a team."""

    kind: PrincipalKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Person:
    """A seller; one who is disabled or has no licence receives nothing. `language` is the code (LCID) of the language
    in which he reads Dynamics, 0 where that is not known."""

    id: UUID
    name: str = field(repr=False)
    enabled: bool = True
    language: int = 0
    licensed: bool = True

    @property
    def reachable(self) -> bool:
        """Whether he can open Dynamics, and so be told anything there."""
        return self.enabled and self.licensed

    @property
    def principal(self) -> Principal:
        return Principal(PrincipalKind.USER, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OurNumber:
    """A number that we text from. `people` are its owner, or the members of the team that owns it; `notices` tells on
    which day someone was last told that privileges are lacking, at the version `etag`. `new_leads` says whether unknown
    numbers make leads here (None: as the organization says), `new_leads_lately` how many did within the last hour,
    counted no further than needed."""

    id: UUID
    owner: Principal
    people: tuple[Person, ...] = ()
    notices: Mapping[UUID, date] = field(default_factory=dict)
    etag: str = ""
    new_leads: bool | None = None
    new_leads_lately: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The row that holds the texts between one of our numbers and one customer on one record, or on none yet.
    `elsewhere`: somebody has put it on a row of a table that texts are not routed to."""

    id: UUID
    our_digits: str
    owner: Principal | None
    record: Record | None
    last_message_on: datetime | None
    unread: int
    etag: str
    elsewhere: bool = False

    @property
    def waits(self) -> bool:
        """Whether it still has to be put on a record."""
        return self.record is None and not self.elsewhere
