"""Is each provider account in order, here, in Dynamics, and at the provider itself?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from admin.doctor.finding import Finding, Verdict, ok, problem, warning
from admin.doctor.situation import Situation
from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from providers.inspection import Inspection, Standing, drive, without_query
from providers.registry import inspectors, providers
from providers.signing_keys import EntraSigningKeys

VERDICTS: Mapping[Standing, Verdict] = {
    Standing.GOOD: Verdict.OK,
    Standing.DOUBTFUL: Verdict.WARNING,
    Standing.WRONG: Verdict.PROBLEM,
    Standing.UNKNOWN: Verdict.SKIPPED,
}
_ROWS = "python -m admin provision"


def settings(situation: Situation) -> Iterator[Finding]:
    """Every account of PROVIDERS, as the function app looks it over at start."""
    for account in situation.accounts.values():
        try:
            check(situation, account)
        except ConfigurationError as error:
            yield problem(str(error), f"Correct the account {account.id} in PROVIDERS")
        else:
            if account.callbacks_on:
                yield ok(f"The account {account.id} is written as it has to be")
            else:
                what = f"Callbacks of the account {account.id} are off: it has no callback secret"
                yield warning(what, f"Write one to PROVIDERS, {account.id}, callback_secrets")


def check(situation: Situation, account: ProviderAccount) -> None:
    """Raises ConfigurationError for an account that cannot be used."""
    known = providers(EntraSigningKeys(situation.now))
    if account.type not in known:
        raise ConfigurationError(f"PROVIDERS, account {account.id}: type must be one of {', '.join(sorted(known))}")
    known[account.type].check(account)


def rows(situation: Situation) -> Iterator[Finding]:
    """The rows of `txv_smsprovider` against PROVIDERS: what an administrator reads in Dynamics has to be so."""
    shown = situation.provider_rows
    for account in situation.accounts.values():
        row = shown.get(account.id)
        if row is None:
            yield problem(f"Dynamics does not show the account {account.id}", _ROWS)
            continue
        expected = situation.expected(account)
        wrong = [
            name
            for name, theirs, ours in (
                ("type", row.type, account.type),
                ("URL for incoming texts", row.inbound_url, expected.inbound_url),
                ("URL for delivery reports", row.status_url, expected.status_url),
            )
            if without_query(theirs) != ours
        ]
        if wrong:
            yield problem(f"Dynamics shows another {' and '.join(wrong)} of the account {account.id}", _ROWS)
        else:
            yield ok(f"Dynamics shows the account {account.id} as it is")
    for name in sorted(set(shown) - set(situation.accounts)):
        fix = f"Add it to PROVIDERS, or deactivate the SMS provider {name} in Dynamics"
        yield warning(f"Dynamics shows the account {name}, which PROVIDERS does not have", fix)


def credentials(situation: Situation) -> Iterator[Finding]:
    """Whether each provider takes the credentials of the account."""
    for account in _inspectable(situation):
        yield from _findings(situation, account, inspectors()[account.type].credentials(account, situation.now()))


def configuration(situation: Situation) -> Iterator[Finding]:
    """What each provider is set to, as far as it shows it, against what it should be set to."""
    for account in _inspectable(situation):
        expected = situation.expected(account)
        inspection = inspectors()[account.type].configuration(account, expected, situation.now())
        yield from _findings(situation, account, inspection)


def _inspectable(situation: Situation) -> Iterator[ProviderAccount]:
    """Accounts that are in order: of the others `settings` tells."""
    for account in situation.accounts.values():
        try:
            check(situation, account)
        except ConfigurationError:
            continue
        yield account


def _findings(situation: Situation, account: ProviderAccount, inspection: Inspection) -> Iterator[Finding]:
    for remark in drive(inspection, situation.web.ask):
        yield Finding(verdict=VERDICTS[remark.standing], what=f"{account.id}: {remark.what}", fix=remark.mend)
