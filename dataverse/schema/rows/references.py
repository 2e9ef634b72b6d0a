"""What only the environment knows: numbers and ids of its tables, messages and privileges.

A placeholder (`«privilege:prvReadContact»`) stands for such a value in the requests of a plan, which so can be made and
shown before there are tables. It is filled in when a request is about to be sent, and looked up together with those of
the requests after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dataverse.schema.asking import Row, ask, rows_of
from dataverse.webapi.client import Client
from dataverse.webapi.literals import IN_LIST_LIMIT, in_list, quote_literal
from dataverse.webapi.request import Request

Answers = Mapping[str, str]
"""Values by their placeholder."""

_PLACEHOLDER = re.compile("«([a-z ]+):([^»]*)»")


class Sort(StrEnum):
    """What can be referred to, and by which name."""

    ROOT_UNIT = "business unit"  # the one that has none above it
    TYPE_CODE = "type code"  # of a table
    TABLE = "table"  # the id of its definition
    MESSAGE = "message"
    FILTER = "message filter"  # `Update of contact`
    PRIVILEGE = "privilege"
    SERVICE = "service"  # the address that paths are relative to


def placeholder(sort: Sort, name: str = "root") -> str:
    """What stands for a value until it is known."""
    # The privileges of some tables are written in lower case in one version of Dataverse, and not in another.
    return f"«{sort}:{name.lower() if sort is Sort.PRIVILEGE else name}»"


SERVICE = placeholder(Sort.SERVICE, "address")


def placeholders(request: Request) -> set[str]:
    """The placeholders in a request."""
    return {match[0] for match in _PLACEHOLDER.finditer(_text(request))}


def filled(request: Request, answers: Answers) -> Request:
    """A request with values in the place of its placeholders. Raises KeyError for one without."""
    text = _PLACEHOLDER.sub(lambda match: answers[match[0]], _text(request))
    return replace(request, body=json.loads(text)) if request.body is not None else request


def look_up(client: Client, wanted: Iterable[str]) -> dict[str, str]:
    """The values of placeholders, as far as there are any; one call."""
    asked = list(questions(wanted))
    pages = ask(client, [path for _, path in asked])
    return {SERVICE: client.service_url, **read_answers((sort for sort, _ in asked), pages)}


def questions(wanted: Iterable[str]) -> Iterator[tuple[Sort, str]]:
    """The paths of the queries that answer what placeholders stand for, each with what it is about."""
    names: dict[Sort, list[str]] = {}
    for each in sorted(set(wanted)):
        if (match := _PLACEHOLDER.fullmatch(each)) and each != SERVICE:
            names.setdefault(Sort(match[1]), []).append(match[2])
    for sort, given in names.items():
        for start in range(0, len(given), IN_LIST_LIMIT):
            yield sort, _QUESTIONS[sort].path(given[start : start + IN_LIST_LIMIT])


def read_answers(sorts: Iterable[Sort], pages: Iterable[Row]) -> dict[str, str]:
    """What `questions` were answered."""
    return {
        placeholder(sort, _QUESTIONS[sort].name(row)): str(row[_QUESTIONS[sort].column])
        for sort, page in zip(sorts, pages, strict=True)
        for row in rows_of(page)
    }


@dataclass(frozen=True, slots=True)
class _Question:
    """The query that finds rows by their names, how a row is called, and the column that is wanted of it."""

    path: Callable[[Sequence[str]], str]
    name: Callable[[Row], str]
    column: str


def _definitions(names: Sequence[str]) -> str:
    return f"EntityDefinitions?$select=LogicalName,ObjectTypeCode,MetadataId&$filter={_any('LogicalName', names)}"


def _messages(names: Sequence[str]) -> str:
    return f"sdkmessages?$select=sdkmessageid,name&$filter={_any('name', names)}"


def _filters(names: Sequence[str]) -> str:
    messages, tables = zip(*(name.split(" of ") for name in names), strict=True)
    wanted = f"({_any('primaryobjecttypecode', tables)}) and ({_any('sdkmessageid/name', messages)})"
    columns = "$select=sdkmessagefilterid,primaryobjecttypecode&$expand=sdkmessageid($select=name)"
    return f"sdkmessagefilters?{columns}&$filter={wanted.replace(' ', '%20')}"


def _privileges(names: Sequence[str]) -> str:
    return f"privileges?$select=privilegeid,name&$filter={in_list('name', names)}"


def _root_unit(_: Sequence[str]) -> str:
    return "businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value%20eq%20null"


def _any(column: str, values: Iterable[str]) -> str:
    return "%20or%20".join(f"{column}%20eq%20{quote_literal(value)}" for value in sorted(set(values)))


def _filter_name(row: Row) -> str:
    message = row["sdkmessageid"]
    return f"{message['name'] if isinstance(message, Mapping) else ''} of {row['primaryobjecttypecode']}"


_QUESTIONS: dict[Sort, _Question] = {
    Sort.ROOT_UNIT: _Question(_root_unit, lambda row: "root", "businessunitid"),
    Sort.TYPE_CODE: _Question(_definitions, lambda row: str(row["LogicalName"]), "ObjectTypeCode"),
    Sort.TABLE: _Question(_definitions, lambda row: str(row["LogicalName"]), "MetadataId"),
    Sort.MESSAGE: _Question(_messages, lambda row: str(row["name"]), "sdkmessageid"),
    Sort.FILTER: _Question(_filters, _filter_name, "sdkmessagefilterid"),
    Sort.PRIVILEGE: _Question(_privileges, lambda row: str(row["name"]), "privilegeid"),
}


def _text(request: Request) -> str:
    return json.dumps(request.body, ensure_ascii=False)
