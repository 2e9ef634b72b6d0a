"""`BulkDelete`: deletes what queries find, in a system job; and `DeleteMultiple`, which elastic tables have.

Source: Learn, "BulkDelete action", "Delete data in bulk". The job is done when the answer comes, whatever its start; a
job that recurs is not built. A row that cannot be deleted stays, and the others go.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from emulator.errors import DataverseError, not_supported
from emulator.fetchxml.retrieve import retrieve_multiple
from emulator.messages.parameters import Arguments, invalid
from emulator.messages.query_expression import as_fetchxml
from emulator.metadata.model import Table
from emulator.operations import ANY_TABLE, Json, Target, action
from emulator.records.cascades import delete
from emulator.records.ownership import owner_columns
from emulator.records.rows import Row, fetch, insert
from emulator.records.values import written
from emulator.records.writing import modified
from emulator.seams import Work

PRIVILEGE = "prvBulkDelete"
_BULK_DELETE, _COMPLETED, _SUCCEEDED = 13, 3, 30


@action("BulkDelete")
def bulk_delete(work: Work, target: Target | None, arguments: Arguments) -> Json:
    """Deletes the rows and answers with the id of the job. Raises 400 for a query that cannot be read."""
    work.parts.security.check_named(work.context, PRIVILEGE)
    queries, name = arguments.get("QuerySet"), arguments.get("JobName")
    if not isinstance(queries, list) or not queries or not isinstance(name, str):
        raise invalid("BulkDelete needs a QuerySet and a JobName.")
    if arguments.get("RecurrencePattern"):
        raise not_supported("a bulk deletion that recurs")
    found = [pair for query in queries for pair in _found(work, query)]
    for table, row_id in found:
        _delete(work, table, row_id)
    return {"JobId": _job(work, name)}


def _found(work: Work, query: object) -> Iterator[tuple[Table, str]]:
    page = 1
    while True:
        name, text = as_fetchxml(query, page=page)
        table = work.context.schema.tables.get(name)
        if table is None:
            raise DataverseError(400, "0x80041102", f"The entity with a name = '{name}' was not found.")
        rows = retrieve_multiple(work.context, table, text)["value"]
        if not isinstance(rows, list) or not rows:
            return
        yield from ((table, str(row[table.primary_id])) for row in rows)
        page += 1


def _delete(work: Work, table: Table, row_id: str) -> None:
    """Deletes one row if it is there and the caller may; if not, nothing of it has happened."""
    row, noted = fetch(work.context.db, table, row_id), len(work.changes)
    if row is None:
        return
    work.context.db.execute("SAVEPOINT bulk_delete")
    try:
        work.parts.security.check(work.context, table, row_id, "Delete")
        delete(work, table, row_id, row)
    except DataverseError:
        work.context.db.execute("ROLLBACK TO bulk_delete")
        del work.changes[noted:]
    work.context.db.execute("RELEASE bulk_delete")


def _job(work: Work, name: str) -> str:
    """The row of the job, which is done."""
    context, job = work.context, str(uuid4())
    table, now = context.schema.tables["asyncoperation"], written(work.context.now())
    row: Row = {
        "asyncoperationid": job,
        "name": name[:256],
        "operationtype": _BULK_DELETE,
        "messagename": "BulkDelete",
        "statecode": _COMPLETED,
        "statuscode": _SUCCEEDED,
        "startedon": now,
        "completedon": now,
        "createdon": now,
        "createdby": context.user_id,
        "createdonbehalfby": context.real_user_id,
        **modified(context),
        **owner_columns(context, context.user_id, "systemuser"),
    }
    insert(context.db, table, row)
    return job


@action("DeleteMultiple", bound_to=ANY_TABLE)
def delete_multiple(work: Work, target: Target | None, arguments: Arguments) -> Json | None:
    """Raises 400: no table here is elastic."""
    name = target.table.logical_name if target else ""
    message = (
        f"The 'DeleteMultiple' method does not support entities of type '{name}'. MessageProcessorCache returned "
        "MessageProcessor.Empty."
    )
    raise DataverseError(400, "0x80040800", message)
