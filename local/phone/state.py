"""One answer for everything that the page refreshes: the services, the reader's desk, the phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from local.carriers.calls import Away, call
from local.phone.people import sender, shown
from local.phone.reading import Desk
from local.phone.sending import NotThere
from messaging.errors import ConfigurationError, PermanentError, TransientError
from messaging.web import HttpRequest

_HEALTH_PATIENCE_S = 1.5

Shown = dict[str, object]

_UP: Shown = {"up": True, "problem": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What the page looks at: as whom, at which conversation, and the phone: its number as typed, the one it texts."""

    reader: str
    conversation: UUID | None
    phone: str
    ours: str


@dataclass(frozen=True, slots=True)
class Refresher:
    """Puts the answer together; `waiting` counts the events that have not got to Dataverse yet."""

    functions_url: str
    desk: Desk
    waiting: Callable[[], int]

    def state(self, looking: Looking) -> Shown:
        """Always an answer: what cannot be had is None, and `services` says why (three requests).

        Raises ValueError, with a sentence, for a reader who does not exist.
        """
        phone = _phone(looking.phone)
        number = str(phone["number"])
        read, dataverse = _tried(lambda: self._read(looking, number))
        return {
            "services": {"functions": self._functions(), "dataverse": dataverse, "waiting": self.waiting()},
            "phone": {**phone, "thread": read and read.pop("thread")},
            "view": read,
        }

    def _read(self, looking: Looking, number: str) -> Shown:
        view = self.desk.view(looking.reader, looking.conversation)
        return {**view, "thread": self.desk.thread(number, looking.ours) if number else []}

    def _functions(self) -> Shown:
        request = HttpRequest(method="GET", url=f"{self.functions_url}/api/health")
        try:
            heard = call(request, patience_s=_HEALTH_PATIENCE_S)
        except Away:
            return _away("The function app is away. Providers get no answer and call again later.")
        if heard.status == 200:
            return _UP
        return {**_UP, "problem": "The function app runs, but something is misconfigured: see its GET /api/health."}


def _phone(typed: str) -> Shown:
    """What was typed as the phone's number, as it is meant; or what is wrong with it."""
    try:
        number = sender(typed).value if typed else ""
    except ValueError as error:
        return {"number": "", "shown": "", "problem": str(error)}
    return {"number": number, "shown": shown(number), "problem": ""}


def _tried(read: Callable[[], Shown]) -> tuple[Shown | None, Mapping[str, object]]:
    try:
        return read(), _UP
    except TransientError:
        return None, _away("Dataverse is away. Texts are taken all the same: they wait in the queue until it is back.")
    except ConfigurationError:
        return None, _away("Dataverse does not know this reader yet.")
    except NotThere as error:
        return None, _away(str(error))
    except PermanentError as error:
        return None, _away(f"Dataverse refuses to be read: {error}.")


def _away(problem: str) -> Shown:
    return {"up": False, "problem": problem}
