"""The generated sections of the document: each a name and a function that writes it. To add one, add a line below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from dataverse.schema.components import Depth, EventStep, Field, Form, Privilege, Role, Section, Tab
from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.document.markdown import code, table
from dataverse.schema.events import EVENTS_HEADER, EVENTS_PATH, STEPS
from dataverse.schema.model import Cascades, Column, Lookup, Ownership, Table, Type

_OWNERS = {Ownership.USER: "a user or a team", Ownership.ORGANIZATION: "the organization"}
_DEPTHS = {
    Depth.USER: "own and of one's teams",
    Depth.BUSINESS_UNIT: "business unit",
    Depth.UNITS_BELOW: "business unit and below",
    Depth.ORGANIZATION: "organization",
}


def _house() -> str:
    publisher, solution = TEXTVERSE.publisher, TEXTVERSE.solution
    return (
        f"Publisher `{publisher.name}`, prefix `{publisher.prefix}`, prefix of choices {publisher.option_prefix}; "
        f"unmanaged solution `{solution.name}`, version {solution.version}."
    )


def _tables() -> str:
    return "\n\n".join(map(_table, TEXTVERSE.tables))


def _table(declared: Table) -> str:
    activity = " An activity." if declared.is_activity else ""
    rows = [
        *((code(column.name), _type(column), column.display, column.description) for column in _columns(declared)),
        *(
            (code(each.name), f"lookup → {code(each.target)}", each.display, each.description)
            for each in declared.lookups
        ),
    ]
    return (
        f"### `{declared.name}`: {declared.display}\n\n{declared.description} Rows are owned by "
        f"{_OWNERS[declared.ownership]}, and are {code(declared.set_name)} in paths.{activity}\n\n"
        + table(("column", "type", "label", "what"), rows)
    )


def _columns(declared: Table) -> tuple[Column, ...]:
    return (declared.primary, *declared.columns)


def _type(column: Column) -> str:
    match column.type:
        case Type.STRING | Type.MEMO:
            return f"{'text' if column.type is Type.STRING else 'long text'}, {column.length}"
        case Type.INTEGER:
            return f"whole number from {column.minimum}"
        case Type.BOOLEAN:
            return "yes or no"
        case Type.DATE_TIME:
            return "date and time"
        case Type.CHOICE if column.choice:
            return f"choice {code(column.choice)}"
        case _:
            return f"choice: {', '.join(option.label for option in column.options)}"


def _choices() -> str:
    rows = (
        (code(choice.name), choice.description, ", ".join(f"{each.label} {each.value}" for each in choice.options))
        for choice in TEXTVERSE.choices
    )
    return table(("choice", "what", "options"), rows)


def _keys() -> str:
    rows = ((code(key.name), code(each.name), code(*key.columns)) for each in TEXTVERSE.tables for key in each.keys)
    return table(("key", "table", "columns"), rows)


def _relationships() -> str:
    rows = [_relationship(each, lookup) for each in TEXTVERSE.tables for lookup in each.lookups]
    outlived = [_outlived(each, about) for each in TEXTVERSE.tables for about in each.outlives]
    return table(("relationship", "from", "to", "cascades", "why"), rows + outlived)


def _outlived(declared: Table, about: str) -> tuple[str, ...]:
    start, why = code(f"{declared.name}.regardingobjectid"), "Texts are not lost with what they were about."
    return code(f"{about}_{declared.set_name}"), start, code(about), "delete RemoveLink, else as Dataverse has it", why


def _relationship(declared: Table, lookup: Lookup) -> tuple[str, ...]:
    start = code(f"{declared.name}.{lookup.name}")
    return code(lookup.relationship), start, code(lookup.target), _cascades(lookup.cascades), lookup.cascades.why


def _cascades(cascades: Cascades) -> str:
    verbs = ("assign", "delete", "reparent", "share", "unshare")
    return ", ".join(f"{verb} {getattr(cascades, verb)}" for verb in verbs if getattr(cascades, verb) != "NoCascade")


def _views() -> str:
    rows = (
        (each.name, code(each.table), each.description, code(*(column.name for column in each.columns)))
        for each in TEXTVERSE.components.views
    )
    return table(("view", "table", "what", "columns"), rows)


def _forms() -> str:
    rows = ((each.name, code(each.table), each.description, _layout(each)) for each in TEXTVERSE.components.forms)
    return table(("form", "table", "what", "tabs and sections"), rows)


def _layout(form: Form) -> str:
    return "; ".join(f"{tab.label}: {', '.join(_contents(tab))}" for tab in form.tabs)


def _contents(tab: Tab) -> Iterator[str]:
    for section in tab.sections:
        yield f"{section.label} ({_cells(section)})"


def _cells(section: Section) -> str:
    return code(*(cell.column if isinstance(cell, Field) else cell.name for cell in section.cells))


def _web_resources() -> str:
    rows = ((code(each.name), code(f"pane/{each.file}"), each.display) for each in TEXTVERSE.components.web_resources)
    return table(("web resource", "file", "label"), rows)


def _commands() -> str:
    rows = (
        (each.label, code(each.table), each.location.name.lower().replace("_", " "), code(each.function), each.tooltip)
        for each in TEXTVERSE.components.commands
    )
    return table(("command", "table", "where", "function", "tooltip"), rows)


def _roles() -> str:
    return "\n\n".join(map(_role, TEXTVERSE.components.roles))


def _role(role: Role) -> str:
    """Privileges that are next to each other, as deep and for the same reason, share a line."""
    groups = groupby(role.privileges, key=lambda each: (each.depth, each.why))
    rows = ((code(*map(_name, each)), _DEPTHS[depth], why) for (depth, why), each in groups)
    return f"### {role.name}\n\n{role.description}\n\n" + table(("privileges", "reach", "why"), rows)


def _name(privilege: Privilege) -> str:
    return privilege.name


def _variables() -> str:
    rows = (
        (code(each.name), each.type.name.lower(), code(each.default) if each.default else "", each.description)
        for each in TEXTVERSE.components.variables
    )
    return table(("environment variable", "type", "default", "what"), rows)


def _steps() -> str:
    address = (
        f"Posted to {code(EVENTS_PATH)} of the function app, with the secret in the header {code(EVENTS_HEADER)}; "
        "asynchronously, after the fact."
    )
    return address + "\n\n" + table(("message", "table", "only if one of these changed", "images"), map(_step, STEPS))


def _step(step: EventStep) -> tuple[str, ...]:
    images = (
        f"{image.alias} ({'before' if image.before else 'after'}): {code(*image.columns)}" for image in step.images
    )
    return step.message, code(step.table), code(*step.columns), "; ".join(images)


def _apps() -> str:
    rows = (
        (each.name, code(each.unique_name), code(*each.tables), ", ".join(role.name for role in each.roles))
        for each in TEXTVERSE.components.apps
    )
    return table(("app", "unique name", "tables in its navigation", "roles"), rows)


SECTIONS: dict[str, Callable[[], str]] = {
    "house": _house,
    "tables": _tables,
    "choices": _choices,
    "keys": _keys,
    "relationships": _relationships,
    "views": _views,
    "forms": _forms,
    "web_resources": _web_resources,
    "commands": _commands,
    "roles": _roles,
    "variables": _variables,
    "steps": _steps,
    "apps": _apps,
}
