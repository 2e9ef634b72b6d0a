"""Reading and setting the environment's behaviour by name."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from collections.abc import Callable, Mapping

from emulator.behaviour import Behaviour
from emulator.control.fields import Field, Misunderstood, number, read_values, truth, whole

_MOST = 1_000_000
_FIELDS: dict[type, Callable[[str], Field]] = {
    bool: lambda meaning: truth(meaning=meaning),
    int: lambda meaning: whole(0, _MOST, meaning=meaning),
    float: lambda meaning: number(0, _MOST, meaning=meaning),
}


def switches() -> dict[str, Field]:
    """Every switch with what it takes; what it means stands in the docstring of `Behaviour`."""
    meanings = dict(re.findall(r"`(\w+)`: (.+?)(?=\s+`\w+`:|$)", inspect.getdoc(Behaviour) or "", re.DOTALL))
    types = typing.get_type_hints(Behaviour)
    return {name: _FIELDS[kind](" ".join(meanings.get(name, "").split())) for name, kind in types.items()}


def as_json(behaviour: Behaviour) -> dict[str, object]:
    """All switches as they are."""
    return dataclasses.asdict(behaviour)


def change(behaviour: Behaviour, given: object) -> None:
    """Sets switches, all or none. Raises `Misunderstood`."""
    if not isinstance(given, dict):
        raise Misunderstood('Switches are a JSON object such as {"limits": true, "limit_requests": 10}.')
    values = read_values(given, switches(), "The behaviour")
    _set(behaviour, {name: values[name] for name in given if given[name] is not None})


def change_by_word(behaviour: Behaviour, word: str) -> None:
    """Sets the switch of `name=value`. Raises `Misunderstood`."""
    name, _, value = word.partition("=")
    if name not in switches():
        raise Misunderstood(f"There is no switch '{name}'. There are: {', '.join(switches())}.")
    _set(behaviour, {name: switches()[name].read(name, value)})


def restore_defaults(behaviour: Behaviour) -> None:
    """All switches as in a fresh environment."""
    _set(behaviour, as_json(Behaviour()))


def _set(behaviour: Behaviour, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(behaviour, name, value)
