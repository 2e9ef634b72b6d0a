"""Buttons of command bars, as modern commanding keeps them.

Source: Microsoft Learn, "appaction table reference". Its navigation properties are spelt like its schema names, and its
unique names begin with the prefix of a publisher.
"""

from __future__ import annotations

from dataverse.schema.components import Command
from dataverse.schema.rows.kinds import COMMAND
from dataverse.schema.rows.references import Sort, placeholder
from dataverse.schema.rows.row import Ids, Row

_TABLE, _STANDARD_BUTTON, _JAVASCRIPT, _ALWAYS_VISIBLE = 1, 0, 2, 0


def command_row(command: Command, ids: Ids) -> Row:
    """A button that calls a function of ours. Its label and its place among others are the administrator's."""
    library = ids.get(command.library.id, command.library.id)
    calls = {
        "fonticon": command.icon,
        "onclickeventjavascriptfunctionname": command.function,
        "onclickeventjavascriptparameters": command.parameters,
    }
    binds = {"OnClickEventJavaScriptWebResourceId@odata.bind": f"/webresourceset({library})"}
    return Row(
        kind=COMMAND,
        id=command.id,
        what=f"command {command.label} of {command.table} ({command.location.name.lower().replace('_', ' ')})",
        name=command.name,
        values={
            "name": command.name,
            "uniquename": command.name,
            "context": _TABLE,
            "contextvalue": command.table,
            "ContextEntity@odata.bind": f"/entities({placeholder(Sort.TABLE, command.table)})",
            "location": command.location,
            "type": _STANDARD_BUTTON,
            "buttonlabeltext": command.label,
            "buttontooltiptitle": command.label,
            "buttontooltipdescription": command.tooltip,
            "sequence": command.sequence,
            "hidden": False,
            "visibilitytype": _ALWAYS_VISIBLE,
            "onclickeventtype": _JAVASCRIPT,
            **calls,
            **binds,
        },
        kept={**calls, "_onclickeventjavascriptwebresourceid_value": library},
        mend={**calls, **binds},
    )
