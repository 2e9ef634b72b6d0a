"""The generated sections of the document: each a name and a function that writes it. To add one, add a line below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from emulator.commandline import OPTIONS
from emulator.control.endpoints import ENDPOINTS
from emulator.control.endpoints import ROOT as CONTROL
from emulator.control.fields import Field
from emulator.control.kinds import KINDS
from emulator.control.rules import OFTEN, SEED, WHICH
from emulator.control.switches import switches
from emulator.document.headers import ANSWERED, HEADERS, PREFERENCES
from emulator.document.paths import PATHS
from emulator.fetchxml import operators
from emulator.fetchxml.markup import READ
from emulator.fetchxml.model import FILTERING, JOINED, RESTRICTING
from emulator.metadata.model import ColumnType
from emulator.metadata.standard import standard_schema
from emulator.odata.functions import FUNCTIONS
from emulator.odata.options import COLLECTION, SINGLE
from emulator.operations import ANY_TABLE, NAMESPACE, Operation, registered
from emulator.parts import standard_parts


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _paths() -> str:
    rows = ((f"`/{path}`", methods.replace(" ", ", "), meaning) for path, (methods, meaning) in PATHS.items())
    return table(("path", "methods", "what"), rows)


def _operations() -> str:
    standard_parts()  # they register themselves
    bound: dict[tuple[str, str], list[str]] = {}
    for each in registered():
        bound.setdefault((each.name, each.method), []).append(_target(each))
    kinds = {"GET": "function", "POST": "action"}
    rows = ((f"`{name}`", kinds[method], ", ".join(where)) for (name, method), where in bound.items())
    return table(("name", "kind", "bound to"), rows)


def _target(operation: Operation) -> str:
    if operation.bound_to is None:
        return "—"
    return "any table" if operation.bound_to == ANY_TABLE else f"`{operation.bound_to}`"


def _query() -> str:
    functions = _code(sorted(name for name in FUNCTIONS))
    return (
        f"Options on rows: {_code(sorted(COLLECTION))}; on one row: {_code(sorted(SINGLE))}.\n\n"
        f"Query functions, each with `{NAMESPACE}` before its name: {functions}."
    )


def _fetchxml() -> str:
    named = (operators.COMPARISONS, operators.LIKES, operators.NOT_LIKES, operators.NULLS, operators.FUNCTIONS)
    rows = ((f"`{element}`", _code(attributes.split())) for element, attributes in READ.items())
    return (
        f"{table(('element', 'attributes'), rows)}\n\n"
        f"Operators: {_code(sorted(name for names in named for name in names))}.\n\n"
        f"Types of links: {_code(sorted(JOINED | RESTRICTING | FILTERING))}."
    )


def _tables() -> str:
    rows = (
        (f"`{each.logical_name}`", f"`{each.set_name}`", len(each.columns), each.ownership)
        for each in sorted(standard_schema().tables.values(), key=lambda each: each.logical_name)
    )
    return table(("table", "entity set", "columns", "owned by"), rows)


def _columns() -> str:
    return f"Types of columns: {_code(sorted(ColumnType))}."


def _headers() -> str:
    return "\n\n".join(
        table((title, "what"), ((f"`{name}`", meaning) for name, meaning in names.items()))
        for title, names in {
            "header of a request": HEADERS,
            "preference": PREFERENCES,
            "header of an answer": ANSWERED,
        }.items()
    )


def _control() -> str:
    rows = ((each.method, f"`{CONTROL}{each.path}`", each.meaning) for each in ENDPOINTS)
    return table(("method", "path", "what"), rows)


def _switches() -> str:
    return table(("switch", "takes", "what"), _fields(switches()))


def _faults() -> str:
    rows = (
        (f"`{name}`", kind.meaning, "yes" if kind.operations else "no", _taken(kind.fields))
        for name, kind in KINDS.items()
    )
    which = table(("every rule takes", "which is", "what"), _fields({**WHICH, **OFTEN, "seed": SEED}))
    return f"{table(('fault', 'what', 'one operation of a batch', 'takes'), rows)}\n\n{which}"


def _taken(fields: Mapping[str, Field]) -> str:
    return "; ".join(f"`{name}`, {field.takes}: {field.meaning}" for name, field in fields.items()) or "—"


def _fields(fields: Mapping[str, Field]) -> Iterable[tuple[str, str, str]]:
    return ((f"`{name}`", field.takes, field.meaning) for name, field in fields.items())


def _options() -> str:
    return table(("option", "what"), ((f"`{each.written}`", each.meaning) for each in OPTIONS))


SECTIONS: Mapping[str, Callable[[], str]] = {
    "options": _options,
    "paths": _paths,
    "query": _query,
    "fetchxml": _fetchxml,
    "operations": _operations,
    "headers": _headers,
    "tables": _tables,
    "columns": _columns,
    "control": _control,
    "faults": _faults,
    "switches": _switches,
}
