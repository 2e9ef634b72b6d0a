"""The app settings of the function app, as an administrator has them at hand: a file, or the environment.

A file is a `local.settings.json`, or what `az functionapp config appsettings list` prints. A Key Vault reference in it
is resolved by Azure and nowhere else: what the file leaves open may be given in the environment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from admin.exits import Exit, Stopped

_REFERENCE = "@microsoft.keyvault("


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """Names → values; `unresolved` are the names whose value only Azure knows, `source` is where they come from."""

    values: Mapping[str, str] = field(repr=False)
    unresolved: frozenset[str] = frozenset()
    source: str

    def missing(self, name: str) -> Stopped:
        """The error for a setting that a command cannot do without."""
        if name in self.unresolved:
            return Stopped(
                f"{name} in {self.source} is a reference to Azure Key Vault, which only Azure itself resolves.",
                f"Set the environment variable {name} to the secret for this command: "
                f'{name}="$(az keyvault secret show --id <the SecretUri of the reference> --query value --output tsv)"',
            )
        return Stopped(
            f"{name} is not set in {self.source}.",
            "Hand over the settings of the function app: az functionapp config appsettings list --name <app> "
            "--resource-group <group> > settings.json, and then --settings settings.json.",
        )


def from_environment(environment: Mapping[str, str]) -> AppSettings:
    """The settings as environment variables."""
    return _sorted_out(environment, {}, "the environment")


def from_file(file: Path, environment: Mapping[str, str]) -> AppSettings:
    """The settings of a file; `environment` fills in what is not resolved there. Raises Stopped for what is no such
    file."""
    try:
        content: object = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Stopped(f"{file} cannot be read: {error.strerror}.", exit_code=Exit.USAGE) from None
    except ValueError:
        raise _no_settings(file) from None
    return _sorted_out(_values(content, file), environment, str(file))


def _values(content: object, file: Path) -> Mapping[str, object]:
    match content:
        case {"Values": dict() as values}:
            return values
        case [*entries] if all(isinstance(each, dict) and "name" in each for each in entries):
            return {str(each["name"]): each.get("value") for each in entries if isinstance(each, dict)}
        case _:
            raise _no_settings(file)


def _no_settings(file: Path) -> Stopped:
    return Stopped(
        f"{file} holds no app settings.",
        'Give a local.settings.json ({"Values": {…}}), or what "az functionapp config appsettings list" prints.',
        exit_code=Exit.USAGE,
    )


def _sorted_out(given: Mapping[str, object], otherwise: Mapping[str, str], source: str) -> AppSettings:
    # az shows no value (null) to those who may not see it, and to everybody after "appsettings set".
    opened = {name for name, value in given.items() if value is None or str(value).lower().startswith(_REFERENCE)}
    values = {name: str(value) for name, value in given.items() if name not in opened}
    values |= {name: otherwise[name] for name in opened & otherwise.keys()}
    return AppSettings(values=values, unresolved=frozenset(opened - values.keys()), source=source)
