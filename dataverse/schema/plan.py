"""From what there is to what there should be: the steps, in an order in which each has what it needs.

Pure. Steps only ever add, lengthen and mend: nothing is dropped or shortened, and what administrators may word as they
like (labels, descriptions) is left alone. What could only be settled by dropping something is a conflict (`conflicts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dataverse.schema.actual import Actual, ActualChoice
from dataverse.schema.conflicts import conflicts
from dataverse.schema.model import Schema
from dataverse.schema.rows.apps import site_map_id
from dataverse.schema.rows.desired import rows
from dataverse.schema.rows.found import Found
from dataverse.schema.rows.steps import component_conflicts, component_steps, same_components
from dataverse.schema.steps import Mark, Step, post
from dataverse.schema.table_steps import choice_steps, same_choice, same_table, solution_steps, table_steps


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps to carry out in this order; conflicts, a sentence each, that stand in their way; and in words what is there
    as it should be (`table txv_smsprovider (8 columns, 1 key)`)."""

    steps: tuple[Step, ...]
    conflicts: tuple[str, ...]
    same: tuple[str, ...] = ()


def plan(desired: Schema, actual: Actual) -> Plan:
    """The way from `actual` to `desired`; without steps where nothing is missing."""
    found = actual.components
    wanted = tuple(rows(desired, found.ids))
    return Plan(
        steps=(
            *solution_steps(desired, actual),
            *choice_steps(desired, actual),
            *table_steps(desired, actual),
            *component_steps(desired, wanted, found),
        ),
        conflicts=(*conflicts(desired, actual), *component_conflicts(desired, wanted, found)),
        same=(*filter(None, _same(desired, actual)), *same_components(desired, wanted, found)),
    )


def publish(desired: Schema, found: Found) -> tuple[Step, ...]:
    """The steps after all others: they show to apps what was changed, and then the apps themselves, which Dataverse
    publishes apart. Nothing tells whether it has been done already."""
    components = desired.components
    parts = {
        "entities": [f"<entity>{table.name}</entity>" for table in desired.tables],
        "optionsets": [f"<optionset>{choice.name}</optionset>" for choice in desired.choices],
        "webresources": [f"<webresource>{{{found.id_of(each.id)}}}</webresource>" for each in components.web_resources],
        "sitemaps": [f"<sitemap>{{{found.id_of(site_map_id(app))}}}</sitemap>" for app in components.apps],
    }
    apps = {app.unique_name: found.id_of(app.id) for app in components.apps}
    for setting in components.app_settings:
        apps.setdefault(setting.app, found.apps.get(setting.app, ""))
    app_parts = {"appmodules": [f"<appmodule>{identity}</appmodule>" for identity in apps.values()]}
    return (_publish("publish", parts), *([_publish("publish apps", app_parts)] if apps else []))


def _publish(what: str, parts: Mapping[str, list[str]]) -> Step:
    groups = "".join(f"<{name}>{''.join(items)}</{name}>" for name, items in parts.items() if items)
    xml = f"<importexportxml>{groups}</importexportxml>"
    return Step(mark=Mark.CHANGE, what=what, request=post("PublishXml", {"ParameterXml": xml}))


def _same(desired: Schema, actual: Actual) -> Iterator[str]:
    yield f"publisher {desired.publisher.name}" if actual.publisher else ""
    yield f"solution {desired.solution.name}" if actual.has_solution else ""
    for choice in desired.choices:
        yield same_choice(choice, actual.choices.get(choice.name, ActualChoice()))
    for table in desired.tables:
        there = actual.tables.get(table.name)
        yield same_table(table, there) if there else ""
