"""Provider accounts in the settings against those in Dataverse. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from admin.provision.whole_plan import COLUMN_NAMES
from dataverse.store.provider_accounts import ShownAccount, StoredAccount, changes
from messaging.accounts import ProviderAccount

HEADINGS = {
    "id": "Id",
    "type": "Type",
    "in_settings": "In PROVIDERS",
    "in_dataverse": "In Dataverse",
    "callbacks": "Callbacks",
    "remark": "Remark",
}


def compare(
    accounts: Mapping[str, ProviderAccount], wanted: Mapping[str, ShownAccount], stored: Iterable[StoredAccount]
) -> Iterator[dict[str, object]]:
    """A row for each account that is in either; its `remark` is empty where all is well."""
    there = {each.callback_id: each for each in stored}
    differing = {change.callback_id: change.columns for change in changes(wanted, there.values()) if change.stored}
    for name in sorted({*accounts, *there}):
        account, row = accounts.get(name), there.get(name)
        yield {
            "id": name,
            "type": account.type if account else row.shown.type if row else "",
            "in_settings": account is not None,
            "in_dataverse": row is not None,
            "callbacks": "" if account is None else "on" if account.callbacks_on else "off",
            "remark": _remark(account, row, differing.get(name, ())),
        }


def _remark(account: ProviderAccount | None, row: StoredAccount | None, differing: Iterable[str]) -> str:
    if account is None:
        return "not in PROVIDERS: its callbacks are answered with 404"
    if row is None:
        return "not in Dataverse: run provision"
    names = [COLUMN_NAMES[name] for name in differing]
    parts = [f"Dataverse shows another {', '.join(names)}: run provision"] if names else []
    if not account.callbacks_on:
        parts.append("callback_secrets is empty: its callbacks are answered with 404")
    return "; ".join(parts)
