"""An organization in which time stands still, and everyone who takes part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import requests

from dataverse.webapi.auth import StaticToken
from dataverse.webapi.client import Client
from messaging.numbers import read_address
from messaging.records import Principal
from tests.inbound.conftest import World
from tests.inbound.interleavings.oracle import OurLine
from tests.inbound.interleavings.runs import Run, Time


@dataclass
class Stage(World):
    """An organization in the emulator whose time is `time`, and which can be put back to how it began."""

    time: Time = field(default_factory=Time)
    in_flight: dict[str, Run] = field(default_factory=dict)
    owners: tuple[Principal, ...] = ()
    sellers: tuple[Principal, ...] = ()
    behind: dict[Principal, tuple[Principal, ...]] = field(default_factory=dict)
    lines: tuple[OurLine, ...] = ()
    strangers: tuple[str, ...] = ()
    copy: str = ""
    product_token: str = ""

    def now(self) -> datetime:
        return self.time()

    def client_for(self, token: str, session_factory: Callable[[], requests.Session] | None = None) -> Client:
        return Client(
            self.url,
            StaticToken(self.url, token),
            new_id=lambda: str(uuid4()),
            clock=self.time.seconds,
            sleep=lambda seconds: None,  # whoever waits stands still anyway, before the next request
            jitter=lambda: 0.5,
            session_factory=session_factory,
        )

    def people_take_their_seats(self) -> None:
        """Three sellers, two of them a team; a number of the first, one of the second, one of the team; customers."""
        ann, ben, cem = (self.seller() for _ in range(3))
        team = self.team(ben, cem)
        self.owners = (ann, ben, cem, team)
        self.sellers = (ann, ben, cem)
        self.behind = {ann: (ann,), ben: (ben,), cem: (cem,), team: (ben, cem)}
        self.lines = tuple(self._line(owner) for owner in (ann, ben, team))
        self.strangers = tuple(read_address(self.customer()).value for _ in range(3))
        self.copy = self._control("post", "snapshot").json()["id"]

    def _line(self, owner: Principal) -> OurLine:
        number = self.number(owner)
        (row,) = self.rows(f"txv_phonenumbers?$select=txv_phonenumberid&$filter=txv_digits eq '{number.digits}'")
        return OurLine(number, UUID(str(row["txv_phonenumberid"])), owner, self.behind[owner])

    def start_over(self, *, indexed: bool) -> None:
        self.time.now = Time().now
        self._control("post", "restore", {"id": self.copy})
        if not indexed:
            self.forget_index_state()

    def fault(self, rule: dict[str, object]) -> None:
        self._control("post", "faults", rule)

    def no_faults(self) -> None:
        self._control("delete", "faults")

    def _control(self, method: str, path: str, body: object = None) -> requests.Response:
        answer = requests.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer
