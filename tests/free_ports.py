"""Ports for what cannot choose its own: the demo takes three in a row."""

from __future__ import annotations

import os
import socket
from itertools import chain


def three_free_ports() -> int:
    """The first of three ports in a row that are free now. Each process begins to look elsewhere: tests run side by
    side, and a port that is free now can be somebody else's when it is used."""
    begin = 20_000 + os.getpid() * 21 % 20_000
    for first in chain(range(begin, 60_000, 3), range(20_000, begin, 3)):
        try:
            for port in range(first, first + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")
