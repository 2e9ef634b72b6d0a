"""Write the demo company into a Dataverse through its Web API. Safe to repeat: what is there stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from uuid import UUID

from dataverse.store.queries import get
from dataverse.store.tables import owner_path, path
from dataverse.webapi.client import Client
from dataverse.webapi.literals import in_list, quote_literal
from dataverse.webapi.request import Request
from local.company.cast import CARDS, NUMBERS, SELLERS, TEAMS, Card, Number, Seller, Team, made_up_id
from messaging.accounts import ProviderAccount
from messaging.errors import AlreadyExists
from messaging.records import Principal

# Until the roles are part of the schema: what a seller needs for texts, on the seller's and the teams' own rows.
TEXTS_ROLE = "Text Messaging User"
_VERBS = ("Create", "Read", "Write", "Append", "AppendTo", "Share", "Assign")
_TEXTS = ("txv_textmessage", "txv_texttemplate", "Activity")
# Whoever is made the owner of a number must be able to read it, with or without the role for texts.
NUMBERS_ROLE = "Phone Number Owner"
_NUMBERS = ("txv_phonenumber",)
_SELLING = "Salesperson"
_KINDS = {"Geographic": 471_100_000, "Short code": 471_100_001, "Toll free": 471_100_002}
_ROLES_OF = {"systemusers": "systemuserroles_association", "teams": "teamroles_association"}


def found(client: Client, accounts: Iterable[ProviderAccount], base_url: str) -> None:
    """Sellers, teams, provider accounts, numbers and records of Beacon & Bell. Our tables must be there already."""
    unit = _one(client, "businessunits", "businessunitid", "_parentbusinessunitid_value eq null")
    selling = _one(client, "roles", "roleid", f"name eq {quote_literal(_SELLING)}")
    owning = [selling, _role(client, unit, NUMBERS_ROLE, _NUMBERS)]
    texting = [*owning, _role(client, unit, TEXTS_ROLE, _TEXTS)]
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


def _role(client: Client, unit: UUID, name: str, tables: tuple[str, ...]) -> UUID:
    role = made_up_id(name)
    _create(client, f"roles({role})", {"name": name, "businessunitid@odata.bind": f"/businessunits({unit})"})
    names = [f"prv{verb}{table}" for table in tables for verb in _VERBS]
    found = client.rows(get(f"privileges?$select=privilegeid&$filter={in_list('name', names)}").path)
    privileges = [{"PrivilegeId": row["privilegeid"], "Depth": "Basic", "BusinessUnitId": str(unit)} for row in found]
    _act(client, f"roles({role})/Microsoft.Dynamics.CRM.AddPrivilegesRole", {"Privileges": privileges})
    return role


def _seller(client: Client, seller: Seller, unit: UUID, roles: list[UUID]) -> None:
    first, _, last = seller.name.partition(" ")
    unit_of = {"businessunitid@odata.bind": f"/businessunits({unit})"}
    body = {"firstname": first, "lastname": last, "islicensed": True, **unit_of}
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
