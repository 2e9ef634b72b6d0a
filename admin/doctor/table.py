"""All checks, in order: a new one is one more entry. What others stand on comes first."""

from __future__ import annotations

from collections.abc import Iterator

from admin.doctor.check import Check, Need
from admin.doctor.checks import (
    access,
    accounts,
    app_settings,
    definitions,
    function_app,
    notifications,
    numbers,
    queues,
    untold,
    webhook,
)

_DATAVERSE = frozenset({Need.DATAVERSE})
_ROWS = frozenset({Need.DATAVERSE, Need.TABLES})
_PROVIDERS = frozenset({Need.PROVIDERS})
_CALLBACKS = _PROVIDERS | {Need.PUBLIC_BASE_URL}

CHECKS: tuple[Check, ...] = (
    Check(
        name="app settings",
        looks_at="The app settings of the function app are at hand and can be understood",
        run=app_settings.app_settings,
    ),
    Check(
        name="sign-in",
        looks_at="The address leads to a Dataverse environment, and it lets you in",
        opens=Need.DATAVERSE,
        run=access.sign_in,
    ),
    Check(
        name="clock",
        looks_at="The clock of this machine agrees with Dataverse's",
        needs=_DATAVERSE,
        run=access.clock,
    ),
    Check(
        name="application user",
        looks_at="The function app is a user of the environment, enabled, with the role Text Messaging Service",
        needs=_DATAVERSE,
        run=access.application_user,
    ),
    Check(
        name="solution",
        looks_at="The solution is installed, of the same version as this command",
        needs=_DATAVERSE,
        run=definitions.solution,
    ),
    Check(
        name="tables",
        looks_at="Tables, columns, lookups and choices are there as declared",
        needs=_DATAVERSE,
        opens=Need.TABLES,
        run=definitions.tables,
    ),
    Check(
        name="components",
        looks_at="Views, forms, commands, roles, the pane and environment variables are there as declared",
        needs=_ROWS,
        run=definitions.components,
    ),
    Check(
        name="alternate keys",
        looks_at="The indexes behind the alternate keys are built",
        needs=_ROWS,
        run=definitions.keys,
    ),
    Check(
        name="webhook",
        looks_at="Dataverse's webhook leads to the function app, with the secret of the settings; its steps are on",
        needs=_DATAVERSE | {Need.PUBLIC_BASE_URL},
        run=webhook.webhook,
    ),
    Check(
        name="webhook secret",
        looks_at="The function app takes the secret that the webhook is given",
        needs=frozenset({Need.PUBLIC_BASE_URL, Need.EVENTS_SECRETS}),
        run=webhook.secret,
    ),
    Check(
        name="webhook deliveries",
        looks_at="Dataverse delivered every event of the last day",
        needs=_DATAVERSE,
        run=webhook.deliveries,
    ),
    Check(
        name="notifications",
        looks_at="In-app notifications are on in the app of --app, or in any",
        needs=_DATAVERSE,
        run=notifications.notifications,
    ),
    Check(
        name="numbers",
        looks_at="Each number has digits, a provider account, and somebody enabled with the role who answers it",
        needs=_ROWS,
        run=numbers.numbers,
    ),
    Check(
        name="queues",
        looks_at="The queues can be reached, are not long, and nothing was set aside",
        needs=frozenset({Need.STORAGE}),
        run=queues.queues,
    ),
    Check(
        name="untold texts",
        looks_at="Of every text of the last week somebody was told, in the app",
        needs=_ROWS,
        run=untold.untold,
    ),
    Check(
        name="function app",
        looks_at="The function app runs, is of the same release as this command, and finds its settings in order",
        needs=frozenset({Need.PUBLIC_BASE_URL}),
        run=function_app.function_app,
    ),
    Check(
        name="accounts",
        looks_at="Each account of PROVIDERS is written as it has to be",
        needs=_PROVIDERS,
        run=accounts.settings,
    ),
    Check(
        name="providers in Dynamics",
        looks_at="Dynamics shows each account with its type and callback URLs",
        needs=_CALLBACKS | _ROWS,
        run=accounts.rows,
    ),
    Check(
        name="credentials",
        looks_at="Each provider takes the credentials of its account",
        needs=_PROVIDERS,
        run=accounts.credentials,
    ),
    Check(
        name="configuration at the provider",
        looks_at="Each provider has our numbers and calls our URLs, as far as it shows that",
        needs=_CALLBACKS | _ROWS,
        run=accounts.configuration,
    ),
)


def rows(checks: tuple[Check, ...] = CHECKS) -> Iterator[tuple[str, str, str]]:
    """Each check as documents show it: its name, what it looks at, what it needs."""
    for check in checks:
        yield check.name, check.looks_at, ", ".join(sorted(check.needs)) or "nothing"


def markdown() -> str:
    """The table of checks, for the administrator's manual."""
    lines = ["| check | what it looks at | needs |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {name} | {looks_at} | {needs} |" for name, looks_at, needs in rows())])
