"""What every change of a definition passes: the caller's privilege, the customization lock, the record of changes."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.errors import DataverseError, not_supported
from emulator.metadata.model import Schema
from emulator.metadata.privileges import DEFINITIONS
from emulator.seams import Work
from emulator.solutions import add_component, requested_solution

ENTITY, ATTRIBUTE, OPTION_SET, RELATIONSHIP, KEY = 1, 2, 9, 10, 14
Body = dict[str, object]
Needed = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A piece of metadata that was made: its id, its path, and what kind of component it is."""

    metadata_id: str
    path: str
    component: int


def change_schema(work: Work, kind: str, owner: str, body: Body, needs: Needed) -> Schema:
    """Makes a change of the kind that `DEFINERS` names. `needs` is a kind of definition and Create, Write or Delete.
    Raises 403 without that privilege, 0x80071151 while customizing is locked."""
    if work.call.in_change_set:
        raise not_supported("definitions in a change set")
    definition, verb = needs
    work.parts.security.check_privilege(work.context, DEFINITIONS[definition], verb)
    check_unlocked(work)
    return work.catalog.change(work.context.db, kind, owner, body)


def check_unlocked(work: Work) -> None:
    """Raises 0x80071151 while another change of metadata is running. Its status was seen as 400 and as 429: here it is
    the one that does not say by itself that trying again may help."""
    if work.behaviour.customization_locked:
        message = (
            "Cannot start the requested operation [EntityCustomization] because there is another "
            "[EntityCustomization] running at this moment. Use Solution History for more details."
        )
        raise DataverseError(400, "0x80071151", message)


def note(work: Work, made: Made) -> None:
    """What was made becomes a component of the solution that the request names."""
    add_component(work, requested_solution(work), made.component, made.metadata_id)
