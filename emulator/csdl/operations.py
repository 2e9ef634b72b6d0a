"""Functions and actions with their parameters, as far as `signatures.txt` knows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from emulator.csdl.elements import ALIAS, NAMESPACE, Element, element, parameter, prop
from emulator.metadata.model import Schema
from emulator.operations import ANY_TABLE, Operation

_PRIMITIVE = frozenset({"String", "Guid", "Int32", "Boolean"})


@dataclass(frozen=True, slots=True)
class Signature:
    """What an operation takes and gives: pairs of a name and a type in the notation above."""

    name: str
    bound_to: str | None
    parameters: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]


def _read(line: str) -> Signature:
    name, bound_to, parameters, results = (part.strip() for part in line.split("|"))
    return Signature(name, bound_to or None, _pairs(parameters), _pairs(results))


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.split() for part in text.split(";") if part.strip())
    return tuple((name, kind) for name, kind in pairs)


_LINES = (Path(__file__).parent / "signatures.txt").read_text(encoding="utf-8").splitlines()
_READ = [_read(line) for line in _LINES if line and not line.startswith("#")]
SIGNATURES = {(each.name, each.bound_to): each for each in _READ}


def operation_types(schema: Schema, operations: Iterable[Operation]) -> Iterator[Element]:
    """The operations that have a signature, and the complex types of their answers."""
    answers: dict[str, Element] = {}
    for operation, signature in _known(operations):
        if signature.results:
            answers[signature.name] = _answer(signature)
        bound_to = [signature.bound_to] if signature.bound_to != ANY_TABLE else _sets(schema)
        for table in bound_to:
            yield _operation(operation, signature, table)
    yield from answers.values()


def operation_imports(operations: Iterable[Operation]) -> Iterator[Element]:
    """What can be called without a row."""
    for operation, signature in _known(operations):
        if signature.bound_to is None:
            kind = _kind(operation)
            yield element(f"{kind}Import", Name=signature.name, **{kind: f"{NAMESPACE}.{signature.name}"})


def _known(operations: Iterable[Operation]) -> Iterator[tuple[Operation, Signature]]:
    for operation in sorted(operations, key=lambda each: (each.name, each.bound_to or "")):
        signature = SIGNATURES.get((operation.name, operation.bound_to))
        if signature is not None:
            yield operation, signature


def _kind(operation: Operation) -> str:
    return "Function" if operation.method == "GET" else "Action"


def _sets(schema: Schema) -> list[str | None]:
    return [table.logical_name for table in schema.tables.values() if not table.is_intersect]


def _operation(operation: Operation, signature: Signature, table: str | None) -> Element:
    found = element(_kind(operation), Name=signature.name)
    if table is not None:
        found.set("IsBound", "true")
        name, kind = ("entityset", f"Collection({table})") if signature.bound_to == ANY_TABLE else ("entity", table)
        found.append(parameter(name, _type(kind), nullable=False))
    for name, kind in signature.parameters:
        found.append(parameter(name, _type(kind.replace("*", table or "")), nullable=not kind.endswith("!")))
    if signature.results:
        found.append(element("ReturnType", Type=f"{ALIAS}{signature.name}Response", Nullable="false"))
    return found


def _answer(signature: Signature) -> Element:
    found = element("ComplexType", Name=f"{signature.name}Response")
    for name, kind in signature.results:
        found.append(prop(name, _type(kind), nullable=not kind.endswith("!")))
    return found


def _type(text: str) -> str:
    """`Edm.Guid` for Guid, `mscrm.contact` for contact."""
    text = text.rstrip("!")
    if text.startswith("Collection("):
        return f"Collection({_type(text.removeprefix('Collection(').removesuffix(')'))})"
    return f"Edm.{text}" if text in _PRIMITIVE else ALIAS + text
