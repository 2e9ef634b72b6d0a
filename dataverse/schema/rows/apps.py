"""Model-driven apps and their site maps. What an app is made of is put into it by `steps`.

Sources: Microsoft Learn, "Create, manage, and publish model-driven apps using code" and "SiteMap schema".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from dataverse.schema.components import App, component_id
from dataverse.schema.definitions import ENGLISH
from dataverse.schema.model import Table
from dataverse.schema.rows.kinds import APP, SITE_MAP
from dataverse.schema.rows.row import Row, digest

_UNIFIED_INTERFACE = 4
_DEFAULT_ICON = "953b9fac-1e5e-e611-80d6-00155ded156f"


def site_map_id(app: App) -> str:
    """The id of the row of an app's site map."""
    return component_id("sitemap", app.unique_name)


def site_map_row(app: App, tables: Mapping[str, Table]) -> Row:
    """The navigation of an app: its tables under one heading."""
    xml = {"sitemapxml": site_map_xml(app, [tables[name] for name in app.tables])}
    return Row(
        kind=SITE_MAP,
        id=site_map_id(app),
        what=f"site map of app {app.name}",
        name=app.unique_name,
        values={"sitemapname": app.name, "sitemapnameunique": app.unique_name, **xml},
        kept=xml,
        mend=xml,
    )


def app_row(app: App) -> Row:
    """An app, still empty."""
    return Row(
        kind=APP,
        id=app.id,
        what=f"app {app.name}",
        name=app.unique_name,
        values={
            "name": app.name,
            "uniquename": app.unique_name,
            "description": app.description,
            "clienttype": _UNIFIED_INTERFACE,
            "webresourceid": _DEFAULT_ICON,
        },
    )


def site_map_xml(app: App, tables: Iterable[Table]) -> str:
    """The site map, with its digest in the id of its area: ids stay as they are when Dataverse writes it anew."""
    entries = [(table.name, table.plural) for table in tables]
    mark = digest(app.name, *(text for entry in entries for text in entry))
    root = Element("SiteMap")
    area = SubElement(root, "Area", Id=f"{app.unique_name}_{mark}", ShowGroups="true")
    _title(area, app.name)
    group = SubElement(area, "Group", Id=f"{app.unique_name}_group")
    _title(group, app.name)
    for name, plural in entries:
        _title(SubElement(group, "SubArea", Id=f"{app.unique_name}_{name}", Entity=name), plural)
    return tostring(root, encoding="unicode")


def _title(above: Element, text: str) -> None:
    SubElement(SubElement(above, "Titles"), "Title", LCID=str(ENGLISH), Title=text)
