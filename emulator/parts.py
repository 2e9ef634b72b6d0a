"""Which parts the emulator is put together from. The one place that knows them all."""

from __future__ import annotations

from collections.abc import Mapping

import emulator.actions
import emulator.bulk
import emulator.components.apps
import emulator.components.publishing
import emulator.components.settings
import emulator.components.solution_components
import emulator.components.unpublished
import emulator.customization.options
import emulator.definition_changes
import emulator.messages.add_to_queue
import emulator.messages.bulk_delete
import emulator.messages.merge
import emulator.messages.qualify_lead
import emulator.opportunities  # noqa: F401 - these register their operations
from emulator.components.commands import check_command
from emulator.components.endpoints import tell_whether_secret_is_set
from emulator.components.layers import create_layers, hold_back
from emulator.components.webresources import check_web_resource
from emulator.events.delivery import Delivery
from emulator.events.outbox import create_outbox
from emulator.events.publish import publish
from emulator.events.registration import check_registration
from emulator.odata import read
from emulator.odata.connection import register
from emulator.odata.indexes import create_indexes
from emulator.operations import Handler, Json, Operation, Target, add
from emulator.records.units import keep_default_teams
from emulator.seams import Parts, Work
from emulator.security import checks
from emulator.security.indexes import create_security_indexes
from emulator.security.inherited_roles import follow_units
from emulator.security.operations import OPERATIONS, SecurityOperation
from emulator.tracking.ledger import begin_history, create_ledger, track


def standard_parts() -> Parts:
    """The parts of `python -m emulator`: OData queries, security by roles, ownership and sharing, and webhooks."""
    for each in OPERATIONS:
        add(Operation(each.name, each.method, each.bound_to, _handler(each)))
    return Parts(
        reader=read,
        security=checks,
        observers=(
            keep_default_teams,
            follow_units,
            check_web_resource,
            check_command,
            hold_back,
            tell_whether_secret_is_set,
            check_registration,
            checks.observe,
        ),
        publishers=(publish,),
        prepare=(register,),
        index=(create_indexes, track),
        opened=(create_security_indexes, create_layers, create_outbox, create_ledger),
        restored=(begin_history,),
        background=(Delivery,),
    )


def _handler(operation: SecurityOperation) -> Handler:
    def handle(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
        return operation.run(work.context, target, arguments)

    return handle
