"""The phone numbers of a Communication Services resource, as the resource itself tells them.

https://learn.microsoft.com/rest/api/communication/phonenumbers/phone-numbers/list-phone-numbers
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from messaging.accounts import ProviderAccount
from providers.acs.access_key import signed_headers
from providers.inspection import Failed, Question, Steps, inner, objects, text, understood

ENTRA_SCOPE = "https://communication.azure.com//.default"  # with two slashes, as Microsoft's SDKs ask
VERSION = "2025-06-01"
PAGE = 100
_PAGES = 50


def page(account: ProviderAccount, now: datetime, skip: int = 0) -> Question:
    """A page of numbers, proved by the access key, or without one by Microsoft Entra. Raises ValueError for an access
    key that is no base64."""
    endpoint = account.account.rstrip("/")
    url = f"{endpoint}/phoneNumbers?skip={skip}&top={PAGE}&api-version={VERSION}"
    accept, key = {"Accept": "application/json"}, account.credentials.get("access_key", "")
    if key:
        return Question(url=url, headers={**accept, **signed_headers(key, "GET", url, now)})
    return Question(url=url, headers=accept, scope=ENTRA_SCOPE)


def read(account: ProviderAccount, now: datetime) -> Steps[Mapping[str, str] | Failed]:
    """What each number can do with SMS (`none`, `inbound`, `outbound`, `inbound+outbound`), by its digits. Short codes
    are not among them. Raises as `page`."""
    found: dict[str, str] = {}
    for number in range(_PAGES):
        answer = yield page(account, now, number * PAGE)
        if not understood(answer):
            return Failed(answer)
        listed = objects(answer.json(), "phoneNumbers")
        found |= {text(one, "phoneNumber").removeprefix("+"): text(inner(one, "capabilities"), "sms") for one in listed}
        if len(listed) < PAGE:
            break
    return found
