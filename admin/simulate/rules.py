"""The rules by which a simulation decides: those in force, or another order of the tiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rich.text import Text

from admin.exits import Exit, Stopped
from admin.session import Session
from dataverse.store.running_settings import (
    DEFAULT_REGION,
    NOTIFICATION_TEXT,
    TIER_ORDER,
    RunningSettings,
    Setting,
    read_settings,
)
from dataverse.store.setting_values import tier_order
from dataverse.store.settings_in_force import SettingsInForce

_APP_SETTING = "DEFAULT_REGION"
# The first two are said apart; the last changes only how a notification reads.
_NOT_ABOUT_PLACE = (TIER_ORDER, DEFAULT_REGION, NOTIFICATION_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds in the simulation. `settings` are as they stand in the environment; `others` says that the order of
    the tiers is the one of `--tiers`, which differs from the one in force."""

    held: RunningSettings
    settings: tuple[Setting, ...]
    others: bool

    def row(self) -> dict[str, object]:
        """As JSON-ready data."""
        return {
            "tiers": list(self.held.tier_order),
            "tiers_in_force": not self.others,
            "default_region": self.held.default_region,
            "phone_index": self.held.phone_index,
            "settings": {each.name: each.value for each in self.settings},
        }

    def shown(self) -> Iterator[Text]:
        """For people, a line each."""
        yield Text("By the rules", "bold")
        yield self.tiers()
        yield _line("Numbers without a country code are read in", *self._region())
        index = "the phone index" if self.held.phone_index else "usual spellings"
        yield _line("Records are found by", index, "" if self.held.phone_index else "the phone index is not complete")
        for each in self.settings:
            if each.name not in _NOT_ABOUT_PLACE:
                yield _line(each.display, each.value, str(each.origin))

    def tiers(self) -> Text:
        """The order of the tiers, for people."""
        note = "as --tiers says: not in force" if self.others else str(self._setting(TIER_ORDER).origin)
        return _line("Tiers", " > ".join(self.held.tier_order), note)

    def problems(self) -> Iterator[str]:
        """What cannot be understood of the settings, so that their defaults hold."""
        for each in self.settings:
            if each.problem:
                yield f"Mend {each.name}, which cannot be understood, so that its default holds: {each.problem}"

    def _region(self) -> tuple[str, str]:
        region, setting = self.held.default_region, self._setting(DEFAULT_REGION)
        if not region:
            return (
                "the countries of the two numbers",
                f"{_APP_SETTING} of the function app may say more: add --settings",
            )
        return region, str(setting.origin) if setting.value and not setting.problem else f"app setting {_APP_SETTING}"

    def _setting(self, name: str) -> Setting:
        return next(each for each in self.settings if each.name == name)


def rules(session: Session, tiers: str) -> Rules:
    """What holds now; with the order that `tiers` names, if it names one. Raises Stopped for one that is no order."""
    client = session.reading_client
    here = session.app_settings.values.get(_APP_SETTING, "")
    in_force = SettingsInForce(client, session.machine.now, default_region=here)()
    settings = read_settings(client)
    if not tiers:
        return Rules(held=in_force, settings=settings, others=False)
    try:
        order = tier_order(tiers, in_force.tier_order)
    except ValueError as error:
        raise Stopped(
            f"--tiers: {error}.",
            "Tiers that you do not name follow in the order in force: --tiers owned_by_seller,active puts two first.",
            exit_code=Exit.USAGE,
        ) from None
    return Rules(held=replace(in_force, tier_order=order), settings=settings, others=order != in_force.tier_order)


def put_in_force(held: Rules) -> str:
    """How the order of `--tiers` is put in force."""
    return f"To put this order in force: python -m admin settings set {TIER_ORDER} {','.join(held.held.tier_order)}"


def _line(what: str, value: str, note: str) -> Text:
    return Text.assemble(f"  {what}: {value or '(empty)'}", (f"   ({note})" if note else "", "dim"))
