"""How far an attachment is followed, and how much of it is taken."""

from __future__ import annotations

import gzip
import time
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest

from function_app.media.download import Download, Limits, download
from function_app.media.network import Network
from messaging.errors import ConfigurationError, Throttled, TransientError, Unavailable
from messaging.media import MOST_BYTES, Missing, NotFetched
from tests.function_app.media.hosts import PNG, Hosts, sends, status

URL = "https://api.twilio.com/2010-04-01/Media/ME1"
STORED = "https://mms.twiliocdn.com/ME1?signature=abc"
SECRET = "Basic secret"


@pytest.fixture
def fetch(network: Network, access):
    def run(url: str = URL, *, fresh: bool = False, **limits: float) -> Download:
        return download(url, access, network, Limits(**limits), fresh=fresh)

    return run


def _refused(fetch, url: str = URL, **options: object) -> Missing:
    with pytest.raises(NotFetched) as refused:
        fetch(url, **options)
    return refused.value.missing


def test_an_attachment_is_fetched_with_the_credentials_of_the_account(hosts: Hosts, fetch) -> None:
    hosts.at(URL, sends(PNG))

    assert fetch() == Download("image/png", PNG)
    assert hosts.asked == [(URL, SECRET)]


def test_no_other_host_than_the_providers_own_is_sent_the_credentials(hosts: Hosts, fetch) -> None:
    hosts.at(URL, status(302, Location=STORED))
    hosts.at(STORED, sends(PNG))

    assert fetch() == Download("image/png", PNG)
    assert hosts.asked == [(URL, SECRET), (STORED, None)]


def test_three_redirects_are_followed_and_no_fourth(hosts: Hosts, fetch) -> None:
    chain = [URL, *(f"https://mms.twiliocdn.com/{number}" for number in range(4))]
    for here, there in pairwise(chain):
        hosts.at(here, status(307, Location=there))
    hosts.at(chain[3], sends(PNG))
    assert fetch().content == PNG

    hosts.at(chain[3], status(307, Location=chain[4]))
    hosts.at(chain[4], sends(PNG))
    assert _refused(fetch) is Missing.ELSEWHERE
    assert (chain[4], None) not in hosts.asked


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example.com/a", "http://mms.twiliocdn.com/a", "https://169.254.169.254/latest/meta-data",
     "http://169.254.169.254/latest/meta-data", "https://127.0.0.1/", "https://[::1]/", "https://mms.twiliocdn.com:8443/a",
     "https://user:password@mms.twiliocdn.com/a", "https://mms.twiliocdn.com.evil.example.com/", "file:///etc/passwd",
     "https://evil.example.com/mms.twiliocdn.com", "//evil.example.com/a", "https://[", "https://mms.twiliocdn.com:x/",
     "https://mms.twiliocdn.com\\@evil.example.com/", "https://mms.twiliocdn.com./a"],
)  # fmt: skip
def test_no_redirect_to_another_host_port_or_protocol_is_followed(hosts: Hosts, fetch, elsewhere: str) -> None:
    hosts.at(URL, status(302, Location=elsewhere))

    assert _refused(fetch) is Missing.ELSEWHERE
    assert (hosts.lookups, hosts.connections) == (["api.twilio.com"], 1)


@pytest.mark.parametrize(
    "url",
    [STORED, "http://api.twilio.com/a", "https://evil.example.com/a", "", "https://api.twilio.com@evil.example.com/"],
)
def test_an_attachment_that_is_not_at_the_providers_own_host_is_not_asked_for(hosts: Hosts, fetch, url: str) -> None:
    assert _refused(fetch, url) is Missing.ELSEWHERE
    assert (hosts.lookups, hosts.connections) == ([], 0)


@pytest.mark.parametrize("address", ["169.254.169.254", "10.1.2.3", "168.63.129.16", "::1", "::ffff:10.1.2.3"])
def test_no_name_that_leads_to_a_private_address_is_called(hosts: Hosts, fetch, address: str) -> None:
    hosts.at(URL, status(302, Location=STORED))
    hosts.elsewhere["mms.twiliocdn.com"] = ["3.5.0.1", address]

    assert _refused(fetch) is Missing.ELSEWHERE
    assert hosts.asked == [(URL, SECRET)]


def test_a_name_is_looked_up_once_and_called_where_it_was_looked_over(hosts: Hosts, fetch) -> None:
    """So that it cannot lead elsewhere the second time (DNS rebinding)."""
    hosts.at(URL, sends(PNG))

    fetch()

    assert (hosts.lookups, hosts.connections) == (["api.twilio.com"], 1)


def test_a_host_has_to_prove_its_name(hosts: Hosts, network: Network, access) -> None:
    hosts.at(URL, sends(PNG))
    doubting = Network(network.resolve, network.allows, Network.public().tls, network.clock)

    with pytest.raises(Unavailable, match="SSLCertVerificationError"):
        download(URL, access, doubting, Limits(), fresh=False)
    assert hosts.asked == []


