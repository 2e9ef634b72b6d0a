"""The files of the folder `pane` as web resources."""

from __future__ import annotations

from dataverse.schema.components import WebResource

WEB_RESOURCES: tuple[WebResource, ...] = ()
