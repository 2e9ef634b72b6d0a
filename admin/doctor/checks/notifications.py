"""Do sellers see the bell?"""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.finding import Finding, ok, problem
from admin.doctor.situation import Situation
from dataverse.store.queries import get
from dataverse.webapi.client import Client
from dataverse.webapi.literals import quote_literal
from messaging.errors import NotFound

SETTING = "AllowNotificationsEarlyAccess"


def notifications(situation: Situation) -> Iterator[Finding]:
    """In-app notifications, which each app allows for itself: in the app named, else in any."""
    client = situation.client
    if situation.app:
        yield _in_app(client, situation.app)
        return
    path = get("appmodules?$select=uniquename&$orderby=uniquename").path
    apps = [str(row["uniquename"]) for row in client.rows(path)]
    on = [app for app in apps if _allowed(client, app)]
    if on:
        yield ok(f"In-app notifications are on in {', '.join(on)}")
    else:
        what = "In-app notifications are on in no app: sellers do not hear of texts"
        yield problem(what, "python -m admin provision --app <unique name of the app that sellers work in>")


def _in_app(client: Client, app: str) -> Finding:
    try:
        allowed = _allowed(client, app)
    except NotFound:
        fix = "Copy its unique name: make.powerapps.com › Apps › the app › … › Details"
        return problem(f"There is no app with the unique name {app}", fix)
    if allowed:
        return ok(f"In-app notifications are on in {app}")
    return problem(f"In-app notifications are off in {app}", f"python -m admin provision --app {app}")


def _allowed(client: Client, app: str) -> bool:
    path = f"RetrieveSetting(SettingName='{SETTING}',AppUniqueName={quote_literal(app)})"
    detail = client.send(get(path)).json().get("SettingDetail")
    return isinstance(detail, dict) and str(detail.get("Value")).lower() == "true"
