"""The hosts of a provider on this machine: real TLS with certificates for their real names, over a resolver of our own.

What is tested is the product's code with its own rules; only which address a name has, which authority is believed, and
that the address of these very hosts may be called, is said here.
"""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from function_app.media.addresses import is_public
from function_app.media.network import Network, tls_context
from providers.media import MediaAccess
from tests.function_app.media.hosts import HERE, HOSTS, Hosts


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    """A certificate of its own making for all the hosts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Hosts of tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "hosts.pem"
    kept = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*kept) + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def hosts(certificate: Path) -> Iterator[Hosts]:
    known = Hosts()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.answer(self)

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self):
            known.connections += 1
            return super().get_request()

        def handle_error(self, *_: object) -> None:
            """Who hangs up in the middle is what many of these tests are about."""

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        known.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield known
        server.shutdown()
        thread.join()


@pytest.fixture
def network(hosts: Hosts, certificate: Path) -> Network:
    """The internet, in which the provider's hosts are on this machine."""
    return replace(
        Network.public(),
        resolve=hosts.resolve,
        allows=lambda address: address == HERE or is_public(address),
        tls=tls_context(str(certificate)),
    )


@pytest.fixture
def access() -> MediaAccess:
    return MediaAccess(
        own=re.compile(r"api\.twilio\.com"),
        storage=re.compile(r"mms\.twiliocdn\.com"),
        headers={"Authorization": "Basic secret"},
    )
