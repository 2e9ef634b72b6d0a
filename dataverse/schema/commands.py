"""The buttons that lead to texts, on the forms of the records that have them, and the one that moves a conversation.

`onclickeventjavascriptparameters` is not documented; commands made in the command designer hold it as a JSON array of
objects whose `type` is a number, and 5 is the form that the button stands on (PrimaryControl).
"""

from __future__ import annotations

from dataverse.schema.components import Command, Location
from dataverse.schema.names import PREFIX, TableName
from dataverse.schema.web_resources import COMMANDS_SCRIPT
from messaging.records import Table

PRIMARY_CONTROL = '[{"type":5}]'
# An icon that Dynamics does not have is stored without a word, and the button never shows: these come with Dynamics.
_PHONE, _ROUTE = "$clientsvg:Phone", "$clientsvg:RoutingRule"
_FIRST = 100_100_050  # among the first of a form's buttons


def _on(table: str, name: str, label: str, tooltip: str, function: str, *, icon: str = _PHONE, place: int) -> Command:
    return Command(
        name=f"{PREFIX}_{name}_{table}",
        table=table,
        location=Location.FORM,
        label=label,
        tooltip=tooltip,
        icon=icon,
        library=COMMANDS_SCRIPT,
        function=f"Textverse.{function}",
        parameters=PRIMARY_CONTROL,
        sequence=_FIRST + place,
    )


_BUSINESS = ("text_business_phone", "Text business phone", "Show the texts with this record's business phone.")
_MOBILE = ("text_mobile_phone", "Text mobile phone", "Show the texts with this record's mobile phone.")
_TEXTS = ("text_messages", "Text messages", "Show the texts of this record.")
_MOVE = ("move", "Move", "Move this conversation to another contact, account, lead or opportunity.")

COMMANDS: tuple[Command, ...] = (
    *(_on(table, *_BUSINESS, "textBusinessPhone", place=0) for table in (Table.CONTACT, Table.ACCOUNT, Table.LEAD)),
    *(_on(table, *_MOBILE, "textMobilePhone", place=1) for table in (Table.CONTACT, Table.LEAD)),
    _on(Table.OPPORTUNITY, *_TEXTS, "textMessages", place=0),
    _on(TableName.TEXT_CONVERSATION, *_MOVE, "move", icon=_ROUTE, place=0),
)
