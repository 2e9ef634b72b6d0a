"""An installation in which all is well, down to what providers and Azure answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import azure.functions as func
import requests
import responses

from admin.app_settings import AppSettings
from admin.doctor.check import Examination, examine
from admin.doctor.finding import Finding
from admin.doctor.situation import Situation
from admin.doctor.table import CHECKS
from admin.doctor.web import Web, open_session
from admin.provision.installation import shown_accounts
from admin.roles import TITLES, RoleName, role_id
from dataverse.schema.apply import apply
from dataverse.schema.desired import Installation, textverse
from dataverse.store import provider_accounts
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request
from emulator import seeds
from function_app.app import create_app
from function_app.services import Services
from function_app.settings import Settings
from messaging.records import Principal
from tests.stores.organization import Organization

EXAMPLE = Path(__file__).parents[3] / "local.settings.example.json"
BASE_URL = "https://sms.example.com"
SID = "AC00112233445566778899aabbccddeeff"
TWILIO = f"https://api.twilio.com/2010-04-01/Accounts/{SID}"
SERVICES = "https://messaging.twilio.com/v1/Services"
TELESIGN = "https://rest-api.telesign.com/v1/messaging/00000000000000000000000000000000"
ENDPOINT = "https://textverse-demo.communication.azure.com"
RESOURCE = (
    "/subscriptions/5b4b650e-28b9-4790-b3ab-ddbd88d727c4/resourceGroups/sms/providers/Microsoft.Communication"
    "/communicationServices/textverse-demo"
)
APP, APP_ID = "new_sales", "5d1f6f2e-4b5c-4d53-9a55-0a3c6f2b7d10"
SECRETS = (
    "demo-auth-token-of-twilio",
    "demo-callback-secret-of-acs",
    "ZGVtbyBhcGkga2V5IG9mIHRlbGVzaWduLCBoYXJtbGVzcw==",
)


class Queue:
    """Takes what it is given, as the function app needs one to be made."""

    def send(self, queue: str, text: str, *, delay_s: float = 0.0) -> None:
        raise AssertionError("nothing is queued here")


@dataclass
class Patient:
    """All is well; what a test changes of it is what the doctor sees."""

    url: str
    client: Client
    organization: Organization
    owner: Principal
    numbers: dict[str, str]
    values: dict[str, str]
    remote: responses.RequestsMock
    seen: dict[str, Any] = field(default_factory=dict)

    def account(self, name: str, **changes: object) -> None:
        """Change an account of PROVIDERS."""
        accounts = json.loads(self.values["PROVIDERS"])
        changed = [one | (changes if one["id"] == name else {}) for one in accounts]
        self.values["PROVIDERS"] = json.dumps(changed)

    def situation(self) -> Situation:
        values = dict(self.values)
        usual = {
            "client": self.client,
            "app_settings": AppSettings(values=values, source="settings.json"),
            "settings": Settings.read(values),
            "storage": None,
            "web": Web(open_session(), lambda scope: "token"),
            "now": lambda: datetime.now(UTC),
            "app": APP,
            "app_user": seeds.APPLICATION_USER,
        }
        return Situation(**(usual | self.seen))

    def examination(self, *names: str) -> Examination:
        checks = [check for check in CHECKS if not names or check.name in names]
        assert len(checks) == (len(names) or len(CHECKS))
        result = examine(self.situation(), checks)
        for finding in result.findings:
            assert bool(finding.fix) == (finding.verdict != "ok"), finding
            assert not any(secret in repr(finding) for secret in SECRETS)
        return result

    def findings(self, *names: str) -> list[Finding]:
        return self.examination(*names).findings

    def found(self, *names: str) -> list[tuple[str, str]]:
        """Verdict and what, of everything that is not as it should be."""
        return [(str(each.verdict), each.what) for each in self.findings(*names) if each.verdict != "ok"]

    def send(self, method: str, path: str, body: dict[str, object] | None = None) -> None:
        """As an administrator, in Dataverse."""
        self.client.send(Request(method=method, path=path, body=body, repeatable=True))

    def put(self, url: str, answer: object = None, status: int = 200) -> None:
        """What somebody else answers from now on."""
        self.remote.remove(responses.GET, url)
        if isinstance(answer, Exception):
            self.remote.get(url, body=answer)
        else:
            self.remote.get(url, json=answer, status=status)


def set_up(client: Client, organization: Organization, owner: Principal) -> dict[str, str]:
    def send(method: str, path: str, body: dict[str, object] | None = None) -> None:
        client.send(Request(method=method, path=path, body=body, repeatable=True))

    for change in provider_accounts.changes(shown_accounts(Settings.read(app_values())), ()):
        provider_accounts.carry_out(client, change)
    numbers = {}
    for account in ("twilio-demo", "acs-demo", "telesign-demo"):
        number = organization.number(owner)
        path = f"txv_phonenumbers(txv_digits='{number.digits}')"
        send("PATCH", path, {"txv_smsproviderid@odata.bind": f"/txv_smsproviders(txv_callbackid='{account}')"})
        numbers[account] = number.digits
    if not organization.rows(f"roles?$select=roleid&$filter=roleid eq {role_id(RoleName.SERVICE)}"):
        unit = {"businessunitid@odata.bind": f"/businessunits({seeds.BUSINESS_UNIT})"}
        send("POST", "roles", {"roleid": str(role_id(RoleName.SERVICE)), "name": TITLES[RoleName.SERVICE], **unit})
    roles = f"systemusers({seeds.APPLICATION_USER})/systemuserroles_association"
    send("POST", f"{roles}/$ref", {"@odata.id": f"{client.service_url}roles({role_id(RoleName.SERVICE)})"})
    send("DELETE", f"{roles}({seeds.SYSTEM_ADMINISTRATOR})/$ref")
    icon = {"clienttype": 4, "webresourceid": "953b9fac-1e5e-e611-80d6-00155ded156f"}
    send("POST", "appmodules", {"appmoduleid": APP_ID, "name": "Sales", "uniquename": APP, **icon})
    publish = f"<importexportxml><appmodules><appmodule>{APP_ID}</appmodule></appmodules></importexportxml>"
    send("POST", "PublishXml", {"ParameterXml": publish})
    here = Installation(public_base_url=BASE_URL, events_secret="demo-secret-of-dataverse-events", app=APP)
    apply(client, textverse(here), sleep=lambda seconds: None)
    return numbers


def app_values() -> dict[str, str]:
    """The app settings of a function app in order, with an account at each provider."""
    values: dict[str, str] = json.loads(EXAMPLE.read_text())["Values"]
    accounts = json.loads(values["PROVIDERS"])
    for one in accounts:
        one["options"] = {"resource_id": RESOURCE} if one["type"] == "acs" else {}
    return values | {"PUBLIC_BASE_URL": BASE_URL, "PROVIDERS": json.dumps(accounts)}


def health_of(values: dict[str, str]) -> func.HttpResponse:
    app = create_app(lambda: Services(Settings.read(values), Queue()))
    function = next(each for each in app.get_functions() if each.get_function_name() == "health")
    request = func.HttpRequest(method="GET", url=f"{BASE_URL}/api/health", body=b"")
    answer: func.HttpResponse = function.get_user_function()(request)
    return answer


def answer_well(remote: responses.RequestsMock, numbers: dict[str, str]) -> None:
    """What everybody else says where all is well."""
    health = health_of(app_values())
    remote.get(f"{BASE_URL}/api/health", body=health.get_body(), status=health.status_code)
    remote.post(f"{BASE_URL}/api/dataverse/events", status=400)
    remote.get(
        f"{TWILIO}.json",
        json={"sid": SID, "status": "active", "type": "Full", "auth_token": "demo-auth-token-of-twilio"},
    )
    twilio = {
        "sid": "PN1",
        "phone_number": f"+{numbers['twilio-demo']}",
        "sms_url": f"{BASE_URL}/api/callbacks/twilio-demo/inbound#rc=5&rp=5xx,ct,rt",
        "sms_method": "POST",
        "capabilities": {"sms": True},
    }
    remote.get(f"{TWILIO}/IncomingPhoneNumbers.json", json={"incoming_phone_numbers": [twilio]})
    remote.get(SERVICES, json={"services": [], "meta": {"next_page_url": None}})
    remote.get(TELESIGN, json={"status": {"code": 10017}}, status=404)
    acs = {"phoneNumber": f"+{numbers['acs-demo']}", "capabilities": {"sms": "inbound+outbound"}}
    remote.get(f"{ENDPOINT}/phoneNumbers", json={"phoneNumbers": [acs]})
    manager, event_grid = "https://management.azure.com", "/providers/Microsoft.EventGrid"
    remote.get(f"{manager}{RESOURCE}{event_grid}/eventSubscriptions", json={"value": [_event_subscription()]})
    remote.get(f"{manager}/{'/'.join(RESOURCE.split('/')[1:3])}{event_grid}/systemTopics", json={"value": []})


def _event_subscription() -> dict[str, object]:
    header = {"name": "X-Callback-Secret", "type": "Static", "properties": {"value": None, "isSecret": True}}
    url = f"{BASE_URL}/api/callbacks/acs-demo/inbound"
    hook = {"endpointBaseUrl": url, "deliveryAttributeMappings": [header]}
    return {
        "id": f"{RESOURCE}/providers/Microsoft.EventGrid/eventSubscriptions/all",
        "name": "all",
        "properties": {
            "provisioningState": "Succeeded",
            "destination": {"endpointType": "WebHook", "properties": hook},
            "filter": {"includedEventTypes": None},
        },
    }


def control(url: str, path: str, **body: object) -> dict[str, Any]:
    answer = requests.post(f"{url}/_emulator/{path}", json=body, timeout=30)
    answer.raise_for_status()
    return dict(answer.json()) if answer.content else {}


def behave(url: str, **switches: object) -> None:
    """Set switches of the emulator."""
    requests.patch(f"{url}/_emulator/behaviour", json=switches, timeout=30).raise_for_status()
