"""The numbers that we text from, with those who answer them: what administrators look through."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from dataverse.store.choices import MAKES_LEADS
from dataverse.store.people import TEAM, USER, Holder, holders, team, user
from dataverse.store.queries import get
from dataverse.store.rows import Row, rows
from dataverse.webapi.client import Client
from messaging.records import Principal

_COLUMNS = "txv_phonenumberid,txv_name,txv_number,txv_digits,txv_newleads,statecode"
_PROVIDER = "txv_callbackid,txv_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """A user who answers a number: its owner, or a member of the team that owns it. `has_role` also by way of a team,
    whichever one."""

    holder: Holder
    has_role: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNumber:
    """A number. `provider` is the callback id of its account, empty where it has none; `owner_has_role` says whether
    the owner itself, user or team, can own texts; `answerers` is empty for a team without members. `new_leads` says
    whether unknown numbers make leads here (None: as the organization says)."""

    id: UUID
    name: str = field(repr=False)
    number: str = field(repr=False)
    digits: str = field(repr=False)
    provider: str
    active: bool
    owner: Holder
    owner_has_role: bool
    answerers: tuple[Answerer, ...]
    new_leads: bool | None = None

    @property
    def is_answered(self) -> bool:
        """Whether anyone who is enabled and holds the role hears of the texts to it."""
        return any(each.holder.enabled and each.has_role for each in self.answerers)


def numbers(client: Client, role: UUID) -> tuple[HeldNumber, ...]:
    """All numbers, by their digits, and who of those behind them holds a role: `Role.id` of *Text Messaging User*.

    Someone may have the same privileges by a role of the customer's own: `Privileges.may_receive` knows that.
    Raises what `Client.send` raises.
    """
    expand = f"owninguser($select={USER}),owningteam($select={TEAM}),txv_smsproviderid($select={_PROVIDER})"
    query = f"txv_phonenumbers?$select={_COLUMNS}&$expand={expand}&$orderby=txv_digits"
    with_members = f"$expand=teammembership_association($select={USER})"
    owning = f"teams?$select=teamid&$filter=team_txv_phonenumber/any(n:n/txv_phonenumberid ne null)&{with_members}"
    members = {
        UUID(str(row["teamid"])): tuple(map(user, rows(row, "teammembership_association")))
        for row in client.rows(get(owning).path)
    }
    able = {holding.holder.principal for holding in holders(client, role)}
    return tuple(_number(row, members, able) for row in client.rows(get(query).path))


def _number(row: Row, members: Mapping[UUID, tuple[Holder, ...]], able: Collection[Principal]) -> HeldNumber:
    by_user, by_team, provider = row["owninguser"], row["owningteam"], row["txv_smsproviderid"]
    owner = user(by_user) if isinstance(by_user, Mapping) else team(_present(by_team))
    people = (owner,) if isinstance(by_user, Mapping) else members.get(owner.principal.id, ())
    return HeldNumber(
        id=UUID(str(row["txv_phonenumberid"])),
        name=str(row["txv_name"] or ""),
        number=str(row["txv_number"] or ""),
        digits=str(row["txv_digits"] or ""),
        provider=str(provider["txv_callbackid"] or "") if isinstance(provider, Mapping) else "",
        active=row["statecode"] == 0,
        owner=owner,
        owner_has_role=owner.principal in able,
        answerers=tuple(Answerer(holder=each, has_role=each.principal in able) for each in people),
        new_leads=MAKES_LEADS.get(row.get("txv_newleads")),
    )


def _present(row: object) -> Row:
    if not isinstance(row, Mapping):
        raise TypeError("a number has no owner")
    return row
