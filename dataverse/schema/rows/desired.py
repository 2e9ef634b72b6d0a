"""All components of a schema as rows, in an order in which each has what it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from dataverse.schema.model import Schema
from dataverse.schema.rows.apps import app_row, site_map_row
from dataverse.schema.rows.commands import command_row
from dataverse.schema.rows.forms import form_row
from dataverse.schema.rows.roles import role_row
from dataverse.schema.rows.row import Ids, Row
from dataverse.schema.rows.variables import variable_row
from dataverse.schema.rows.views import view_row
from dataverse.schema.rows.web_resources import web_resource_row
from dataverse.schema.rows.webhooks import webhook_rows


def rows(schema: Schema, ids: Ids) -> Iterator[Row]:
    """The rows; `ids` of those components that are there under another id than ours. Raises ConfigurationError where
    a file is missing that belongs to us."""
    tables = {table.name: table for table in schema.tables}
    components = schema.components
    yield from map(variable_row, components.variables)
    yield from map(web_resource_row, components.web_resources)
    for view in components.views:
        yield view_row(view, tables[view.table])
    for form in components.forms:
        yield form_row(form, tables[form.table], ids)
    for command in components.commands:
        yield command_row(command, ids)
    for app in components.apps:
        yield site_map_row(app, tables)
        yield app_row(app)
    yield from map(role_row, components.roles)
    for webhook in components.webhooks:
        yield from webhook_rows(webhook, ids)
