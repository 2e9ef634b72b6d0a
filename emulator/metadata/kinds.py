"""What a table has because of what it is: owned by users or by the organization, an activity, with notes.

Source of the names: reference/entities of the Dataverse documentation; custom tables follow the pattern
`user_<table>`, `team_<table>`, `lk_<table>_createdby`, `regardingobjectid_<table>_<activity>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from emulator.metadata.draft import CASCADES, Draft
from emulator.metadata.identity import metadata_id
from emulator.metadata.model import Column, ColumnType, Option, Table

POINTER = "activitypointer"
JOB = "asyncoperation"
STANDARD_ACTIVITIES = {POINTER: "ActivityPointers", "phonecall": "Phonecalls", "task": "Tasks", "email": "Emails"}
_INT_MAX = 2_147_483_647


def column(table: str, schema_name: str, kind: ColumnType, label: str = "", *, read_only: bool = False) -> Column:
    """A column that the platform brings along."""
    return Column(
        logical_name=schema_name.lower(),
        schema_name=schema_name,
        type=kind,
        metadata_id=metadata_id("attribute", table, schema_name.lower()),
        display_name=label,
        on_create=not read_only,
        on_update=not read_only,
    )


def complete(draft: Draft, table: Table, states: tuple[Option, ...], statuses: tuple[Option, ...],
             names: Mapping[str, str]) -> None:  # fmt: skip
    """Adds to a table whatever its kind asks for. `names` gives relationship names that differ from the pattern, by
    the lookup column that they go through."""
    for extra in (*_identity(table), *_audit(table), *_ownership(table), *_state(table, states, statuses)):
        table.columns.setdefault(extra.logical_name, extra)
    version = column(table.logical_name, "VersionNumber", ColumnType.BIGINT, "Version Number", read_only=True)
    table.columns.setdefault(version.logical_name, version)
    if table.is_activity and table.logical_name != POINTER:
        _activity_columns(draft, table)
    _user_links(draft, table, names)
    if table.is_activity:
        _activity_links(draft, table)
    if table.has_activities:
        for activity in [each for each in draft.schema.tables.values() if each.is_activity]:
            _regarding(draft, table, activity)
    if JOB in draft.schema.tables and table.ownership == "UserOwned" and table.logical_name != JOB:
        draft.link(f"{table.schema_name}_AsyncOperations", f"{JOB}.regardingobjectid", table.logical_name,
                   f"regardingobjectid_{table.logical_name}", CASCADES["none"])  # fmt: skip
    if table.has_notes:
        link_notes(draft, table)


def link_notes(draft: Draft, table: Table) -> None:
    """Rows of the table can have notes."""
    suffix = "Annotations" if table.custom else "Annotation"
    name, lookup = f"{table.schema_name}_{suffix}", "annotation.objectid"
    draft.link(name, lookup, table.logical_name, f"objectid_{table.logical_name}", CASCADES["parental"])


def _identity(table: Table) -> Iterator[Column]:
    schema_name = "ActivityId" if table.is_activity else f"{table.schema_name}Id"
    if schema_name.lower() != table.primary_id:
        schema_name = table.primary_id
    key = column(table.logical_name, schema_name, ColumnType.ID, table.display_name)
    yield replace(key, on_update=False, required_level="SystemRequired")


def _audit(table: Table) -> Iterator[Column]:
    if table.ownership == "None":
        return
    name = table.logical_name
    for verb, label in (("Created", "Created"), ("Modified", "Modified")):
        yield column(name, f"{verb}By", ColumnType.LOOKUP, f"{label} By", read_only=True)
        yield column(name, f"{verb}On", ColumnType.DATETIME, f"{label} On", read_only=True)
        yield column(name, f"{verb}OnBehalfBy", ColumnType.LOOKUP, f"{label} By (Delegate)", read_only=True)
    imported = column(name, "ImportSequenceNumber", ColumnType.INTEGER, "Import Sequence Number")
    yield replace(imported, on_update=False, minimum=-_INT_MAX - 1, maximum=_INT_MAX)
    yield replace(column(name, "OverriddenCreatedOn", ColumnType.DATETIME, "Record Created On"), on_update=False)
    for schema_name in ("TimeZoneRuleVersionNumber", "UTCConversionTimeZoneCode"):
        yield replace(column(name, schema_name, ColumnType.INTEGER, schema_name), minimum=-1, maximum=_INT_MAX)


def _ownership(table: Table) -> Iterator[Column]:
    name = table.logical_name
    if table.ownership == "UserOwned":
        owner = column(name, "OwnerId", ColumnType.OWNER, "Owner")
        yield replace(owner, targets=("systemuser", "team"), required_level="SystemRequired")
        for schema_name, label in (
            ("OwningUser", "Owning User"),
            ("OwningTeam", "Owning Team"),
            ("OwningBusinessUnit", "Owning Business Unit"),
        ):
            yield column(name, schema_name, ColumnType.LOOKUP, label, read_only=True)
    elif table.ownership == "OrganizationOwned":
        yield column(name, "OrganizationId", ColumnType.LOOKUP, "Organization", read_only=True)


def _state(table: Table, states: tuple[Option, ...], statuses: tuple[Option, ...]) -> Iterator[Column]:
    if not states:
        return
    state = column(table.logical_name, "StateCode", ColumnType.STATE, "Status")
    yield replace(state, options=states, on_create=not table.is_activity, required_level="SystemRequired")
    status = column(table.logical_name, "StatusCode", ColumnType.STATUS, "Status Reason")
    yield replace(status, options=statuses)


def _activity_columns(draft: Draft, table: Table) -> None:
    """Every column of activitypointer that the table does not define itself."""
    for name, shared in draft.schema.tables[POINTER].columns.items():
        if name not in table.columns:
            own_id = metadata_id("attribute", table.logical_name, name)
            table.columns[name] = replace(shared, metadata_id=own_id, targets=())
    if table.custom:
        name = table.logical_name
        nav, lookup = f"transactioncurrencyid_{name}", f"{name}.transactioncurrencyid"
        draft.link(f"TransactionCurrency_{name}", lookup, "transactioncurrency", nav, CASCADES["restrict"])


def _user_links(draft: Draft, table: Table, names: Mapping[str, str]) -> None:
    name, columns = table.logical_name, table.columns
    patterns = {
        "createdby": (f"lk_{name}_createdby", "systemuser", "none"),
        "createdonbehalfby": (f"lk_{name}_createdonbehalfby", "systemuser", "none"),
        "modifiedby": (f"lk_{name}_modifiedby", "systemuser", "none"),
        "modifiedonbehalfby": (f"lk_{name}_modifiedonbehalfby", "systemuser", "none"),
        "ownerid": (f"owner_{name}", "owner", "none"),
        "owninguser": (f"user_{name}", "systemuser", "none"),
        "owningteam": (f"team_{name}", "team", "restrict"),
        "owningbusinessunit": (f"business_unit_{name}", "businessunit", "restrict"),
    }
    if table.ownership == "OrganizationOwned":
        patterns["organizationid"] = (f"organization_{name}", "organization", "none")
    for lookup, (pattern, target, cascades) in patterns.items():
        if lookup in columns and columns[lookup].is_lookup:
            draft.link(names.get(lookup, pattern), f"{name}.{lookup}", target, None, CASCADES[cascades])


def _activity_links(draft: Draft, table: Table) -> None:
    name = table.logical_name
    # An activity and its pointer have the same id, so one lookup serves both.
    draft.link(
        f"{name}_activity_parties",
        "activityparty.activityid",
        name,
        f"activityid_{name}",
        CASCADES["parental"],
        adds_target=name == POINTER,
    )
    for target in [each for each in draft.schema.tables.values() if each.has_activities and each is not table]:
        _regarding(draft, target, table)


def _regarding(draft: Draft, target: Table, activity: Table) -> None:
    """`target` can be what `activity` is about."""
    if activity.logical_name in STANDARD_ACTIVITIES:
        schema_name = f"{target.schema_name}_{STANDARD_ACTIVITIES[activity.logical_name]}"
    else:
        schema_name = f"{target.logical_name}_{activity.set_name}"
    nav = f"regardingobjectid_{target.logical_name}"
    if activity.logical_name != POINTER:
        nav += f"_{activity.logical_name}"
    column_name = f"{activity.logical_name}.regardingobjectid"
    draft.link(schema_name, column_name, target.logical_name, nav, CASCADES["parental"])
