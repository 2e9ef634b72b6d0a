"""Users and teams as administrators name them, and the security roles that they hold.

Every business unit has a copy of every role, and a user or a team is given that of its own unit (Microsoft Learn,
"Security roles and privileges"): roles are named here by the id that they have in the root unit, which is `Role.id` for
those of the schema. A name in an error is one that the caller may see: these errors are for the one who asked, not for
logs. All functions raise what `Client.send` raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from dataverse.store.queries import get
from dataverse.store.rows import Row, rows
from dataverse.store.tables import owner_path
from dataverse.webapi.client import Client
from dataverse.webapi.literals import escape_like, quote_literal
from dataverse.webapi.request import Request
from messaging.errors import AlreadyExists, NotFound, Refused
from messaging.records import Principal, PrincipalKind

USER = "systemuserid,fullname,internalemailaddress,domainname,isdisabled,applicationid,_businessunitid_value"
TEAM = "teamid,name,emailaddress,_businessunitid_value"

_USER_TEXTS = ("internalemailaddress", "domainname", "fullname")
_USER_IDS = ("systemuserid", "applicationid", "azureactivedirectoryobjectid")
_TEAM_TEXTS = ("name", "emailaddress")
_TEAM_IDS = ("teamid", "azureactivedirectoryobjectid")
_ACCESS_TEAM = 1  # has no roles: it comes and goes with a record
_ROLES_OF = {PrincipalKind.USER: "systemuserroles_association", PrincipalKind.TEAM: "teamroles_association"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A user, an application user or a team: whoever can hold a role and own a number. `unit` is the business unit; a
    team is always enabled."""

    principal: Principal
    name: str = field(repr=False)
    email: str = field(default="", repr=False)
    sign_in: str = field(default="", repr=False)
    unit: UUID
    enabled: bool = True
    is_application: bool = False

    def __str__(self) -> str:
        """`Maya Lindqvist (user maya@example.com)`: enough to tell it from others, and to be typed the next time."""
        kind = "team" if self.principal.kind is PrincipalKind.TEAM else "user"
        known_by = self.email or self.sign_in or str(self.principal.id)
        return f"{self.name} ({kind} {known_by}{'' if self.enabled else ', disabled'})"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role of someone: given to the user or team itself, or else by way of `team`. `root` is the role's id in the
    root business unit."""

    root: UUID
    name: str
    team: Holder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """That someone holds a role; a user as a member of `team`, or of itself."""

    holder: Holder
    team: Holder | None = None


class NobodyFound(NotFound):
    """No user or team is called so; `like` are those whose name, e-mail or sign-in name contains what was asked for."""

    def __init__(self, text: str, like: tuple[Holder, ...]) -> None:
        hint = f" Did you mean one of these? {_listed(like)}" if like else ""
        super().__init__(f"No user or team has the e-mail address, sign-in name or name {text!r}.{hint}")
        self.like = like


class SeveralFound(Refused):
    """Several users or teams are called so: `candidates`."""

    def __init__(self, text: str, candidates: tuple[Holder, ...]) -> None:
        super().__init__(f"{text!r} is not one user or team but {len(candidates)}: {_listed(candidates)}. Name an id.")
        self.candidates = candidates


class RoleMissing(NotFound):
    """The role is not in the environment, or not in the holder's business unit."""

    def __init__(self, role: UUID) -> None:
        super().__init__(f"The security role {role} is not in this environment. Provision it first.")


def find(client: Client, text: str) -> Holder:
    """The one user or team with this e-mail address, sign-in name, full name or team name, in whatever case, or with
    this id (of the row, of the app registration or of Entra ID).

    Raises SeveralFound and NobodyFound, both with the candidates: what is only similar is never taken for it.
    """
    wanted = text.strip()
    found = tuple(_called(client, wanted))
    if len(found) > 1:
        raise SeveralFound(wanted, found)
    if not found:
        raise NobodyFound(wanted, search(client, wanted))
    return found[0]


def search(client: Client, text: str) -> tuple[Holder, ...]:
    """Users and teams whose name, e-mail address or sign-in name contains `text`, users first, by name."""
    if not (wanted := text.strip()):
        return ()
    like = quote_literal(escape_like(wanted))
    users = " or ".join(f"contains({column},{like})" for column in _USER_TEXTS)
    teams = " or ".join(f"contains({column},{like})" for column in _TEAM_TEXTS)
    return tuple(_holders(client, users, teams))


