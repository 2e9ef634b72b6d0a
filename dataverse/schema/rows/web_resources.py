"""Web resources: files of the folder `pane`, in base64.

Source of the types: Microsoft Learn, `webresource.webresourcetype`.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from dataverse.schema.components import WebResource
from dataverse.schema.rows.kinds import WEB_RESOURCE
from dataverse.schema.rows.row import Row
from messaging.errors import ConfigurationError

FOLDER = Path(__file__).parents[3] / "pane"

TYPES = {
    ".html": 1,
    ".css": 2,
    ".js": 3,
    ".xml": 4,
    ".png": 5,
    ".jpg": 6,
    ".gif": 7,
    ".xsl": 9,
    ".ico": 10,
    ".svg": 11,
    ".resx": 12,
}


def web_resource_row(resource: WebResource) -> Row:
    """A web resource with its content. Raises ConfigurationError where the file is missing."""
    content = {"content": _content(FOLDER / resource.file)}
    sort = TYPES[Path(resource.file).suffix]
    return Row(
        kind=WEB_RESOURCE,
        id=resource.id,
        what=f"web resource {resource.name}",
        name=resource.name,
        values={"name": resource.name, "displayname": resource.display, "webresourcetype": sort, **content},
        fixed={"webresourcetype": sort},
        kept=content,
        mend=content,
    )


@cache
def _content(file: Path) -> str:
    """What is shipped with us does not change while we run."""
    try:
        return base64.b64encode(file.read_bytes()).decode()
    except OSError as error:
        raise ConfigurationError(
            f"The file {file.parent.name}/{file.name} is missing: run this from a complete copy of Textverse."
        ) from error
