"""Is there a way to Dataverse, for the administrator and for the function app?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from admin.doctor.finding import Finding, ok, problem, skipped, warning
from admin.doctor.situation import Situation
from admin.roles import TITLES, RoleName, role_id
from dataverse.store.people import Holder, NobodyFound, find, roles_of
from dataverse.store.queries import get
from dataverse.webapi.client import Client
from messaging.errors import NotFound, Refused

SERVICE = TITLES[RoleName.SERVICE]
ADMINISTRATORS = "627090ff-40a3-4053-8790-584edc5be201"
"""The template of the role System Administrator, whatever it is called: Learn, "Security roles"."""

TOLERATED, TOO_FAR = timedelta(seconds=30), timedelta(minutes=5)
_USERS_PAGE = "Power Platform admin center › the environment › Settings › Users + permissions › Application users"


def sign_in(situation: Situation) -> Iterator[Finding]:
    """Address, token, and who that is for Dataverse. What is raised says more than a finding could."""
    try:
        answer = situation.whoami.answer
    except NotFound:
        what = f"{situation.client.service_url} is no Dataverse environment (404)"
        yield problem(what, "Give --url the start of the address of your sales app: https://<name>.crm….dynamics.com")
        return
    try:
        user = str(answer.json()["UserId"])
    except (ValueError, KeyError):
        what = f"{situation.client.service_url} does not answer as Dataverse does"
        yield problem(what, "Give --url the start of the address of your sales app: https://<name>.crm….dynamics.com")
        return
    yield ok(f"Signed in to {situation.client.service_url.partition('/api/')[0]} as {_called(situation.client, user)}")


def clock(situation: Situation) -> Iterator[Finding]:
    """The clock of this machine against Dataverse's: tokens, and signatures of requests, hold for minutes."""
    try:
        theirs = parsedate_to_datetime(situation.whoami.answer.headers.get("date", ""))
    except ValueError:
        yield skipped("Dataverse did not say what time it is", "Compare this machine's clock with https://time.is")
        return
    apart = situation.whoami.at - theirs
    seconds = f"{abs(apart).total_seconds():.0f} seconds {'ahead of' if apart > timedelta() else 'behind'} Dataverse's"
    fix = "Let this machine set its clock by the network (timedatectl set-ntp true; Windows: Settings › Time)"
    if abs(apart) > TOO_FAR:
        yield problem(f"This machine's clock is {seconds}: tokens and signatures are refused", fix)
    elif abs(apart) > TOLERATED:
        yield warning(f"This machine's clock is {seconds}", fix)
    else:
        yield ok("This machine's clock agrees with Dataverse's")


def application_user(situation: Situation) -> Iterator[Finding]:
    """The user that the function app is for Dataverse, and its roles."""
    client, wanted = situation.client, situation.app_user or situation.settings.dataverse_client_id
    if not wanted and situation.settings.dataverse_auth != "development":
        what = "Which application user the function app is cannot be told: DATAVERSE_CLIENT_ID is empty"
        fix = "Add --app-user <application id>: Azure portal › Microsoft Entra ID › Enterprise applications › the app"
        yield skipped(what, fix)
        return
    wanted = wanted or str(situation.whoami.answer.json()["UserId"])
    try:
        user = find(client, wanted)
    except NobodyFound:
        yield problem(f"There is no application user {wanted}", f"Add it: {_USERS_PAGE} › New app user")
        return
    if not user.enabled:
        yield problem(f"The application user {user.name} is disabled", f"{_USERS_PAGE} › {user.name} › Activate")
    yield from _roles(client, user)


def _called(client: Client, user: str) -> str:
    try:
        return str(find(client, user))
    except (Refused, NotFound):  # who may not read users is signed in all the same
        return f"user {user}"


def _roles(client: Client, user: Holder) -> Iterator[Finding]:
    held = {role.root for role in roles_of(client, user)}
    if role_id(RoleName.SERVICE) not in held:
        fix = f"python -m admin users grant {user.principal.id} --role service"
        yield problem(f"The application user {user.name} does not hold the role {SERVICE}", fix)
    elif user.enabled:
        yield ok(f"The application user {user.name} is enabled and holds the role {SERVICE}")
    path = f"roles?$select=roleid,_parentrootroleid_value&$filter=_roletemplateid_value eq {ADMINISTRATORS}"
    copies = client.rows(get(path).path)
    if held & {UUID(str(row["_parentrootroleid_value"] or row["roleid"])) for row in copies}:
        what = f"The application user {user.name} is a System Administrator: more than it needs"
        yield warning(what, f"{_USERS_PAGE} › {user.name} › Edit security roles: take the role away")
