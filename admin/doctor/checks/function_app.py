"""Does the function app run, is it of this release, and does it find its own settings in order?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from admin.doctor.finding import Finding, ok, problem, warning
from admin.doctor.situation import Situation
from dataverse.webapi.address import is_loopback
from function_app.version import VERSION
from providers.inspection import Json, Question, text

PATH = "/api/health"


def function_app(situation: Situation) -> Iterator[Finding]:
    """What `GET /api/health` says, which asks nobody in its turn."""
    base = situation.settings.public_base_url
    if urlsplit(base).scheme != "https" and not is_loopback(base):
        yield problem(f"PUBLIC_BASE_URL is {base}: texts would travel in the clear", "Set it to the https address")
        return
    answer = situation.web.ask(Question(url=base + PATH, headers={"Accept": "application/json"}))
    if answer.status == 0:
        fix = "Compare PUBLIC_BASE_URL with Azure portal › the function app › Overview, and see there that it runs"
        yield problem(f"The function app cannot be reached at {base}: {answer.why}", fix)
        return
    told = answer.json()
    if answer.status not in (200, 503) or "version" not in told:
        fix = (
            "See that PUBLIC_BASE_URL leads to the function app, that Textverse is deployed there, and that its "
            "setting PYTHON_SCRIPT_FILE_NAME is azure_entry.py"
        )
        yield problem(f"{base}{PATH} answers {answer.status}, and not as Textverse does", fix)
        return
    yield from _told(told)


def _told(told: Json) -> Iterator[Finding]:
    version, problems = text(told, "version"), told.get("problems")
    if version != VERSION:
        what = f"The function app is of release {version}, and this command of {VERSION}"
        yield warning(what, "Deploy the release that you administer, or use the command of the one that is deployed")
    found = [str(one) for one in problems] if isinstance(problems, list) else []
    for one in found:
        yield problem(f"The function app says: {one}", "Mend the setting: Azure portal › the function app › Settings")
    if not found:
        yield ok(f"The function app runs, release {version}, and finds its settings in order")
