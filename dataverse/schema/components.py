"""What Dynamics shows and does with our tables, as far as we declare it: views, forms, web resources, commands, roles,
environment variables, webhooks, settings of apps and an app of our own.

Each becomes a row of one of Dataverse's own tables, under an id that is derived from its name: a second run finds what
the first one made. Labels are in English; what administrators word otherwise is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID, uuid5

_NAMESPACE = UUID("1f7d0a3c-53c4-5f0e-8f3e-5a5d6c1f7a21")


def component_id(kind: str, name: str) -> str:
    """The id of the row of a component: the same in every environment."""
    return str(uuid5(_NAMESPACE, f"{kind}:{name}"))


class Depth(StrEnum):
    """How far a privilege reaches, as `AddPrivilegesRole` names it: one's own rows and those of one's teams, of the
    business unit, of the units below it as well, of everybody."""

    USER = "Basic"
    BUSINESS_UNIT = "Local"
    UNITS_BELOW = "Deep"
    ORGANIZATION = "Global"


class Verb(StrEnum):
    """What a privilege of a table allows."""

    CREATE = "Create"
    READ = "Read"
    WRITE = "Write"
    DELETE = "Delete"
    APPEND = "Append"
    APPEND_TO = "AppendTo"
    ASSIGN = "Assign"
    SHARE = "Share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Privilege:
    """A privilege in a role: its `name` (`prvReadtxv_textmessage`), how far it reaches, and what it is needed for."""

    name: str
    depth: Depth
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A security role of the root business unit. Members of a team that holds it hold it themselves."""

    name: str
    description: str
    privileges: tuple[Privilege, ...]

    @property
    def id(self) -> str:
        return component_id("role", self.name)


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view, `width` in pixels; of a linked table with its alias in front (`number.txv_name`)."""

    name: str
    width: int = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A public view of a table: `fetch` is FetchXML, in the order in which the rows come."""

    table: str
    name: str
    description: str
    fetch: str
    columns: tuple[ViewColumn, ...]

    @property
    def id(self) -> str:
        return component_id("view", f"{self.table}:{self.name}")


@dataclass(frozen=True, slots=True)
class Field:
    """A column on a form."""

    column: str
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A web resource on a form, `rows` high; it is told table and id of the record that the form shows."""

    name: str
    web_resource: str
    label: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubGrid:
    """The rows of a relationship on a form, as the view `view` of their table shows them."""

    name: str
    label: str
    table: str
    relationship: str
    view: View
    rows: int = 6


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form's tab under a heading."""

    label: str
    cells: tuple[Field | WebPage | SubGrid, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a form."""

    label: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A main form of a table."""

    table: str
    name: str
    description: str
    tabs: tuple[Tab, ...]

    @property
    def id(self) -> str:
        return component_id("form", f"{self.table}:{self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebResource:
    """A file that the browser loads out of Dataverse: `name` there (`txv_/conversation.html`), `file` in the folder
    `pane`."""

    name: str
    display: str
    file: str

    @property
    def id(self) -> str:
        return component_id("webresource", self.name)


class VariableType(IntEnum):
    """Types of environment variables (`environmentvariabledefinition.type`)."""

    STRING = 100_000_000
    NUMBER = 100_000_001
    BOOLEAN = 100_000_002
    JSON = 100_000_003


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A setting that administrators change while the service runs; `default` holds until they do."""

    name: str
    type: VariableType
    display: str
    description: str
    default: str

    @property
    def id(self) -> str:
        return component_id("environmentvariable", self.name)


class Location(IntEnum):
    """Where a command stands (`appaction.location`)."""

    FORM = 0
    MAIN_GRID = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A button in the command bar of a table: calls `function` of the script `library` (a web resource) with
    `parameters`, JSON as modern commanding writes it."""

    name: str
    table: str
    location: Location
    label: str
    tooltip: str
    icon: str
    library: WebResource
    function: str
    parameters: str
    sequence: int

    @property
    def id(self) -> str:
        return component_id("command", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What of a row goes along with an event: before the change or after it, as much of it as `columns` says."""

    alias: str
    before: bool
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStep:
    """Which message of which table the webhook hears of, asynchronously and after the fact. `columns` are those of
    which one has to be among the changed ones; empty: any."""

    message: str
    table: str
    columns: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def name(self) -> str:
        return f"Textverse: {self.message} of {self.table}"

    @property
    def id(self) -> str:
        return component_id("step", f"{self.message}:{self.table}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where Dataverse posts events to. The secret goes along in the header `header`; Dataverse never shows it again."""

    name: str
    url: str
    header: str
    secret: str = field(repr=False)
    steps: tuple[EventStep, ...]

    @property
    def id(self) -> str:
        return component_id("webhook", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSetting:
    """The value of a setting in a model-driven app, by the app's unique name."""

    app: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A model-driven app of ours: the `tables` in its navigation, in this order, and the roles that may open it."""

    unique_name: str
    name: str
    description: str
    tables: tuple[str, ...]
    roles: tuple[Role, ...]

    @property
    def id(self) -> str:
        return component_id("app", self.unique_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """All of them."""

    variables: tuple[Variable, ...] = ()
    web_resources: tuple[WebResource, ...] = ()
    views: tuple[View, ...] = ()
    forms: tuple[Form, ...] = ()
    commands: tuple[Command, ...] = ()
    roles: tuple[Role, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    app_settings: tuple[AppSetting, ...] = ()
    apps: tuple[App, ...] = ()
