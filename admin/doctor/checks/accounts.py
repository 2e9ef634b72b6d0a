"""Is each provider account in order, here, in Dynamics, and at the provider itself?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from admin.doctor.finding import Finding, Verdict, ok, problem, warning
from admin.doctor.situation import Situation
from admin.provision.installation import shown_accounts
from admin.provision.whole_plan import COLUMN_NAMES
from dataverse.store.provider_accounts import changes, stored_accounts
from messaging.accounts import ProviderAccount
from messaging.errors import ConfigurationError
from providers.inspection import Inspection, Standing, drive
from providers.registry import inspectors, providers
from providers.signing_keys import EntraSigningKeys

VERDICTS: Mapping[Standing, Verdict] = {
    Standing.GOOD: Verdict.OK,
    Standing.DOUBTFUL: Verdict.WARNING,
    Standing.WRONG: Verdict.PROBLEM,
    Standing.UNKNOWN: Verdict.SKIPPED,
}
_PROVISION = "python -m admin provision --settings settings.json"


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
    stored = stored_accounts(situation.client)
    differing = {one.callback_id: one for one in changes(shown_accounts(situation.settings), stored)}
    for name in situation.accounts:
        change = differing.get(name)
        if change is None:
            yield ok(f"Dynamics shows the account {name} as it is")
        elif change.stored is None:
            yield problem(f"Dynamics does not show the account {name}", _PROVISION)
        else:
            what = ", ".join(COLUMN_NAMES[column] for column in change.columns)
            yield problem(f"Dynamics shows the account {name} otherwise than it is: {what}", _PROVISION)
    for row in stored:
        if row.active and row.callback_id not in situation.accounts:
            what = f"Dynamics shows the account {row.callback_id}, which PROVIDERS does not have"
            yield warning(what, f"Add it to PROVIDERS, or deactivate it in Dynamics: SMS providers › {row.name}")


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
