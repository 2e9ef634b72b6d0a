"""A provider's payload, whose values can only be had by saying what they have to be.

What carries meaning (ids, ends, texts, statuses) must be there and of its type, or Malformed names the field, never
its value. What only decorates (times, counts, our own id given back) is None where it cannot be read: a customer's
text must not be lost for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from messaging.errors import Malformed
from messaging.numbers import Address, AddressKind, read_address

# In UTF-16 code units, in which Dataverse counts too: all of these fit the columns that they are kept in.
MAX_BODY = 10_000  # six times what any provider delivers
MAX_IDENTIFIER = 200
MAX_ADDRESS = 64  # NFKC can make a text eighteen times as long; no address needs more than this
_COUNT = re.compile("[0-9]{1,6}")


class Payload:
    """An object of the payload; `path` is where it stands, for errors. With `fold`, names are read in either case."""

    __slots__ = ("_fold", "_path", "_values")

    def __init__(self, values: object, path: str = "", *, fold: bool = False) -> None:
        if not isinstance(values, Mapping):
            raise Malformed(f"{path or 'the body'} is not an object")
        self._fold = fold
        self._path = f"{path}." if path else ""
        self._values = {self._name(name): value for name, value in values.items()}

    def __contains__(self, name: str) -> bool:
        return self._values.get(self._name(name)) is not None

    def __repr__(self) -> str:
        return f"Payload({self._path.rstrip('.')})"

    def text(self, name: str) -> str:
        """A text, which may be empty."""
        value = self.optional_text(name)
        if value is None:
            raise Malformed(f"{self._path}{name} is missing")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text, None where it is absent or null."""
        value = self._values.get(self._name(name))
        if value is not None and not isinstance(value, str):
            raise Malformed(f"{self._path}{name} is not a text")
        return value

    def identifier(self, name: str) -> str:
        """An id or a word of the provider's: one line, not empty, at most 200 long."""
        value = self.text(name)
        if not _is_identifier(value):
            raise Malformed(f"{self._path}{name} is not an identifier")
        return value

    def optional_identifier(self, name: str) -> str | None:
        """An id that may not be there; None for one that cannot be ours."""
        value = self._values.get(self._name(name))
        return value if isinstance(value, str) and _is_identifier(value) else None

    def code(self, name: str) -> str:
        """A numeric code as text, whether the provider writes it as a number or as digits."""
        value = self._values.get(self._name(name))
        if value is None:
            raise Malformed(f"{self._path}{name} is missing")
        if isinstance(value, bool) or not re.fullmatch("-?[0-9]{1,9}", str(value)):
            raise Malformed(f"{self._path}{name} is not a number")
        return str(value)

    def count(self, name: str) -> int | None:
        """How many of something, None where it does not say."""
        value = self._values.get(self._name(name))
        return int(str(value)) if type(value) in (int, str) and _COUNT.fullmatch(str(value)) else None

    def time(self, name: str) -> datetime | None:
        """A moment in UTC, None where it is absent or none that can be."""
        value = self._values.get(self._name(name))
        return read_time(value) if isinstance(value, str) else None

    def object(self, name: str) -> Payload:
        """An object within this one; its fields are named with its path."""
        if name not in self:
            raise Malformed(f"{self._path}{name} is missing")
        return Payload(self._values[self._name(name)], self._path + name, fold=self._fold)

    def address(self, name: str) -> Address:
        """An end of a text that has to be a phone number, a short code or an alphanumeric sender."""
        value = self._short(name)
        try:
            return read_address(value)
        except ValueError:
            raise Malformed(f"{self._path}{name} is not a number or a sender name") from None

    def optional_address(self, name: str) -> Address | None:
        """An end of a text that nothing depends on; None where it is absent or unreadable."""
        try:
            return self.address(name)
        except Malformed:
            return None

    def sender(self, name: str) -> Address:
        """Who sent a text. Carriers let through ends that are none of the three kinds (mail gateways, long names): they
        are kept as names, which no record matches, because losing the text would be worse."""
        value = self._short(name).strip()
        try:
            return read_address(value)
        except ValueError:
            if not value or not value.isprintable():
                raise Malformed(f"{self._path}{name} is not a number or a sender name") from None
            return Address(AddressKind.ALPHANUMERIC, value, value)

    def body(self, name: str) -> str:
        """The text of a message, within the limit."""
        value = self.text(name)
        if _length(value) > MAX_BODY:
            raise Malformed(f"{self._path}{name} is longer than {MAX_BODY} UTF-16 code units")
        return value

    def _short(self, name: str) -> str:
        value = self.text(name)
        if _length(value) > MAX_ADDRESS:
            raise Malformed(f"{self._path}{name} is not a number or a sender name")
        return value

    def _name(self, name: str) -> str:
        return name.casefold() if self._fold else name


def read_time(text: str) -> datetime | None:
    """An ISO 8601 moment in UTC; without an offset it is taken for UTC. None for what is none, or no time of a text.

    Years outside 2000–2099 are placeholders (.NET's default is year 1), and Dataverse refuses those before 1753.
    """
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 2000 <= moment.year <= 2099 else None


def _is_identifier(text: str) -> bool:
    return 0 < _length(text) <= MAX_IDENTIFIER and text.isprintable() and not text.isspace()


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
