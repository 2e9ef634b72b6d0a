"""Settings that an administrator changes while the service runs: Dataverse environment variables.

A definition says what holds by default, and has at most one value, which somebody wrote in this environment. All of it
is read in one request. A value that cannot be understood stops nothing: what holds by default holds, and `problem` says
so.

Sources: Microsoft Learn, table/entity reference of environmentvariabledefinition and environmentvariablevalue.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from dataverse.store import setting_values
from dataverse.store.phone_index.state import PHONE_INDEX, state_of
from dataverse.store.queries import get
from dataverse.store.rows import Row, rows
from dataverse.webapi.client import Client
from dataverse.webapi.literals import in_list
from dataverse.webapi.request import Request
from messaging.errors import NotFound
from routing.outcome import AmbiguousTexts
from routing.tiers import DEFAULT_ORDER, TierName

DEFAULT_REGION = "txv_defaultregion"
TIER_ORDER = "txv_tierorder"
NOTIFICATION_TEXT = "txv_notificationtext"
NEW_LEADS = "txv_newleads"
LEADS_PER_HOUR = "txv_leadsperhour"
AMBIGUOUS_TEXTS = "txv_ambiguoustexts"

_VALUES = "environmentvariabledefinition_environmentvariablevalue"

_log = logging.getLogger("textverse.settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSettings:
    """What holds: the country in which numbers are read first (ISO 3166; empty: as the app setting says), the order of
    the tiers, whether notifications show what a text says, whether an unknown number makes a lead, and for each number
    of ours how many within an hour (0: as many as come), what is done with ambiguous texts; and whether the phone index
    is complete, which nobody sets."""

    default_region: str = ""
    tier_order: tuple[TierName, ...] = DEFAULT_ORDER
    notification_text: bool = True
    new_leads: bool = True
    leads_per_hour: int = 30
    ambiguous_texts: AmbiguousTexts = AmbiguousTexts.DECIDE
    phone_index: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a setting is read, and the field of `RunningSettings` that it fills."""

    field: str
    read: Callable[[str], Any]

    @property
    def built_in(self) -> str:
        return setting_values.written(getattr(RunningSettings(), self.field))


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        DEFAULT_REGION: _Kind("default_region", setting_values.region),
        TIER_ORDER: _Kind("tier_order", setting_values.tier_order),
        NOTIFICATION_TEXT: _Kind("notification_text", setting_values.yes_or_no),
        NEW_LEADS: _Kind("new_leads", setting_values.yes_or_no),
        LEADS_PER_HOUR: _Kind("leads_per_hour", setting_values.leads_per_hour),
        AMBIGUOUS_TEXTS: _Kind("ambiguous_texts", setting_values.ambiguous_texts),
    }
)


class Origin(StrEnum):
    """Where the value of a setting comes from."""

    SET = "set in this environment"
    DEFAULT = "default"
    MISSING = "built in: the variable is not in this environment"


class WrongSetting(ValueError):
    """There is no such setting, or it cannot have that value; the message says what can be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting as it stands in an environment. Where `problem` says why `value` cannot be understood, `default`
    holds."""

    name: str
    display: str
    description: str
    value: str
    default: str
    origin: Origin
    problem: str = ""


def read_settings(client: Client) -> tuple[Setting, ...]:
    """All settings as they stand (one round trip), in the order of `KINDS`."""
    return settings_of(_definitions(client))


def read_running(client: Client) -> RunningSettings:
    """What holds (one round trip)."""
    definitions = _definitions(client)
    return replace(running(settings_of(definitions)), phone_index=state_of(definitions).complete)


def running(settings: Sequence[Setting]) -> RunningSettings:
    """What holds. What cannot be understood is logged by the name of its setting."""
    held: dict[str, Any] = {}
    for setting in settings:
        if setting.problem:
            _log.error("%s is passed over, its default holds: %s", setting.name, setting.problem)
        kind = KINDS[setting.name]
        held[kind.field] = kind.read(setting.default if setting.problem else setting.value)
    return RunningSettings(**held)


def change_setting(client: Client, name: str, text: str) -> Setting:
    """Write the value of a setting (two round trips, and a third to see it), safe to repeat; returns it as it stands.

    An empty text goes back to the default. Raises WrongSetting before anything is written, and NotFound where the
    environment has no such variable yet.
    """
    kind = _kind(name)
    try:
        value = setting_values.written(kind.read(text)) if text.strip() else None
    except ValueError as error:
        raise WrongSetting(f"{name}: {error}") from None
    definition = next((row for row in _definitions(client) if row["schemaname"] == name), None)
    if definition is None:
        raise NotFound(f"this environment has no variable {name}: provision it first")
    _write(client, definition, value)
    return next(setting for setting in read_settings(client) if setting.name == name)


def settings_of(definitions: Sequence[Row]) -> tuple[Setting, ...]:
    """The settings out of rows of definitions with their values. Pure."""
    by_name = {str(row["schemaname"]): row for row in definitions}
    return tuple(_setting(name, kind, by_name.get(name)) for name, kind in KINDS.items())


def _setting(name: str, kind: _Kind, definition: Row | None) -> Setting:
    row = definition or {}
    default, problem = _understood(kind, str(row.get("defaultvalue") or ""), kind.built_in)
    value = next((str(each["value"]) for each in rows(row, _VALUES) if each.get("value")), "")
    _, wrong = _understood(kind, value, default)
    return Setting(
        name=name,
        display=str(row.get("displayname") or name),
        description=str(row.get("description") or ""),
        value=value or str(row.get("defaultvalue") or default),
        default=default,
        origin=Origin.SET if value else Origin.DEFAULT if definition else Origin.MISSING,
        problem=wrong if value else problem,
    )


def _understood(kind: _Kind, text: str, otherwise: str) -> tuple[str, str]:
    """The text if it can be read, else the other one with the reason."""
    if not text:
        return otherwise, ""
    try:
        kind.read(text)
    except ValueError as error:
        return otherwise, str(error)
    return text, ""


def _kind(name: str) -> _Kind:
    if name not in KINDS:
        raise WrongSetting(f"there is no setting {name}; the settings are {', '.join(KINDS)}")
    return KINDS[name]


def _definitions(client: Client) -> list[Row]:
    query = (
        "environmentvariabledefinitions?$select=environmentvariabledefinitionid,schemaname,displayname,description,"
        f"defaultvalue&$filter={in_list('schemaname', (*KINDS, PHONE_INDEX))}"
        f"&$expand={_VALUES}($select=environmentvariablevalueid,value)"
    )
    return rows(client.send(get(query)).json())


def _write(client: Client, definition: Row, value: str | None) -> None:
    held = next((str(row["environmentvariablevalueid"]) for row in rows(definition, _VALUES)), None)
    parent = UUID(str(definition["environmentvariabledefinitionid"]))
    if value is not None or held is not None:
        # The id follows from that of the definition: two administrators at once write one row. It is emptied rather
        # than deleted: who may delete values may delete definitions.
        client.send(_upsert(held or str(uuid5(parent, "value")), str(definition["schemaname"]), parent, value))


def _upsert(value_id: str, name: str, parent: UUID, value: str | None) -> Request:
    body: dict[str, object] = {
        "schemaname": f"{name}_value",
        "value": value,
        "EnvironmentVariableDefinitionId@odata.bind": f"/environmentvariabledefinitions({parent})",
    }
    return Request(method="PATCH", path=f"environmentvariablevalues({value_id})", body=body, repeatable=True)
