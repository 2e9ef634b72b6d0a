"""Requests that want no custom logic to run: `MSCRM.BypassBusinessLogicExecution` and its like.

Source: Learn, "Bypass custom Dataverse logic". The privileges have the same ids in every environment.
"""

from __future__ import annotations

import sqlite3

from emulator.errors import DataverseError
from emulator.events.steps import ASYNCHRONOUS, SYNCHRONOUS, Step
from emulator.metadata.identity import metadata_id
from emulator.metadata.privileges import GLOBAL
from emulator.seams import Work
from emulator.security import checks

LOGIC, STEPS, PLUG_INS = (
    "mscrm.bypassbusinesslogicexecution",
    "mscrm.bypassbusinesslogicexecutionstepids",
    "mscrm.bypasscustompluginexecution",
)
MOST_STEPS = 3
_PRIVILEGES = {
    "prvBypassCustomBusinessLogic": "0ea552b0-a491-4470-9a1b-82068deccf66",
    "prvBypassCustomPlugins": "148a9eaf-d0c4-4196-9852-c3a38e35f6a1",
}
_MODES = {"CustomSync": SYNCHRONOUS, "CustomAsync": ASYNCHRONOUS}


def bypassed(work: Work, step: Step) -> bool:
    """Whether the request passes the step over. Raises 403 for a caller who may not, 400 for a header that says
    something else."""
    return step.mode in _modes(work) or step.id in _steps(work)


def _modes(work: Work) -> set[int]:
    modes: set[int] = set()
    if words := _words(work, LOGIC, "prvBypassCustomBusinessLogic"):
        if not set(words) <= set(_MODES):
            raise DataverseError(400, "0x80040203", f"The header {LOGIC} takes {' and '.join(_MODES)}.")
        modes.update(_MODES[word] for word in words)
    if _words(work, PLUG_INS, "prvBypassCustomPlugins") == ["true"]:
        modes.add(SYNCHRONOUS)
    return modes


def _steps(work: Work) -> set[str]:
    ids = _words(work, STEPS, "prvBypassCustomBusinessLogic")
    if len(ids) > MOST_STEPS:
        raise DataverseError(400, "0x80040203", f"The header {STEPS} takes {MOST_STEPS} steps at most.")
    return {each.lower() for each in ids}


def _words(work: Work, header: str, privilege: str) -> list[str]:
    words = [word.strip() for word in work.call.headers.get(header, "").strip('" ').split(",") if word.strip()]
    if words and checks.caller(work.context).privilege_depth(privilege) is None:
        message = (
            f"Principal user (Id={work.context.user_id}, type=8) is missing {privilege} privilege "
            f"(Id={_PRIVILEGES[privilege]})."
        )
        raise DataverseError(403, "0x80040220", message)
    return words


def create_bypass_privileges(db: sqlite3.Connection) -> None:
    """Adds the privileges, which only System Administrator has at first."""
    for name, row_id in _PRIVILEGES.items():
        added = db.execute(
            "INSERT OR IGNORE INTO privilege (privilegeid, name, accessright, canbebasic, canbelocal, canbedeep, "
            "canbeglobal, canbeentityreference, canbeparententityreference, versionnumber) "
            "VALUES (?, ?, 0, 0, 0, 0, 1, 0, 0, 1)",
            (row_id, name),
        )
        roles = db.execute("SELECT roleid FROM role WHERE name = 'System Administrator'").fetchall()
        for (role,) in roles if added.rowcount else ():
            db.execute(
                "INSERT INTO roleprivileges (roleprivilegeid, roleid, privilegeid, privilegedepthmask, versionnumber) "
                "VALUES (?, ?, ?, ?, 1)",
                (metadata_id("roleprivilege", role, row_id), role, row_id, GLOBAL),
            )
