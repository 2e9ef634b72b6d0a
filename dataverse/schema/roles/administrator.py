"""*Text Messaging Administrator*: sets up providers, numbers, templates and settings, and looks after all texts.

It sees every text, and every activity and note too: conversations share their privilege with e-mails and phone calls,
attachments theirs with all notes. It makes
no tables and gives no roles: provisioning and `users grant` are for a System Administrator, since nobody can give a
role that holds more than the own ones.
"""

from __future__ import annotations

from dataverse.schema.components import Depth, Role
from dataverse.schema.names import TableName
from dataverse.schema.roles.grants import ACTIVITY, NOTE, Grant, on_records, privileges

_ALL = Depth.ORGANIZATION
# The value of an environment variable has no privileges of its own: to take one back is to delete it.
_SETTINGS = "set what can be changed while the service runs, and take it back"

_GRANTS: tuple[Grant, ...] = (
    ("Create Read Write Delete AppendTo", TableName.SMS_PROVIDER, _ALL, "keep the accounts at providers"),
    ("Create Read Write Delete Append AppendTo", TableName.PHONE_NUMBER, _ALL, "keep the numbers, with their accounts"),
    ("Assign Share", TableName.PHONE_NUMBER, _ALL, "give a number to a user or a team"),
    ("Read Write Append AppendTo", ACTIVITY, _ALL, "look after conversations, move them to the right record"),
    ("Assign Share", ACTIVITY, _ALL, "give the conversations of a leaver to others"),
    ("Read Write Delete Append AppendTo", TableName.TEXT_MESSAGE, _ALL, "find out what became of texts, erase them"),
    ("Assign Share", TableName.TEXT_MESSAGE, _ALL, "texts go along where their conversation is given or shared"),
    ("Read Delete", NOTE, _ALL, "see what came with texts, erase it with them"),
    ("Assign Share", NOTE, _ALL, "attachments go along with their text"),
    ("Create Read Write Delete Assign Share", TableName.TEXT_TEMPLATE, _ALL, "keep the templates of everybody"),
    ("Create Read Write Delete Append", TableName.CONSENT, _ALL, "enter and correct consents, with their evidence"),
    ("Create Read Write Delete Append", TableName.PHONE_KEY, _ALL, "build the phone index, and mend it"),
    *on_records("Read AppendTo", _ALL, "see what texts are about, move conversations, index the numbers"),
    ("Create Read Write Delete Append AppendTo", "EnvironmentVariableDefinition", _ALL, _SETTINGS),
    ("Read", "AsyncOperation", _ALL, "see the system jobs of webhooks that failed"),
    ("Read", "User", _ALL, "find whom a number is for, see who is disabled"),
    ("Read", "Team", _ALL, "find which team a number is for"),
    ("Read", "Organization", _ALL, "ask whether whom a number is given to may read texts"),
    ("Read", "BusinessUnit", _ALL, "find the unit in which someone needs the role"),
    ("Read", "Role", _ALL, "see who holds the roles for text messages"),
)

ADMINISTRATOR = Role(
    name="Text Messaging Administrator",
    description="Sets up text messages: providers, numbers, templates, consents and settings. Sees all texts.",
    privileges=privileges(_GRANTS),
)
