"""Dataverse's own tables that our components become rows of.

Sources: Microsoft Learn, the references of these tables, and of `solutioncomponent` for the types of components. That
of commands differs from environment to environment.
"""

from __future__ import annotations

from dataverse.schema.rows.row import Kind

VARIABLE = Kind(
    table="environmentvariabledefinition",
    set_name="environmentvariabledefinitions",
    one="environment variable",
    many="environment variables",
    key="environmentvariabledefinitionid",
    component=380,
    name="schemaname",
    columns=("type", "defaultvalue"),
)
WEB_RESOURCE = Kind(
    table="webresource",
    set_name="webresourceset",
    one="web resource",
    many="web resources",
    key="webresourceid",
    component=61,
    name="name",
    columns=("webresourcetype", "content"),
    layered=True,
)
VIEW = Kind(
    table="savedquery",
    set_name="savedqueries",
    one="view",
    many="views",
    key="savedqueryid",
    component=26,
    columns=("description",),
    layered=True,
)
FORM = Kind(
    table="systemform",
    set_name="systemforms",
    one="form",
    many="forms",
    key="formid",
    component=60,
    columns=("description",),
    layered=True,
)
COMMAND = Kind(
    table="appaction",
    set_name="appactions",
    one="command",
    many="commands",
    key="appactionid",
    name="uniquename",
    columns=(
        "fonticon",
        "onclickeventjavascriptfunctionname",
        "onclickeventjavascriptparameters",
        "_onclickeventjavascriptwebresourceid_value",
    ),
)
ROLE = Kind(
    table="role",
    set_name="roles",
    one="role",
    many="roles",
    key="roleid",
    component=20,
    name="name",
    columns=("_businessunitid_value",),
)
WEBHOOK = Kind(
    table="serviceendpoint",
    set_name="serviceendpoints",
    one="webhook",
    many="webhooks",
    key="serviceendpointid",
    component=95,
    name="name",
    columns=("contract", "url", "authtype", "isauthvalueset", "description"),
)
STEP = Kind(
    table="sdkmessageprocessingstep",
    set_name="sdkmessageprocessingsteps",
    one="event step",
    many="event steps",
    key="sdkmessageprocessingstepid",
    component=92,
    columns=("mode", "stage", "filteringattributes", "statecode", "_eventhandler_value"),
)
IMAGE = Kind(
    table="sdkmessageprocessingstepimage",
    set_name="sdkmessageprocessingstepimages",
    one="image",
    many="images",
    key="sdkmessageprocessingstepimageid",
    columns=("imagetype", "attributes"),
)
SITE_MAP = Kind(
    table="sitemap",
    set_name="sitemaps",
    one="site map",
    many="site maps",
    key="sitemapid",
    component=62,
    name="sitemapnameunique",
    columns=("sitemapxml",),
    layered=True,
)
APP = Kind(
    table="appmodule",
    set_name="appmodules",
    one="app",
    many="apps",
    key="appmoduleid",
    component=80,
    name="uniquename",
    columns=("appmoduleidunique",),
    layered=True,
)
