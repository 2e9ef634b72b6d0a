"""Connections to public addresses: looked up once, looked over, and then connected to as they were looked over.

A name that answers differently the second time (DNS rebinding) is never asked a second time. There is no proxy, no
cookie, no .netrc and no second protocol: https to port 443.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from function_app.media.addresses import Address, is_public, read
from messaging.media import Missing, NotFetched

HTTPS = 443
Endpoint = tuple[Address, int]
Left = Callable[[], float]
"""How many seconds the next step may take; raises TimeoutError where there are none."""


class _TimedSocket(ssl.SSLSocket):
    """A socket that asks before each piece how long it may wait: a time-out alone starts anew with every byte."""

    left: Left

    def recv_into(self, buffer: object, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(self.left())
        return super().recv_into(buffer, nbytes, flags)  # type: ignore[arg-type]  # as above


class Connection(http.client.HTTPSConnection):
    """A connection to the one host that it is for, at the first of these endpoints that answers."""

    def __init__(self, host: str, endpoints: Sequence[Endpoint], tls: ssl.SSLContext, left: Left) -> None:
        super().__init__(host, HTTPS, context=tls)
        self._endpoints = endpoints
        self._tls = tls
        self._left = left

    def connect(self) -> None:
        """Connect and shake hands; the certificate has to be the host's. Raises OSError."""
        plain = self._reach()
        try:
            plain.settimeout(self._left())
            timed = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        timed.left = self._left  # type: ignore[attr-defined]  # the context makes timed sockets
        self.sock = timed

    def _reach(self) -> socket.socket:
        failure: OSError = ConnectionError("no endpoint")
        for address, port in self._endpoints:
            try:
                return socket.create_connection((str(address), port), timeout=self._left())
            except TimeoutError:
                raise
            except OSError as error:
                failure = error
        raise failure


@dataclass(frozen=True, slots=True)
class Network:
    """What the names of hosts lead to (`resolve`, which raises OSError), which addresses may be called, whom to believe
    to be a host, and a clock that counts seconds."""

    resolve: Callable[[str], Sequence[Endpoint]]
    allows: Callable[[Address], bool]
    tls: ssl.SSLContext
    clock: Callable[[], float]

    @classmethod
    def public(cls) -> Self:
        """The public internet, and the certificates that `requests` trusts too."""
        return cls(resolve=_resolve, allows=is_public, tls=tls_context(DEFAULT_CA_BUNDLE_PATH), clock=time.monotonic)

    def connection(self, host: str, left: Left) -> Connection:
        """A connection to a host, made when the first request is sent over it. Raises OSError where the name leads
        nowhere, NotFetched where it leads to an address that may not be called: one is enough."""
        endpoints = tuple(self.resolve(host))
        if not all(self.allows(address) for address, _ in endpoints):
            raise NotFetched(Missing.ELSEWHERE)
        return Connection(host, endpoints, self.tls, left)


def tls_context(certificates: str) -> ssl.SSLContext:
    """TLS that believes the authorities in this file."""
    context = ssl.create_default_context(cafile=certificates)
    context.sslsocket_class = _TimedSocket
    return context


def _resolve(host: str) -> Sequence[Endpoint]:
    found = socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)
    return [(read(str(place[0])), HTTPS) for *_, place in found]
