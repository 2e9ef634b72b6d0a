"""The files of the folder `pane` as web resources.

Flat under one prefix, so that a page finds its style sheets and a module finds what it imports by name alone, wherever
Dataverse serves them (`/WebResources/txv_/…`, or with a version in front).
"""

from __future__ import annotations

from dataverse.schema.components import WebResource
from dataverse.schema.names import PREFIX


def _of(file: str, display: str) -> WebResource:
    return WebResource(name=f"{PREFIX}_/{file}", display=f"Textverse: {display}", file=file)


CONVERSATION_PAGE = _of("conversation.html", "texts of a conversation")
SETUP_PAGE = _of("setup.html", "what to enter at the provider")
COMMANDS_SCRIPT = _of("commands.js", "what the buttons do")

WEB_RESOURCES: tuple[WebResource, ...] = (
    CONVERSATION_PAGE,
    _of("conversation.css", "look of a conversation"),
    _of("conversation.js", "a conversation, kept up to date"),
    _of("view.js", "a conversation in the document"),
    _of("messages.js", "texts"),
    _of("conversations.js", "conversations"),
    _of("related.js", "conversations that go together"),
    _of("explanation.js", "why a text is where it is"),
    _of("choice.js", "whose texts these are, if that is open"),
    _of("choice.css", "look of that question"),
    _of("candidates.js", "records to choose between"),
    _of("placing.js", "putting a conversation on a record"),
    _of("attachments.js", "what came with texts"),
    _of("enclosed.js", "attachments, looked up when needed"),
    _of("media.js", "attachments in the document"),
    _of("media.css", "look of attachments"),
    _of("stored.js", "the stored explanation"),
    _of("names.js", "names of records"),
    _of("numbers.js", "numbers as people type them"),
    SETUP_PAGE,
    _of("setup.css", "look of what to enter"),
    _of("setup.js", "what to enter, with buttons to copy it"),
    _of("setup_text.js", "what to enter for one account"),
    _of("setup_steps.js", "what to enter at each provider"),
    _of("api.js", "the Web API"),
    _of("queries.js", "what the Web API is asked for"),
    _of("parameters.js", "what a page is about"),
    _of("words.js", "how it is said"),
    _of("dom.js", "elements"),
    _of("look.css", "look of all pages"),
    COMMANDS_SCRIPT,
    _of("text.svg", "icon"),
)
