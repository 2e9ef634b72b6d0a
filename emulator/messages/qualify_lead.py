"""`QualifyLead`: a lead becomes an account, a contact, an opportunity, and is closed.

Source: Learn, "QualifyLead action". The new rows belong to the caller. They take over the columns of the same name and
type, besides those that Learn maps by other names; mappings of an environment's own are not known. The app shows a
qualified lead read-only; the Web API goes on to change it, here as there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from emulator.messages.parameters import Arguments, flag, invalid, number, row_of
from emulator.metadata.model import Column, ColumnType, Table
from emulator.operations import NAMESPACE, Json, Target, action
from emulator.records.deep import create
from emulator.records.keys import Address
from emulator.records.payload import Submission
from emulator.records.rows import Row, fetch
from emulator.records.states import settle
from emulator.records.writing import write
from emulator.seams import Work

OPEN, QUALIFIED = 0, 1
# What has another name on the new row.
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "account": {"name": "companyname"},
    "contact": {},
    "opportunity": {"name": "subject", "emailaddress": "emailaddress1", "estimatedvalue": "estimatedamount"},
}
_OWN = frozenset({ColumnType.ID, ColumnType.STATE, ColumnType.STATUS, ColumnType.OWNER, ColumnType.LOOKUP,
                  ColumnType.CUSTOMER, ColumnType.BIGINT})  # fmt: skip
_NOT_COPIED = frozenset({"fullname", "importsequencenumber", "overriddencreatedon", "timezoneruleversionnumber",
                         "utcconversiontimezonecode", "merged", "participatesinworkflow"})  # fmt: skip


@action("QualifyLead", bound_to="lead")
def qualify_lead(work: Work, target: Target | None, arguments: Arguments) -> Json:
    """Makes the rows that are asked for and answers with their ids; `Status` is a status of a qualified lead, -1 the
    default."""
    if target is None or target.row_id is None:
        raise invalid("QualifyLead is bound to a lead.")
    lead = Address(table=target.table, row_id=target.row_id, text=target.row_id)
    work.parts.security.check(work.context, lead.table, target.row_id, "Write")
    row = fetch(work.context.db, lead.table, target.row_id) or {}
    status = number(arguments, "Status")
    if row.get("statecode") != OPEN:
        raise invalid("The lead is already closed.")
    made = dict(_made(work, lead, row, arguments))
    given = {"statecode": QUALIFIED, "statuscode": None if status == -1 else status}
    values: Row = {**settle(lead.table, given, OPEN, target.row_id)}
    parents = {"parentaccountid": "account", "parentcontactid": "contact"}
    values.update({column: made[name].row_id for column, name in parents.items() if name in made})
    write(work, lead.table, target.row_id, values, row)
    context = f"{work.context.url}$metadata#crmbaseentities"
    return {"@odata.context": context, "value": [_shown(address) for address in made.values()]}


def _made(work: Work, lead: Address, row: Row, arguments: Arguments) -> Iterator[tuple[str, Address]]:
    """The new rows by table. A contact belongs to the account, an opportunity to either, the account before."""
    account, contact = (_parent(work, row, name) for name in ("account", "contact"))
    wanted = {name: flag(arguments, f"Create{name.capitalize()}") for name in _RENAMED}
    if wanted["account"]:
        account = _create(work, "account", lead, row, {})
        yield "account", account
    if wanted["contact"]:
        contact = _create(work, "contact", lead, row, {"parentcustomerid": account})
        yield "contact", contact
    if wanted["opportunity"]:
        customer = account or contact
        if arguments.get("OpportunityCustomerId") is not None:
            customer, _ = row_of(work, arguments, "OpportunityCustomerId")
        links = {"customerid": customer, "parentaccountid": account, "parentcontactid": contact}
        if arguments.get("OpportunityCurrencyId") is not None:
            links["transactioncurrencyid"], _ = row_of(work, arguments, "OpportunityCurrencyId")
        yield "opportunity", _create(work, "opportunity", lead, row, links)


def _parent(work: Work, row: Row, name: str) -> Address | None:
    row_id = row.get(f"parent{name}id")
    table = work.context.schema.tables[name]
    return Address(table=table, row_id=str(row_id), text=str(row_id)) if row_id else None


def _create(work: Work, name: str, lead: Address, row: Row, links: Mapping[str, Address | None]) -> Address:
    table = work.context.schema.tables[name]
    submission = Submission(dict(_copied(lead.table, table, row)))
    for column, address in {**links, "originatingleadid": lead}.items():
        if address is not None:
            _check_target(table, column, address)
            submission.point(table.columns[column], address)
    row_id = create(work, table, submission)
    return Address(table=table, row_id=row_id, text=row_id)


def _check_target(table: Table, column: str, address: Address) -> None:
    targets = table.columns[column].targets
    if address.table.logical_name not in targets:
        raise invalid(f"{table.logical_name}.{column} does not point to rows of {address.table.logical_name}.")


def _copied(lead: Table, table: Table, row: Row) -> Iterator[tuple[str, object]]:
    for name, column in table.columns.items():
        source = lead.columns.get(_RENAMED[table.logical_name].get(name, name))
        if source is None or name in _NOT_COPIED or not column.on_create or column.type is not source.type:
            continue
        value = row[source.logical_name]
        if value is not None and column.type not in _OWN and _fits(column, value):
            yield name, value[: column.max_length] if isinstance(value, str) else value


def _fits(column: Column, value: object) -> bool:
    return not column.options or value in [option.value for option in column.options]


def _shown(address: Address) -> Json:
    table = address.table
    return {"@odata.type": f"#{NAMESPACE}{table.logical_name}", table.primary_id: address.row_id}
