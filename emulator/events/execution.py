"""The body of a webhook: the RemoteExecutionContext of one change for one step (Learn: "Use webhooks")."""

from __future__ import annotations

from emulator.events.contract import Json, entity, pairs, reference, typed, zoned
from emulator.events.images import images
from emulator.events.steps import POST_OPERATION, SYNCHRONOUS, Step
from emulator.operations import NAMESPACE
from emulator.paths import parse_guid, split_path
from emulator.seams import Change, Work

MAIN_OPERATION = 30
NOBODY = "00000000-0000-0000-0000-000000000000"
# Left out of a body that would be too large.
LARGE = ("ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages")


def execution_context(work: Work, change: Change, step: Step, operation: str) -> Json:
    """The context. `operation` is the id of the job, or of the request where there is none."""
    before, behind = images(work.context, change, step)
    return {
        **_surroundings(work, step, operation),
        "InputParameters": pairs({"Target": _target(change)}),
        "MessageName": change.message,
        "OutputParameters": pairs({"id": change.row_id} if change.message == "Create" else {}),
        "ParentContext": _parent(work, change, step, operation),
        "PostEntityImages": behind,
        "PreEntityImages": before,
        "PrimaryEntityId": change.row_id,
        "PrimaryEntityName": change.table.logical_name,
        "Stage": step.stage,
    }


def _surroundings(work: Work, step: Step, operation: str) -> Json:
    """Who, where and when: the same for every change of a request."""
    unit, organization, name = work.context.db.execute(
        "SELECT u.businessunitid, o.organizationid, o.name FROM systemuser u, organization o WHERE u.systemuserid = ?",
        (work.context.user_id,),
    ).fetchone()
    tag = work.context.tag
    user = step.user or work.context.user_id
    return {
        "BusinessUnitId": unit,
        "CorrelationId": work.correlation_id,
        "Depth": 1,
        "InitiatingUserAzureActiveDirectoryObjectId": _entra_id(work, work.context.user_id),
        "InitiatingUserId": work.context.user_id,
        "IsExecutingOffline": False,
        "IsInTransaction": step.mode == SYNCHRONOUS and step.stage in (20, POST_OPERATION),
        "IsOfflinePlayback": False,
        "IsolationMode": 1,
        "Mode": step.mode,
        "OperationCreatedOn": zoned(work.context.now()),
        "OperationId": operation,
        "OrganizationId": organization,
        "OrganizationName": name,
        "OwningExtension": {**reference("sdkmessageprocessingstep", step.id), "Name": step.name},
        "RequestId": work.request_id,
        "SecondaryEntityName": "none",
        "SharedVariables": pairs({"IsAutoTransact": True, **({"tag": tag} if tag is not None else {})}),
        "UserAzureActiveDirectoryObjectId": _entra_id(work, user),
        "UserId": user,
    }


def _entra_id(work: Work, user: str) -> object:
    statement = "SELECT azureactivedirectoryobjectid FROM systemuser WHERE systemuserid = ?"
    found = work.context.db.execute(statement, (user,)).fetchone()
    return (found[0] if found else None) or NOBODY


def _target(change: Change) -> Json:
    """What the request said of the row, with what the platform added to it (`modifiedon`); empty columns of a new row
    are left out. Who takes part in an activity is not told."""
    if change.message == "Delete":
        return typed("EntityReference", reference(change.table.logical_name, change.row_id))
    values = {name: value for name, value in change.values.items() if value is not None or change.message == "Update"}
    return typed("Entity", entity(change.table, change.row_id, values))


def _parent(work: Work, change: Change, step: Step, operation: str) -> Json | None:
    """The operation in the course of which another row was written as well: a cascade, a bulk operation, an action.
    None for the row that the request is about."""
    message, table, row_id = _asked_for(work)
    if message == change.message and table == change.table.logical_name and row_id in (None, change.row_id):
        return None
    about = {"Target": typed("EntityReference", reference(table, row_id))} if row_id else {}
    return {
        **_surroundings(work, step, operation),
        "InputParameters": pairs(about),
        "MessageName": message,
        "OutputParameters": [],
        "ParentContext": None,
        "PostEntityImages": [],
        "PreEntityImages": [],
        "PrimaryEntityId": row_id or NOBODY,
        "PrimaryEntityName": table,
        "Stage": MAIN_OPERATION,
    }


def _asked_for(work: Work) -> tuple[str, str, str | None]:
    """Message, table and row of the request itself, as far as its path tells. PATCH may create and `$ref` changes the
    row with the lookup, so these name what was written first."""
    segments = split_path(work.call.path)
    table = work.context.schema.by_set(segments[0].name) if segments else None
    last = segments[-1].name if segments else ""
    name = table.logical_name if table else "none"
    row_id = parse_guid(segments[0].arguments or "") if segments else None
    if last.startswith(NAMESPACE) or (table is None and last[:1].isupper()):
        return last.removeprefix(NAMESPACE), name, row_id
    if table is None or len(segments) > 1 or work.call.method == "PATCH":
        first = work.changes[0]
        return first.message, first.table.logical_name, first.row_id
    return ("Create" if work.call.method == "POST" else "Delete"), name, row_id
