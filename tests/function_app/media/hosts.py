"""The hosts of a provider, on this machine: what they answer, and what they were asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address

HERE = ip_address("127.0.0.1")
HOSTS = ("api.twilio.com", "mms.twiliocdn.com", "evil.example.com")
PNG = b"\x89PNG\r\n\x1a\n picture"
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Hosts:
    """What is answered at a URL, what was asked, and what names lead to (an address in place of this machine)."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    elsewhere: dict[str, list[str]] = field(default_factory=dict)
    lookups: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def at(self, url: str, answer: Answer) -> str:
        self.answers[url] = answer
        return url

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        url = f"https://{handler.headers['Host']}{handler.path}"
        self.asked.append((url, handler.headers["Authorization"]))
        self.answers.get(url, status(404))(handler)

    def resolve(self, host: str) -> list[tuple[object, int]]:
        self.lookups.append(host)
        if host in self.elsewhere:
            return [(ip_address(each), 443) for each in self.elsewhere[host]]
        return [(HERE, self.port)]


def status(code: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer


def sends(content: bytes, content_type: str = "image/png", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        status(200, **{"Content_Type": content_type, "Content_Length": str(len(content)), **headers})(handler)
        handler.wfile.write(content)

    return answer
