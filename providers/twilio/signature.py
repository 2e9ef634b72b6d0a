"""X-Twilio-Signature: HMAC over the URL as called and the sorted parameters, in base64.

https://www.twilio.com/docs/usage/security and …/usage/webhooks/webhook-shared-keys (SharedKeys, a beta of 2026). The
official validator of Python is not used: it raises where a header is missing or a body is JSON, fails with user
information beside a port, and compares in a loop. It is the oracle of our tests.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterator

from messaging.accounts import ProviderAccount
from messaging.errors import Malformed, SignatureInvalid, SignatureMissing
from messaging.web import HttpRequest
from providers.proof import header, same, secrets
from providers.twilio.form import FORM, Pairs, content_type, query_parameters, signed_parameters

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
ALGORITHMS = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}
_STANDARD_PORTS = {"http": ":80", "https": ":443"}
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^:/?#]*)(?P<port>:[0-9]*)?(?P<rest>[/?].*)?",
    re.IGNORECASE | re.DOTALL,
)


def verify(request: HttpRequest, account: ProviderAccount) -> None:
    """Raises SignatureMissing or SignatureInvalid unless one of the account's secrets signed this very request."""
    signature = header(request, SIGNATURE)
    if signature is None:
        raise SignatureMissing(f"there is no {SIGNATURE}")
    algorithm, key = _settings(request)
    tokens = [secret.secret for secret in secrets(account) if secret.key == key]
    if not tokens:
        raise SignatureInvalid("no callback secret has the key id that it is signed with")
    parameters = _signed_parameters(request)
    urls = tuple(spellings(request.url))
    if not any(same(sign(token, url, parameters, algorithm), signature) for token in tokens for url in urls):
        raise SignatureInvalid(f"{SIGNATURE} does not fit this request")


def sign(token: str, url: str, parameters: Pairs, algorithm: str = "HMAC_SHA1") -> str:
    """The signature of the parameters at that spelling of the URL: repeated ones count once, and all are sorted."""
    signed = url + "".join(name + value for name, value in sorted(set(parameters)))
    digest = hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), ALGORITHMS[algorithm])
    return b64encode(digest.digest()).decode()


def spellings(url: str) -> Iterator[str]:
    """The ways in which Twilio may have spelt the URL that it signed; it is not consistent.

    With the port or without it, where it is the standard one or was not given; never with the fragment. An apostrophe
    in the query is signed as `%27`, though it is not always called so (the validator for Node.js re-encodes it).
    """
    called = url.partition("#")[0]
    for spelling in dict.fromkeys((called, *_ports(called))):
        yield spelling
        path, mark, query = spelling.partition("?")
        if "'" in query:
            yield path + mark + query.replace("'", "%27")


def _ports(url: str) -> Iterator[str]:
    parts = _URL.fullmatch(url)
    if parts is None:
        return
    scheme, port = parts["scheme"], parts["port"] or ""
    before, after = f"{scheme}://{parts['user'] or ''}{parts['host']}", parts["rest"] or ""
    yield before + after
    if not port:
        yield before + _STANDARD_PORTS[scheme.lower()] + after


def _settings(request: HttpRequest) -> tuple[str, str | None]:
    """The algorithm and the id of the SharedKey; without the header it is the auth token and SHA-1."""
    value = header(request, SETTINGS)
    if value is None:
        return "HMAC_SHA1", None
    settings = {name.strip(): text.strip() for name, _, text in (part.partition("=") for part in value.split(","))}
    algorithm, key = settings.get("algorithm", "HMAC_SHA1").upper(), settings.get("key")
    if algorithm not in ALGORITHMS or not key:
        raise SignatureInvalid(f"{SETTINGS} names no key, or an algorithm that is not known")
    return algorithm, key


def _signed_parameters(request: HttpRequest) -> Pairs:
    """What is signed beside the URL: a form. Of any other body only its hash is signed, in the URL."""
    try:
        if content_type(request) == FORM:
            return signed_parameters(request)
        hashes = [value for name, value in query_parameters(request) if name == "bodySHA256"]
    except Malformed as error:
        raise SignatureInvalid(f"it cannot be what was signed: {error}") from None
    if hashes or request.body:
        body_hash = hashlib.sha256(request.body).hexdigest()
        if not hashes or not same(body_hash, hashes[0]):
            raise SignatureInvalid("the body is not the one whose hash is signed")
    return ()
