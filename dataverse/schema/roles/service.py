"""*Text Messaging Service*: the role of the application user, with no more than the service uses.

Each privilege is one without which `tests/inbound/test_service_role.py` sees the service fail. Texts may be about
anybody's records and belong to anybody, so all of them reach everywhere.
"""

from __future__ import annotations

from dataverse.schema.components import Depth, Privilege, Role
from dataverse.schema.names import TableName
from dataverse.schema.roles.grants import ACTIVITY, NOTE, Grant, on_records, privileges

_ALL = Depth.ORGANIZATION

_GRANTS: tuple[Grant, ...] = (
    ("Read", TableName.PHONE_NUMBER, _ALL, "find the number that was texted, and who answers it"),
    ("Write", TableName.PHONE_NUMBER, _ALL, "note with a number who was told that privileges are lacking"),
    ("AppendTo", TableName.PHONE_NUMBER, _ALL, "say in a conversation which number of ours it is on"),
    ("Create Read Write", ACTIVITY, _ALL, "find conversations, begin them, move them on"),
    ("Append", ACTIVITY, _ALL, "put a conversation on its record and its number"),
    ("AppendTo", ACTIVITY, _ALL, "put texts into a conversation"),
    ("Share", ACTIVITY, _ALL, "share a conversation with the owner of its number"),
    ("Create Read Write Append", TableName.TEXT_MESSAGE, _ALL, "store texts, note what becomes of them"),
    ("AppendTo", TableName.TEXT_MESSAGE, _ALL, "show a text as the evidence of a consent, put its attachments there"),
    ("Create Read Write Append", NOTE, _ALL, "store the attachments of texts, or say why there are none yet"),
    ("Create Read Write Append", TableName.CONSENT, _ALL, "note what customers decided"),
    ("Create Read Delete Append", TableName.PHONE_KEY, _ALL, "keep the phone index, find records by it"),
    *on_records("Read AppendTo", _ALL, "find whose text it is, put its conversation there"),
    ("Create", "Lead", _ALL, "make a lead of an unknown number"),
    ("Read", "User", _ALL, "know who answers a number, and who may read texts"),
    ("Read", "Team", _ALL, "know which team answers a number, and whether it may own texts"),
    ("Read", "Role", _ALL, "know who administers texts, and is told where nobody else can be"),
    ("Read", "Organization", _ALL, "ask for the privileges of a user"),
    ("Read", "EnvironmentVariableDefinition", _ALL, "heed what administrators change while it runs"),
    ("Read", "UserSettings", _ALL, "know in which language someone reads"),
    ("Write", "EnvironmentVariableDefinition", _ALL, "note each night how far the phone index is"),
    ("Create", "AppNotification", _ALL, "ring someone else's bell"),
)
# One that belongs to no table.
_NOTIFYING = Privilege(name="prvSendAppNotification", depth=_ALL, why="ring a bell at all")

SERVICE = Role(
    name="Text Messaging Service",
    description="For the application user of the service: stores texts, shares them, notifies sellers.",
    privileges=(*privileges(_GRANTS), _NOTIFYING),
)
