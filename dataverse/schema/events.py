"""What Dataverse posts to the function app when rows change: the steps of its webhook.

Updates are posted where one of the columns was in the request, whether or not its value is another one; assigning a row
is an update of `ownerid`.
"""

from __future__ import annotations

from dataverse.schema.components import EventStep
from dataverse.schema.names import ColumnName, TableName
from messaging.row_changes import WATCHED_CHANGES, WATCHED_COLUMNS, Change

EVENTS_HEADER = "X-Textverse-Secret"
EVENTS_PATH = "/api/dataverse/events"

STEPS: tuple[EventStep, ...] = (
    *(
        EventStep(message=change, table=table, columns=columns if change is Change.UPDATE else ())
        for table, columns in WATCHED_COLUMNS.items()
        for change in WATCHED_CHANGES[table]
    ),
    EventStep(message=Change.CREATE, table=TableName.TEXT_MESSAGE),
    EventStep(message=Change.UPDATE, table=TableName.TEXT_MESSAGE, columns=(ColumnName.STATUS,)),
)
