"""Optional headers that go round business logic: what they name is not run, for those who may.

The emulator has no plug-ins; the steps of webhooks are business logic to it. Source: Learn, "Bypass custom business
logic", which names the headers, the privileges and the values.
"""

from __future__ import annotations

from collections.abc import Mapping

from emulator.context import Context
from emulator.errors import DataverseError
from emulator.seams import Security

SYNCHRONOUS, ASYNCHRONOUS = "CustomSync", "CustomAsync"
# Header → the privilege that it takes.
PRIVILEGES = {
    "mscrm.bypassbusinesslogicexecution": "prvBypassCustomBusinessLogic",
    "mscrm.bypassbusinesslogicexecutionstepids": "prvBypassCustomBusinessLogic",
    "mscrm.bypasscustompluginexecution": "prvBypassCustomPlugins",
}
_KINDS, _STEPS, _PLUGINS = PRIVILEGES
_MOST_STEPS = 3


def bypassed(headers: Mapping[str, str]) -> frozenset[str]:
    """What the headers name: `CustomSync`, `CustomAsync`, ids of steps in lower case. Raises 400 for anything else."""
    found = {SYNCHRONOUS} if _listed(headers, _PLUGINS) else set()
    kinds = _listed(headers, _KINDS)
    if unknown := kinds - {SYNCHRONOUS, ASYNCHRONOUS}:
        raise _invalid(f"{min(unknown)} is neither {SYNCHRONOUS} nor {ASYNCHRONOUS}")
    steps = {step.lower() for step in _listed(headers, _STEPS)}
    if len(steps) > _MOST_STEPS:
        raise _invalid(f"{len(steps)} steps are named, {_MOST_STEPS} at most can be bypassed")
    return frozenset(found | kinds | steps)


def check_bypassed(security: Security, context: Context, headers: Mapping[str, str]) -> None:
    """Raises 403 unless the caller may go round business logic in the way that the headers ask for."""
    for header, privilege in PRIVILEGES.items():
        if _listed(headers, header):
            security.check_named(context, privilege)


def _listed(headers: Mapping[str, str], name: str) -> set[str]:
    given = {part.strip() for part in headers.get(name, "").strip('" ').split(",") if part.strip()}
    return given - {"false", "False"} if name == _PLUGINS else given


def _invalid(detail: str) -> DataverseError:
    return DataverseError(400, "0x80040203", f"The header to bypass business logic is not valid: {detail}.")
