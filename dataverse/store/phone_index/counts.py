"""How many rows there are, about: Dataverse answers from a count of the last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from dataverse.store.queries import get
from dataverse.webapi.client import Client


def about(client: Client, tables: Sequence[str]) -> Mapping[str, int]:
    """The rows of each table (logical names), whoever may read them (one round trip). Raises what `Client.send`
    raises."""
    names = quote("[" + ",".join(f"'{table}'" for table in tables) + "]", safe="',")
    answer = client.send(get(f"RetrieveTotalRecordCount(EntityNames=@names)?@names={names}")).json()
    found = answer.get("EntityRecordCountCollection")
    pairs = zip(found["Keys"], found["Values"], strict=True) if isinstance(found, Mapping) else ()
    return {str(table): int(number) for table, number in pairs}
