"""What a `$filter` says, as values: the tree that the parser builds and the SQL translation walks."""

from __future__ import annotations

from dataclasses import dataclass

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant with its Edm type (`Edm.String`, `Edm.Int32`, …; `null` for null).

    Guids are lower-case text; date-times are UTC text that sorts as the moments do (see `literals.moment`).
    """

    type: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Array:
    """`["a","b"]`, a parameter of query functions."""

    items: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """`fullname`, `primarycontactid/fullname`, or with a lambda's variable first."""

    segments: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(self.segments)


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`, with eq, ne, gt, ge, lt or le."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The operand does not hold."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of OData itself: `contains(fullname,'x')`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class QueryFunction:
    """A function of Dataverse, `Microsoft.Dynamics.CRM.In(PropertyName='x',…)`; `path` is what stands before it."""

    path: tuple[str, ...]
    name: str
    parameters: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    """`path/any(variable:body)` or `path/all(…)`; `path/any()` has neither."""

    path: tuple[str, ...]
    quantifier: str
    variable: str | None
    body: Node | None


Node = Literal | Array | Path | Compare | And | Or | Not | Call | QueryFunction | Lambda
