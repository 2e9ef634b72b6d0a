"""Names of customizations: the publisher's prefix in front, the plural of a table for its entity set."""

from __future__ import annotations

import re

from emulator.errors import DataverseError

# SQLite keeps names that begin with sqlite_ for itself.
_NAME = re.compile(r"(?!(?i:sqlite)_)([A-Za-z][A-Za-z0-9]*)_[A-Za-z][A-Za-z0-9_]*")

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def plural(logical_name: str) -> str:
    """`txv_textmessages`, `new_companies`, `new_smses`: as Dataverse makes entity set names."""
    if re.search(r"[^aeiou]y$", logical_name):
        return logical_name[:-1] + "ies"
    return logical_name + ("es" if re.search(r"(s|x|z|ch|sh)$", logical_name) else "s")


def prefix_of(schema_name: str, kind: str) -> str:
    """The customization prefix of a name; raises 0x80044366 for a name without one."""
    match = _NAME.fullmatch(schema_name)
    if match is None:
        raise invalid_prefix(schema_name, kind)
    return match[1].lower()


def identifier(name: str, what: str) -> str:
    """A name as OData has them; raises 0x80048d19 for one that holds anything but letters, digits and underscores."""
    if _IDENTIFIER.fullmatch(name) is None:
        raise bad_definition(f"'{name[:100]}' is no {what}: letters, digits and underscores are.")
    return name


def invalid_prefix(schema_name: str, kind: str) -> DataverseError:
    """400: the name does not start with the prefix of a publisher."""
    message = (
        f"The schema name {schema_name} for type {kind} is invalid or missing. Custom attribute, entity, entitykey, "
        "option set and relationship names must start with a valid customization prefix. The prefix for a solution "
        "component should match the prefix that is specified for the publisher of the solution."
    )
    return DataverseError(400, "0x80044366", message)


def not_unique(schema_name: str, kind: str) -> DataverseError:
    """400: something of this kind has the name already."""
    message = f"The schema name {schema_name} for type {kind} is not unique. An {kind} with same name already exists."
    return DataverseError(400, "0x80044363", message)


def bad_definition(detail: str) -> DataverseError:
    """400: a definition that cannot be read."""
    return DataverseError(400, "0x80048d19", f"Error identified in Payload provided by the user: {detail}")
