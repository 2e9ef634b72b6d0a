"""From the text of a `$filter` to its tree. The grammar is OData 4.0's as far as Dataverse answers it, with query
functions (`Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=["a"])`) and parameter aliases."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from emulator.errors import DataverseError, bad_query
from emulator.odata import literals
from emulator.odata.nodes import And, Array, Call, Compare, Lambda, Literal, Node, Not, Or, Path, QueryFunction
from emulator.odata.tokens import Token, tokenize

COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
FUNCTIONS = frozenset({"contains", "startswith", "endswith"})
_REFUSED_OPERATORS = {"in": "In", "has": "BinaryOperator"} | dict.fromkeys(
    ("add", "sub", "mul", "div", "mod"), "BinaryOperator"
)
_DEEPEST = 32
_MOST_CONDITIONS = 500
_CONSTANTS = {
    "null": Literal("null", None),
    "true": Literal("Edm.Boolean", True),
    "false": Literal("Edm.Boolean", False),
}
_LITERALS: Mapping[str, Callable[[str], Literal]] = {
    "string": lambda text: Literal("Edm.String", text[1:-1].replace("''", "'")),
    "json": lambda text: Literal("Edm.String", _from_json(text)),
    "guid": lambda text: Literal("Edm.Guid", text.lower()),
    "moment": literals.moment,
    "date": literals.day,
    "decimal": literals.decimal,
    "integer": literals.integer,
}


def parse_filter(text: str, aliases: Mapping[str, str]) -> Node:
    """The tree of a filter; raises `DataverseError` 400 where Dataverse's parser would.

    `aliases` are the request's `@name` options, still as text; one that is missing stands for null.
    """
    return _Parser(text, aliases).whole(_Parser.expression)


def parse_operand(text: str, aliases: Mapping[str, str]) -> Node:
    """A path or a constant, as aliases and `$orderby` have them."""
    return _Parser(text, aliases).whole(_Parser.operand)


class _Parser:
    """Recursive descent, one method a rule; `depth` bounds the recursion, `conditions` the size."""

    def __init__(self, text: str, aliases: Mapping[str, str]) -> None:
        self.text = text
        self.aliases = aliases
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.conditions = 0

    def whole(self, rule: Callable[[_Parser], Node]) -> Node:
        node = rule(self)
        if self.next.kind != "end":
            raise self.syntax_error()
        return node

    @property
    def next(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.next
        self.index += 1
        return token

    def at(self, text: str) -> bool:
        return self.next.text == text and self.next.kind in {"symbol", "name"}

    def accept(self, text: str) -> bool:
        found = self.at(text)
        self.index += found
        return found

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.syntax_error()

    def syntax_error(self) -> DataverseError:
        return bad_query(f"Syntax error at position {self.next.position} in '{self.text}'.")

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise bad_query("Recursion depth exceeded allowed limit.")
        parts = [self.conjunction()]
        while self.accept("or"):
            parts.append(self.conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Node:
        parts = [self.comparison()]
        while self.accept("and"):
            parts.append(self.comparison())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def comparison(self) -> Node:
        self.conditions += 1
        if self.conditions > _MOST_CONDITIONS:
            raise DataverseError(400, "0x8004430c", "Number of conditions in query exceeded maximum limit.")
        left = self.unary()
        word = self.next.text if self.next.kind == "name" else ""
        if word in _REFUSED_OPERATORS:
            raise bad_query(f"The query node {_REFUSED_OPERATORS[word]} is not supported.")
        if word not in COMPARISONS:
            return left
        self.take()
        return Compare(word, left, self.unary())

    def unary(self) -> Node:
        negations = 0
        while self.accept("not"):
            negations += 1
        node = self.primary()
        return Not(node) if negations % 2 else Not(Not(node)) if negations else node

    def primary(self) -> Node:
        if self.accept("("):
            node = self.expression()
            self.expect(")")
            return node
        return self.operand()

    def operand(self) -> Node:
        token = self.next
        if token.kind in _LITERALS:
            return _LITERALS[self.take().kind](token.text)
        if token.kind == "alias":
            return self.alias(self.take().text)
        if self.accept("["):
            return self.array()
        if token.kind != "name":
            raise self.syntax_error()
        if token.text in _CONSTANTS:
            return _CONSTANTS[self.take().text]
        return self.path()

    def alias(self, name: str) -> Node:
        text = self.aliases.get(name)
        return _CONSTANTS["null"] if text is None else parse_operand(text, {})

    def array(self) -> Array:
        items: list[Literal] = []
        while not self.accept("]"):
            if items:
                self.expect(",")
            item = self.operand()
            if not isinstance(item, Literal):
                raise bad_query("Invalid JSON. An unexpected value was found in scope 'Array'.")
            items.append(item)
        return Array(tuple(items))

    def path(self) -> Node:
        segments: list[str] = []
        while True:
            if self.next.kind != "name":
                raise self.syntax_error()
            name = self.take().text
            if self.accept("("):
                return self.call(tuple(segments), name)
            segments.append(name)
            if not self.accept("/"):
                return Path(tuple(segments))

    def call(self, path: tuple[str, ...], name: str) -> Node:
        if "." in name:
            return QueryFunction(path, name, self.named_parameters())
        if path and name in {"any", "all"}:
            return self.lambda_(path, name)
        if path:
            raise bad_query(f"The request URI is not valid: '{name}' cannot be called on '{'/'.join(path)}'.")
        if name not in FUNCTIONS:
            raise bad_query(
                f"An unknown function with name '{name}' was found. This may also be a function import or a key lookup "
                "on a navigation property, which is not allowed."
            )
        arguments: list[Node] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression())
        return Call(name, tuple(arguments))

    def named_parameters(self) -> tuple[tuple[str, Node], ...]:
        parameters: list[tuple[str, Node]] = []
        while not self.accept(")"):
            if parameters:
                self.expect(",")
            if self.next.kind != "name":
                raise self.syntax_error()
            name = self.take().text
            self.expect("=")
            parameters.append((name, self.operand()))
        return tuple(parameters)

    def lambda_(self, path: tuple[str, ...], quantifier: str) -> Lambda:
        if quantifier == "any" and self.accept(")"):
            return Lambda(path, quantifier, None, None)
        if self.next.kind != "name":
            raise self.syntax_error()
        variable = self.take().text
        self.expect(":")
        body = self.expression()
        self.expect(")")
        return Lambda(path, quantifier, variable, body)


def _from_json(text: str) -> str:
    try:
        value: str = json.loads(text)
        value.encode()  # an escaped half of a surrogate pair is no text
    except ValueError:
        raise bad_query(f"Invalid JSON. {text[:60]} is not a valid string.") from None
    return value
