"""`Merge`: one row takes over what belongs to another one, which is deactivated.

Source: Learn, "Merge table rows using the Web API". Columns are taken over by `UpdateContent` only. Rows that point to
the subordinate point to the target afterwards, as the system does it: for tables that can be merged, Learn says,
cascading is the only way. Texts of refusals are Microsoft's, their code is that of an invalid argument.
"""

from __future__ import annotations

from collections.abc import Mapping

from emulator.messages.parameters import Arguments, flag, invalid, row_of
from emulator.metadata.model import Table
from emulator.operations import Json, Target, action
from emulator.records.cascades import links_below
from emulator.records.keys import Address
from emulator.records.payload import read_submission
from emulator.records.rows import Row, children, fetch
from emulator.records.states import settle
from emulator.records.update import update
from emulator.records.writing import write
from emulator.seams import Work

# Table → the state of a row that was merged into another one; and the column that names its parent.
_MERGED_STATE = {"account": 1, "contact": 1, "lead": 2}
_PARENT = {"account": "parentaccountid", "contact": "parentcustomerid", "lead": "customerid"}


@action("Merge")
def merge(work: Work, target: Target | None, arguments: Arguments) -> Json | None:
    """Merges `Subordinate` into `Target`; raises 400 for rows that cannot be merged, 403 without Write on both."""
    kept, row = row_of(work, arguments, "Target")
    merged, other = row_of(work, arguments, "Subordinate")
    checks_parents = flag(arguments, "PerformParentingChecks")
    _check(kept, row, merged, other)
    for address in (kept, merged):
        work.parts.security.check(work.context, address.table, str(address.row_id), "Write")
    if checks_parents and row[_PARENT[kept.table.logical_name]] != other[_PARENT[kept.table.logical_name]]:
        raise invalid("Merge warning: sub-entity will be differently parented.")
    content = arguments.get("UpdateContent")
    if content is not None:
        if not isinstance(content, Mapping):
            raise invalid("The parameter UpdateContent holds columns of a row.")
        submission = read_submission(work.context, kept.table, content, creating=False)
        update(work, kept.table, str(kept.row_id), submission, row)
    _move_children(work, kept.table, str(merged.row_id), str(kept.row_id))
    _move_pairs(work, kept.table, str(merged.row_id), str(kept.row_id))
    _deactivate(work, merged, kept)
    return None


def _check(kept: Address, row: Row, merged: Address, other: Row) -> None:
    name = kept.table.logical_name
    if name not in _MERGED_STATE or merged.table is not kept.table:
        raise invalid(f"Rows of {name} and {merged.table.logical_name} cannot be merged.")
    if kept.row_id == merged.row_id:
        raise invalid("Merge cannot be performed on master and sub-entities that are identical.")
    if row["statecode"] != 0 or other["statecode"] != 0:
        raise invalid("Merge cannot be performed on entity that is inactive.")


def _move_children(work: Work, table: Table, merged: str, kept: str) -> None:
    for link, below in links_below(work, table):
        column = link.referencing_column
        if column == "masterid":
            continue
        for child in children(work.context.db, below, column, merged, table.logical_name):
            row = fetch(work.context.db, below, child)
            if row is not None:
                itself = below is table and child == kept
                write(work, below, child, {column: None if itself else kept}, row)


def _move_pairs(work: Work, table: Table, merged: str, kept: str) -> None:
    for pair in work.context.schema.many_to_many.values():
        for side, column in ((pair.table1, pair.column1), (pair.table2, pair.column2)):
            if side == table.logical_name:
                name = pair.intersect_table
                work.context.db.execute(
                    f'UPDATE OR IGNORE "{name}" SET "{column}" = ? WHERE "{column}" = ?', (kept, merged)
                )
                work.context.db.execute(f'DELETE FROM "{name}" WHERE "{column}" = ?', (merged,))


def _deactivate(work: Work, merged: Address, kept: Address) -> None:
    table, row_id = merged.table, str(merged.row_id)
    row = fetch(work.context.db, table, row_id) or {}
    state = settle(table, {"statecode": _MERGED_STATE[table.logical_name]}, row["statecode"], row_id)
    write(work, table, row_id, {**state, "masterid": kept.row_id, "merged": 1}, row)
