"""*Text Messaging User*: what a seller needs to text, and nothing that shows the texts of others.

On top of *Salesperson* or a role like it, which opens the app and has the records. The tables and rows of ours, the
bell, and what of a record a text needs (its name, and that a conversation may stand on it) are in here, so that a team
that owns records or numbers needs no other role.

Left out on purpose: to make leads (the service makes those of unknown numbers) or notes, to delete texts and
conversations, and consents: nobody owns them, so who reads one reads the numbers of all customers.
"""

from __future__ import annotations

from dataverse.schema.components import Depth, Role
from dataverse.schema.names import TableName
from dataverse.schema.roles.grants import ACTIVITY, NOTE, Grant, on_records, privileges

_BELL = "the app keeps there what each user does with notifications, and shows none without it"

_GRANTS: tuple[Grant, ...] = (
    ("Read AppendTo", TableName.PHONE_NUMBER, Depth.USER, "text from a number that is theirs or their team's"),
    ("Create Read Write Append", TableName.TEXT_MESSAGE, Depth.USER, "read texts, leave one to be sent, take it back"),
    ("Assign Share", TableName.TEXT_MESSAGE, Depth.USER, "texts go along where their conversation is given or shared"),
    ("Read", NOTE, Depth.USER, "see what came with a text"),
    ("Assign Share", NOTE, Depth.USER, "attachments go along with their text"),
    ("Create Read Write Append", ACTIVITY, Depth.USER, "begin a conversation, note it as read, move it elsewhere"),
    ("AppendTo", ACTIVITY, Depth.USER, "put texts into a conversation"),
    ("Share", ACTIVITY, Depth.USER, "share a conversation with the team whose number it is on"),
    ("Assign", ACTIVITY, Depth.USER, "give a conversation to whoever owns the record that it is on now"),
    # Who may use a template is a question of views: "personal" keeps it out of others' lists, not out of their reach.
    ("Read", TableName.TEXT_TEMPLATE, Depth.ORGANIZATION, "begin with a template that a colleague shares"),
    ("Create Write Delete", TableName.TEXT_TEMPLATE, Depth.USER, "keep templates of their own"),
    ("Read", TableName.SMS_PROVIDER, Depth.ORGANIZATION, "know whether reports and pictures can be had on a number"),
    *on_records("Read AppendTo", Depth.USER, "own a record of which a text comes, see its name, text about it"),
    ("Read", "User", Depth.BUSINESS_UNIT, "fill the writer's own name into a template, see who wrote a text"),
    ("AppendTo", "User", Depth.BUSINESS_UNIT, "say in a text who sent it"),
    ("Read", "EnvironmentVariableDefinition", Depth.ORGANIZATION, "read numbers as the settings say"),
    ("Read", "AppNotification", Depth.USER, "hear the bell, and be one whom it can ring for"),
    ("Create Read Write Append", "AppUserSetting", Depth.ORGANIZATION, _BELL),
    ("Read AppendTo", "SettingDefinition", Depth.ORGANIZATION, _BELL),
)

USER = Role(
    name="Text Messaging User",
    description="Texts with customers, from the numbers and about the records of the user and the user's teams.",
    privileges=privileges(_GRANTS),
)
