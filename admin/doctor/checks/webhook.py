"""Does the function app hear when rows change?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from admin.doctor.finding import Finding, ok, problem, skipped, warning
from admin.doctor.situation import Situation
from dataverse.schema.components import component_id
from dataverse.schema.events import EVENTS_HEADER, EVENTS_PATH, STEPS
from dataverse.schema.rows.row import digest as secret_mark
from dataverse.store.queries import get
from dataverse.store.rows import Row
from dataverse.webapi.literals import literal
from function_app.logs import redact
from providers.inspection import Question

PROVISION = "python -m admin provision --settings settings.json"
SECRETS = "DATAVERSE_EVENTS_SECRETS"
BY_HEADER = 5  # serviceendpoint.authtype
DISABLED = 1  # sdkmessageprocessingstep.statecode
FAILED = 31  # asyncoperation.statuscode
LOOKED_BACK = timedelta(days=1)
_SHOWN = 200  # characters of what Dataverse says of a failure
_ENDPOINT = component_id("webhook", "Textverse")


def webhook(situation: Situation) -> Iterator[Finding]:
    """The service endpoint and its steps, in Dataverse. The secret is never shown there: whether there is one is."""
    columns = "url,description,authtype,isauthvalueset"
    path = f"serviceendpoints?$select={columns}&$filter=serviceendpointid eq {_ENDPOINT}"
    endpoint = next(situation.client.rows(get(path).path), None)
    if endpoint is None:
        yield problem("Dataverse has no webhook of Textverse: the function app does not hear of changes", PROVISION)
        return
    secrets = situation.settings.events_secrets()
    faults = [*_endpoint(endpoint, situation.settings.public_base_url, secrets), *_steps(situation)]
    yield from faults or [ok(f"The webhook leads to the function app, with {len(STEPS)} steps")]


def secret(situation: Situation) -> Iterator[Finding]:
    """Whether the function app takes the secret of these settings, which is the one that Dataverse is given. It is sent
    without an event, so nothing happens there."""
    first = situation.settings.events_secrets()[0]
    url = situation.settings.public_base_url + EVENTS_PATH
    answer = situation.web.ask(Question(method="POST", url=url, headers={EVENTS_HEADER: first}))
    if answer.status in (200, 400):
        yield ok("The function app takes the secret of the webhook")
    elif answer.status in (403, 404):
        why = "does not take the" if answer.status == 403 else "has no"
        fix = f"Set {SECRETS} of the function app to that of these settings: Azure portal › the function app › Settings"
        yield problem(f"The function app {why} secret of the webhook ({answer.status})", f"{fix}. Then: {PROVISION}")
    else:
        what = f"The function app does not say whether it takes the secret ({answer.why or answer.status})"
        yield skipped(what, "See what is said of “function app”, then run it again")


def deliveries(situation: Situation) -> Iterator[Finding]:
    """Events that Dataverse could not deliver in the last day: it tries twice and gives up."""
    since = literal(situation.now() - LOOKED_BACK)
    ours = " or ".join(f"_owningextensionid_value eq {step.id}" for step in STEPS)
    path = (
        f"asyncoperations?$select=name,friendlymessage,createdon&$orderby=createdon desc"
        f"&$filter=statuscode eq {FAILED} and createdon ge {since} and ({ours})"
    )
    failed = list(situation.client.rows(get(path).path))
    if not failed:
        yield ok("Dataverse delivered every event of the last day")
        return
    said = redact(str(failed[0]["friendlymessage"] or "no reason is said"))[:_SHOWN]
    page = "Power Platform admin center › the environment › Settings › Audit and logs › System jobs"
    what = f"{len(failed)} events of the last day were not delivered, the last at {failed[0]['createdon']}: {said}"
    yield warning(what, f"See that “function app” and “webhook secret” are ok, and the jobs themselves: {page}")


def _endpoint(endpoint: Row, base_url: str, secrets: tuple[str, ...]) -> Iterator[Finding]:
    if endpoint["url"] != base_url + EVENTS_PATH:
        yield problem(f"The webhook leads to {endpoint['url']}, and not to {base_url}{EVENTS_PATH}", PROVISION)
    if endpoint["isauthvalueset"] is not True or endpoint["authtype"] != BY_HEADER:
        yield problem("The webhook has no secret: the function app refuses what it brings", PROVISION)
        return
    # A digest of the secret stands in the description: what was given cannot be read back.
    given = str(endpoint["description"])
    if secrets and not any(secret_mark(_ENDPOINT, EVENTS_HEADER, one) in given for one in secrets):
        yield problem(f"The webhook was given a secret that is not in {SECRETS}: it is refused", PROVISION)
    elif secrets and secret_mark(_ENDPOINT, EVENTS_HEADER, secrets[0]) not in given:
        yield warning(f"The webhook still has an older secret than the first in {SECRETS}", PROVISION)


def _steps(situation: Situation) -> Iterator[Finding]:
    columns = "sdkmessageprocessingstepid,name,statecode"
    path = f"sdkmessageprocessingsteps?$select={columns}&$filter=_eventhandler_value eq {_ENDPOINT}"
    found = {str(row["sdkmessageprocessingstepid"]): row for row in situation.client.rows(get(path).path)}
    missing = [step.name for step in STEPS if step.id not in found]
    if missing:
        yield problem(f"The webhook lacks the steps {', '.join(missing)}", PROVISION)
    for step in STEPS:
        if step.id in found and found[step.id]["statecode"] == DISABLED:
            fix = "Enable it: Plug-in Registration Tool › the webhook Textverse › the step › Enable"
            yield problem(f"The step {step.name} is disabled", f"{fix}; or {PROVISION}")