def test_an_attachment_that_says_that_it_is_too_large_is_not_read(hosts: Hosts, fetch) -> None:
    hosts.at(URL, sends(PNG, Content_Length=str(MOST_BYTES + 1)))

    assert _refused(fetch) is Missing.TOO_LARGE


@pytest.mark.parametrize("declared", [{}, {"Content_Length": "10"}], ids=["silent", "lying"])
def test_a_body_without_an_end_is_read_up_to_the_limit(hosts: Hosts, fetch, declared: dict[str, str]) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        status(200, Content_Type="image/png", **declared)(handler)
        while True:
            handler.wfile.write(bytes(64 * 1024))

    hosts.at(URL, endless)

    if declared:
        assert len(fetch(most_bytes=100_000).content) == 10
    else:
        assert _refused(fetch, most_bytes=100_000) is Missing.TOO_LARGE


def test_a_chunked_body_is_counted_too(hosts: Hosts, fetch) -> None:
    def chunked(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        status(200, Content_Type="image/png", Transfer_Encoding="chunked")(handler)
        while True:
            handler.wfile.write(b"400\r\n" + bytes(1024) + b"\r\n")

    hosts.at(URL, chunked)

    assert _refused(fetch, most_bytes=100_000) is Missing.TOO_LARGE


def test_what_is_compressed_is_not_unfolded(hosts: Hosts, fetch) -> None:
    hosts.at(URL, sends(gzip.compress(bytes(10_000_000)), Content_Encoding="gzip"))

    assert _refused(fetch) is Missing.WRONG_TYPE


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_trickle_ends_when_the_time_is_up(hosts: Hosts, fetch, where: str) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            status(200, Content_Type="image/png")(handler)
        for letter in b"HTTP/1.0 200 OK\r\nX-Slow: " + b"x" * 1000:
            handler.wfile.write(bytes([letter]))
            handler.wfile.flush()
            time.sleep(0.02)

    hosts.at(URL, trickle)
    began = time.monotonic()

    with pytest.raises(Unavailable, match="TimeoutError"):
        fetch(total_s=0.3)
    assert time.monotonic() - began < 5


def test_a_host_that_says_nothing_is_left(hosts: Hosts, fetch) -> None:
    hosts.at(URL, lambda handler: time.sleep(1))

    with pytest.raises(Unavailable, match="TimeoutError"):
        fetch(silence_s=0.1)


def test_a_body_that_breaks_off_is_tried_again(hosts: Hosts, fetch) -> None:
    hosts.at(URL, sends(PNG, Content_Length="1000"))

    with pytest.raises(Unavailable):
        fetch()


def test_an_empty_body_is_tried_again(hosts: Hosts, fetch) -> None:
    hosts.at(URL, sends(b""))

    with pytest.raises(Unavailable, match="whole"):
        fetch()


@pytest.mark.parametrize(
    ("code", "kind"), [(500, Unavailable), (503, Unavailable), (408, Unavailable), (429, Throttled)]
)
def test_a_host_that_is_down_or_busy_is_asked_again(hosts: Hosts, fetch, code: int, kind: type[TransientError]) -> None:
    hosts.at(URL, status(code, Retry_After="90"))

    with pytest.raises(kind) as raised:
        fetch()
    assert raised.value.retry_after == 90


def test_a_host_that_wishes_for_more_than_an_hour_gets_an_hour(hosts: Hosts, fetch) -> None:
    hosts.at(URL, status(503, Retry_After="9" * 30))

    with pytest.raises(Unavailable) as raised:
        fetch()
    assert raised.value.retry_after == 3600


@pytest.mark.parametrize(
    ("code", "missing"), [(403, Missing.WITHHELD), (400, Missing.WITHHELD), (410, Missing.GONE), (404, Missing.GONE)]
)
def test_what_is_withheld_or_gone_is_not_asked_for_again(hosts: Hosts, fetch, code: int, missing: Missing) -> None:
    hosts.at(URL, status(code))

    assert _refused(fetch) is missing


def test_what_is_not_there_yet_shortly_after_its_text_is_asked_for_again(hosts: Hosts, fetch) -> None:
    with pytest.raises(Unavailable, match="404"):
        fetch(fresh=True)


def test_wrong_credentials_wait_for_the_administrator(hosts: Hosts, fetch) -> None:
    hosts.at(URL, status(401))
    with pytest.raises(ConfigurationError, match="PROVIDERS"):
        fetch()

    hosts.at(URL, status(302, Location=STORED))  # where nobody was told who asks
    hosts.at(STORED, status(401))
    assert _refused(fetch) is Missing.WITHHELD


def test_a_blank_in_a_url_is_encoded_and_nothing_twice(hosts: Hosts, fetch) -> None:
    hosts.at(URL, status(302, Location="https://mms.twiliocdn.com/a b%20c?x=ü"))
    hosts.at("https://mms.twiliocdn.com/a%20b%20c?x=%FC", sends(PNG))

    assert fetch().content == PNG


def test_no_error_quotes_the_url(hosts: Hosts, fetch) -> None:
    hosts.elsewhere["api.twilio.com"] = []

    with pytest.raises(Unavailable) as raised:
        fetch("https://api.twilio.com/secret-path")
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None