def roles_of(client: Client, holder: Holder) -> tuple[HeldRole, ...]:
    """The roles that someone holds, its own first, then those of the teams that a user is in."""
    columns = "roleid,name,_parentrootroleid_value"
    path = f"{owner_path(holder.principal)}/{_ROLES_OF[holder.principal.kind]}?$select={columns}&$orderby=name"
    held = [_held(row, None) for row in client.rows(path)]
    if holder.principal.kind is PrincipalKind.USER:
        member = f"teammembership_association/any(m:m/systemuserid eq {holder.principal.id})"
        teams = f"teams?$select={TEAM}&$filter={member}&$expand=teamroles_association($select={columns})&$orderby=name"
        for row in client.rows(get(teams).path):
            held += [_held(role, team(row)) for role in rows(row, "teamroles_association")]
    return tuple(held)


def holders(client: Client, role: UUID) -> tuple[Holding, ...]:
    """Who holds a role: users, teams, and the members of those teams, each as often as there are ways to it."""
    users = f"systemusers?$select={USER}&$filter=systemuserroles_association/any({_is(role)})&$orderby=fullname"
    teams = f"teams?$select={TEAM}&$filter=teamroles_association/any({_is(role)})&$orderby=name"
    found = [Holding(holder=user(row)) for row in client.rows(get(users).path)]
    for row in client.rows(get(f"{teams}&$expand=teammembership_association($select={USER})").path):
        found.append(Holding(holder=team(row)))
        found += [Holding(holder=user(each), team=team(row)) for each in rows(row, "teammembership_association")]
    return tuple(found)


def grant(client: Client, holder: Holder, role: UUID) -> bool:
    """Give someone the role itself, also where a team gives it already; whether that was new. Safe to repeat.

    Raises RoleMissing.
    """
    own = [held for held in roles_of(client, holder) if held.team is None]
    if any(held.root == role for held in own):
        return False
    where = f"_parentrootroleid_value eq {role} and _businessunitid_value eq {holder.unit}"
    copy = next(client.rows(get(f"roles?$select=roleid&$filter={where}").path), None)
    if copy is None:
        raise RoleMissing(role)
    target = f"{owner_path(holder.principal)}/{_ROLES_OF[holder.principal.kind]}/$ref"
    body = {"@odata.id": f"{client.service_url}roles({copy['roleid']})"}
    with suppress(AlreadyExists):  # another run was faster
        client.send(Request(method="POST", path=target, body=body, repeatable=True))
    return True


def user(row: Row) -> Holder:
    """A row of `systemusers`, read with the columns `USER`."""
    return Holder(
        principal=Principal(PrincipalKind.USER, UUID(str(row["systemuserid"]))),
        name=str(row["fullname"] or ""),
        email=str(row["internalemailaddress"] or ""),
        sign_in=str(row["domainname"] or ""),
        unit=UUID(str(row["_businessunitid_value"])),
        enabled=row["isdisabled"] is not True,
        is_application=bool(row["applicationid"]),
    )


def team(row: Row) -> Holder:
    """A row of `teams`, read with the columns `TEAM`."""
    return Holder(
        principal=Principal(PrincipalKind.TEAM, UUID(str(row["teamid"]))),
        name=str(row["name"] or ""),
        email=str(row["emailaddress"] or ""),
        unit=UUID(str(row["_businessunitid_value"])),
    )


def _called(client: Client, text: str) -> Iterable[Holder]:
    try:
        value, users, teams = quote_literal(UUID(text)), _USER_IDS, _TEAM_IDS
    except ValueError:
        value, users, teams = quote_literal(text), _USER_TEXTS, _TEAM_TEXTS
    return _holders(client, *(" or ".join(f"{column} eq {value}" for column in names) for names in (users, teams)))


def _holders(client: Client, users: str, teams: str) -> Iterator[Holder]:
    yield from map(user, client.rows(get(f"systemusers?$select={USER}&$filter={users}&$orderby=fullname").path))
    roles = f"teamtype ne {_ACCESS_TEAM} and ({teams})"
    yield from map(team, client.rows(get(f"teams?$select={TEAM}&$filter={roles}&$orderby=name").path))


def _held(row: Row, by: Holder | None) -> HeldRole:
    return HeldRole(root=UUID(str(row["_parentrootroleid_value"] or row["roleid"])), name=str(row["name"]), team=by)


def _is(role: UUID) -> str:
    return f"r:r/_parentrootroleid_value eq {role}"


def _listed(found: tuple[Holder, ...]) -> str:
    return "; ".join(map(str, found))
