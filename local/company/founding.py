"""Write the demo company into a Dataverse through its Web API. Safe to repeat: what is there stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from uuid import UUID

from dataverse.schema.roles import SERVICE, USER
from dataverse.store.queries import get
from dataverse.store.tables import owner_path, path
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from dataverse.webapi.request import Request
from local.company.cast import CARDS, NUMBERS, SELLERS, TEAMS, Card, Number, Seller, Team, made_up_id
from messaging.accounts import ProviderAccount
from messaging.errors import AlreadyExists
from messaging.records import Principal, PrincipalKind

_SELLING = "Salesperson"
# Whoever is made the owner of a number must be able to read it, with or without the role for texts.
_NUMBERS_ROLE = "Phone Number Owner"
_NUMBERS_PRIVILEGE = "prvReadtxv_phonenumber"
_KINDS = {"Geographic": 471_100_000, "Short code": 471_100_001, "Toll free": 471_100_002}
_ROLES_OF = {"systemusers": "systemuserroles_association", "teams": "teamroles_association"}


def found(client: Client, accounts: Iterable[ProviderAccount], base_url: str) -> None:
    """Sellers, teams, provider accounts, numbers and records of Beacon & Bell, and the role of the service for whoever
    asks. Our tables and roles must be there already."""
    unit = _one(client, "businessunits", "businessunitid", "_parentbusinessunitid_value eq null")
    owning = [_named(client, _SELLING), _role_of_owners(client, unit)]
    texting = [*owning, _named(client, USER.name)]
    service = UUID(str(client.send(get("WhoAmI")).json()["UserId"]))
    _give_roles(client, Principal(PrincipalKind.USER, service), [_named(client, SERVICE.name)])
    for seller in SELLERS:
        _seller(client, seller, unit, texting if seller.texts else owning)
    for team in TEAMS:
        _team(client, team, unit, texting)
    for account in accounts:
        _provider(client, account, base_url)
    for number in NUMBERS:
        _number(client, number)
    for card in CARDS:
        _card(client, card)


def _named(client: Client, role: str) -> UUID:
    return _one(client, "roles", "roleid", f"name eq {quote_literal(role)} and _parentroleid_value eq null")


def _role_of_owners(client: Client, unit: UUID) -> UUID:
    role = made_up_id(_NUMBERS_ROLE)
    body = {"name": _NUMBERS_ROLE, "businessunitid@odata.bind": f"/businessunits({unit})"}
    _create(client, f"roles({role})", body)
    privilege = _one(client, "privileges", "privilegeid", f"name eq {quote_literal(_NUMBERS_PRIVILEGE)}")
    given = {"Privileges": [{"PrivilegeId": str(privilege), "Depth": "Basic", "BusinessUnitId": str(unit)}]}
    _act(client, f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", given)
    return role


def _seller(client: Client, seller: Seller, unit: UUID, roles: list[UUID]) -> None:
    first, _, last = seller.name.partition(" ")
    body = {"firstname": first, "lastname": last, "businessunitid@odata.bind": f"/businessunits({unit})"}
    _create(client, owner_path(seller.principal), body)
    _give_roles(client, seller.principal, roles)


def _team(client: Client, team: Team, unit: UUID, roles: list[UUID]) -> None:
    body = {"name": team.name, "teamtype": 0, "businessunitid@odata.bind": f"/businessunits({unit})"}
    _create(client, owner_path(team.principal), body)
    _give_roles(client, team.principal, roles)
    for member in team.members:
        _link(client, f"{owner_path(team.principal)}/teammembership_association", owner_path(member.principal))


def _give_roles(client: Client, principal: Principal, roles: list[UUID]) -> None:
    target = owner_path(principal)
    for role in roles:
        _link(client, f"{target}/{_ROLES_OF[target.partition('(')[0]]}", f"roles({role})")


def _provider(client: Client, account: ProviderAccount, base_url: str) -> None:
    callback = f"{base_url}/api/callbacks/{account.id}"
    body = {
        "txv_name": account.id,
        "txv_type": account.type,
        "txv_callbackid": account.id,
        "txv_inboundurl": f"{callback}/inbound",
        "txv_statusurl": f"{callback}/status",
        "txv_twoway": True,
        "txv_deliveryreports": True,
        "txv_media": account.type == "twilio",
    }
    _create(client, f"txv_smsproviders(txv_callbackid={quote_literal(account.id)})", body, without=("txv_callbackid",))


def _number(client: Client, number: Number) -> None:
    provider = f"/txv_smsproviders(txv_callbackid={quote_literal(number.account)})"
    body = {
        "txv_name": number.e164,
        "txv_number": number.e164,
        "txv_digits": number.e164.removeprefix("+"),
        "txv_numbertype": _KINDS[number.kind],
        "txv_smsproviderid@odata.bind": provider,
        "ownerid@odata.bind": f"/{owner_path(number.owner.principal)}",
    }
    _create(client, f"txv_phonenumbers({number.id})", body)


def _card(client: Client, card: Card) -> None:
    records = {other.key: f"/{path(other.record)}" for other in CARDS}
    links = {f"{navigation}@odata.bind": records[key] for navigation, key in card.links.items()}
    owner = {"ownerid@odata.bind": f"/{owner_path(card.owner.principal)}"}
    is_new = _create(client, path(card.record), {**card.columns, **links, **owner})
    if is_new and card.inactive is not None:
        state, status = card.inactive
        _change(client, path(card.record), {"statecode": state, "statuscode": status})


def _one(client: Client, table: str, column: str, where: str) -> UUID:
    return UUID(str(next(client.rows(get(f"{table}?$select={column}&$filter={where}").path))[column]))


def _create(client: Client, target: str, body: Mapping[str, object], without: tuple[str, ...] = ()) -> bool:
    """Create a row unless it is there; whether it was not. `without` are columns that the target itself names."""
    sent = {name: value for name, value in body.items() if name not in without}
    request = Request(method="PATCH", path=target, headers={"If-None-Match": "*"}, body=sent, repeatable=True)
    with suppress(AlreadyExists):
        client.send(request)
        return True
    return False


def _change(client: Client, target: str, body: Mapping[str, object]) -> None:
    client.send(Request(method="PATCH", path=target, headers={"If-Match": "*"}, body=body, repeatable=True))


def _act(client: Client, target: str, body: Mapping[str, object]) -> None:
    client.send(Request(method="POST", path=target, body=body, repeatable=True))


def _link(client: Client, collection: str, target: str) -> None:
    with suppress(AlreadyExists):
        _act(client, f"{collection}/$ref", {"@odata.id": f"{client.service_url}{target}"})
