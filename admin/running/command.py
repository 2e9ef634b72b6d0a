"""`settings get` and `settings set`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.text import Text

from admin.exits import Exit, Stopped
from admin.root import session_of
from dataverse.store.running_settings import Origin, Setting, WrongSetting, change_setting, read_settings
from messaging.errors import NotFound


def get_settings(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Only this one, with what it means.")] = "",
) -> Exit:
    """Show the settings that can be changed while it runs.

    They are environment variables of the solution, and hold a few minutes after a change. Everything else is an app
    setting of the function app: docs/configuration.md.

    Examples:
      python -m admin settings get
      python -m admin settings get txv_tierorder
    """
    session = session_of(context)
    found = read_settings(session.client)
    shown = [each for each in found if name in ("", each.name)]
    if not shown:
        raise Stopped(f"There is no setting {name}.", f"The settings are {', '.join(each.name for each in found)}.")
    rows = [_row(each) for each in shown]
    session.output.put("settings", rows, *(part for each in shown for part in _shown(each)))
    return Exit.FOUND if any(each.problem for each in shown) else Exit.FINE


def set_setting(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which one: see settings get.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help='The new value; "" goes back to the default.')],
) -> Exit:
    """Change a setting; it holds within a few minutes.

    Examples:
      python -m admin settings set txv_defaultregion DE
      python -m admin settings set txv_notificationtext no
      python -m admin settings set txv_defaultregion ""
    """
    session = session_of(context)
    try:
        setting = change_setting(session.client, name, value)
    except WrongSetting as error:
        raise Stopped(f"{str(error)[:1].upper()}{str(error)[1:]}.", exit_code=Exit.USAGE) from None
    except NotFound:
        raise Stopped(f"This environment has no variable {name} yet.", "Run: python -m admin provision") from None
    session.output.put("setting", _row(setting))
    session.output.say(f"{setting.display} is now {setting.value or 'empty'} ({setting.origin}).")
    return Exit.FINE


def _row(setting: Setting) -> dict[str, object]:
    return {
        "name": setting.name,
        "display": setting.display,
        "description": setting.description,
        "value": setting.value,
        "default": setting.default,
        "origin": setting.origin.name.lower(),
        "problem": setting.problem,
    }


def _shown(setting: Setting) -> Iterator[Text]:
    yield Text.assemble((setting.name, "bold"), f" = {setting.value or '(empty)'}", (f"   ({setting.origin})", "dim"))
    if setting.origin is Origin.SET:
        yield Text(f"  Its default is {setting.default or '(empty)'}")
    yield Text(f"  {setting.description}")
    if setting.problem:
        yield Text(f"  ! {setting.value} cannot be understood, so the default holds: {setting.problem}", "red")
