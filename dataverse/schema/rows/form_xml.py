"""A form as FormXML.

Sources: Microsoft Learn, "Form XML schema"; the class ids of its controls as published solutions have them (the web
resource and the grid: Microsoft's own CoE Starter Kit among them). A web resource is named by its id as well, so that
Dataverse knows that the form needs it. A control that is several rows high is followed by as many rows without a cell.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from dataverse.schema.components import Field, Form, Section, SubGrid, Tab, WebPage, component_id
from dataverse.schema.definitions import ENGLISH
from dataverse.schema.model import Table, Type
from dataverse.schema.rows.row import Ids

CLASSES: dict[str, str] = {
    Type.STRING: "{4273EDBD-AC1D-40D3-9FB2-095C621B552D}",
    Type.MEMO: "{E0DECE4B-6FC8-4A8F-A065-082708572369}",
    Type.INTEGER: "{C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F}",
    Type.DATE_TIME: "{5B773807-9FB2-42DB-97C3-7A91EFF8ADFF}",
    Type.BOOLEAN: "{67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED}",
    Type.CHOICE: "{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}",
    Type.LOOKUP: "{270BD3DB-D9AF-4782-9025-509E298DEC0A}",
    "Owner": "{270BD3DB-D9AF-4782-9025-509E298DEC0A}",
    "State": "{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}",
    "Status": "{5D68B988-0661-4DB2-BC3E-17598AD3BE6C}",
}
WEB_RESOURCE_CLASS = "{9FDF5F91-88B1-47F4-AD53-C11EFC01A01D}"
GRID_CLASS = "{E7A81278-8635-4D9E-8D4D-59480B391C5B}"

STANDARD: dict[str, tuple[str, str]] = {
    "ownerid": ("Owner", "Owner"),
    "regardingobjectid": ("Regarding", Type.LOOKUP),
    "createdon": ("Created on", Type.DATE_TIME),
    "createdby": ("Created by", Type.LOOKUP),
    "modifiedon": ("Modified on", Type.DATE_TIME),
    "modifiedby": ("Modified by", Type.LOOKUP),
    "statecode": ("Status", "State"),
    "statuscode": ("Status reason", "Status"),
}
"""Columns that Dataverse adds to tables, with their labels and types."""


def form_xml(form: Form, table: Table, ids: Ids) -> str:
    """The XML of a form of `table`. Raises KeyError for a column that the table has not."""
    root = Element("form")
    tabs = SubElement(root, "tabs")
    for number, tab in enumerate(form.tabs, 1):
        _tab(tabs, form, tab, number, {**STANDARD, **_columns(table)}, ids)
    return tostring(root, encoding="unicode")


def _columns(table: Table) -> dict[str, tuple[str, str]]:
    own = {column.name: (column.display, str(column.type)) for column in (table.primary, *table.columns)}
    return own | {lookup.name: (lookup.display, str(Type.LOOKUP)) for lookup in table.lookups}


Columns = dict[str, tuple[str, str]]


def _tab(above: Element, form: Form, tab: Tab, number: int, columns: Columns, ids: Ids) -> None:
    part = f"{form.id}/{tab.label}"
    element = SubElement(
        above, "tab", name=f"tab_{number}", id=_id(part), IsUserDefined="0", showlabel="true", expanded="true"
    )
    _label(element, tab.label)
    column = SubElement(SubElement(element, "columns"), "column", width="100%")
    sections = SubElement(column, "sections")
    for place, section in enumerate(tab.sections, 1):
        _section(sections, f"{part}/{section.label}", section, f"section_{number}_{place}", columns, ids)


def _section(above: Element, part: str, section: Section, name: str, columns: Columns, ids: Ids) -> None:
    element = SubElement(
        above,
        "section",
        name=name,
        id=_id(part),
        IsUserDefined="0",
        showlabel="true",
        showbar="false",
        columns="1",
        labelwidth="115",
        celllabelposition="Left",
    )
    _label(element, section.label)
    rows = SubElement(element, "rows")
    for cell in section.cells:
        row = SubElement(rows, "row")
        match cell:
            case Field():
                _field(row, part, cell, columns)
            case WebPage():
                _web_page(row, part, cell, ids)
            case SubGrid():
                _sub_grid(row, part, cell)
        for _ in range(1, 1 if isinstance(cell, Field) else cell.rows):
            SubElement(rows, "row")


def _field(row: Element, part: str, field: Field, columns: Columns) -> None:
    label, sort = columns[field.column]
    cell = SubElement(row, "cell", id=_id(f"{part}/{field.column}"), showlabel="true")
    _label(cell, label)
    SubElement(
        cell,
        "control",
        id=field.column,
        classid=CLASSES[sort],
        datafieldname=field.column,
        disabled=_flag(field.read_only),
    )


def _web_page(row: Element, part: str, page: WebPage, ids: Ids) -> None:
    own = component_id("webresource", page.web_resource)
    control = _high(row, part, page, f"WebResource_{page.name}", WEB_RESOURCE_CLASS)
    _parameters(
        control,
        Url=page.web_resource,
        PassParameters="true",
        Security="false",
        Scrolling="no",
        Border="false",
        ShowOnMobileClient="true",
        WebResourceId=f"{{{ids.get(own, own)}}}",
    )


def _sub_grid(row: Element, part: str, grid: SubGrid) -> None:
    control = _high(row, part, grid, grid.name, GRID_CLASS)
    control.set("indicationOfSubgrid", "true")
    _parameters(
        control,
        ViewId=f"{{{grid.view.id}}}",
        IsUserView="false",
        RelationshipName=grid.relationship,
        TargetEntityType=grid.table,
        AutoExpand="Fixed",
        RecordsPerPage=str(grid.rows),
        EnableQuickFind="false",
        EnableViewPicker="false",
        ChartGridMode="Grid",
    )


def _high(row: Element, part: str, cell: WebPage | SubGrid, name: str, sort: str) -> Element:
    """The control of a cell that is several rows high. The heading of its section says what it is."""
    element = SubElement(
        row, "cell", id=_id(f"{part}/{cell.name}"), showlabel="false", rowspan=str(cell.rows), colspan="1", auto="false"
    )
    _label(element, cell.label)
    return SubElement(element, "control", id=name, classid=sort)


def _parameters(control: Element, **values: str) -> None:
    parameters = SubElement(control, "parameters")
    for name, value in values.items():
        SubElement(parameters, name).text = value


def _label(above: Element, text: str) -> None:
    SubElement(SubElement(above, "labels"), "label", description=text, languagecode=str(ENGLISH))


def _id(part: str) -> str:
    return f"{{{component_id('part of a form', part)}}}"


def _flag(value: bool) -> str:  # noqa: FBT001  # what it is called with is a flag
    return str(value).lower()
