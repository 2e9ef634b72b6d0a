"""The asynchronous client of Microsoft's SDK: an implementation of its own, over aiohttp."""

from __future__ import annotations

import asyncio

from PowerPlatform.Dataverse.models.filters import col
from PowerPlatform.Dataverse.models.upsert import UpsertItem


def test_a_row_goes_through_its_life(async_sdk, web, word):
    async def life():
        async with async_sdk() as client:
            account = await client.records.create("account", {"name": word})
            await client.records.update("account", account, {"fax": "555-0100"})
            seen = web.row(f"accounts({account})")
            record = await client.records.retrieve("account", account, select=["name", "fax"])
            await client.records.delete("account", account)
            return seen, record, await client.records.retrieve("account", account)

    seen, record, gone = asyncio.run(life())
    assert (seen["name"], seen["fax"]) == (word, "555-0100")
    assert (record["name"], record["fax"], gone) == (word, "555-0100", None)


def test_many_at_once_do_not_get_in_each_others_way(async_sdk, web, word):
    async def flood():
        async with async_sdk() as client:
            creates = [client.records.create("account", {"name": f"{word} {number:02}"}) for number in range(40)]
            return await asyncio.gather(*creates)

    ids = asyncio.run(flood())

    assert len(set(ids)) == 40
    assert web.names("accounts", word) == [f"{word} {number:02}" for number in range(40)]


def test_pages_come_one_by_one(async_sdk, web, word):
    ids = [web.create("accounts", {"name": f"{word} {number}"}) for number in range(5)]
    fetch = f"""<fetch count="2"><entity name="account"><attribute name="name"/><order attribute="name"/>
      <filter><condition attribute="name" operator="begins-with" value="{word}"/></filter></entity></fetch>"""

    async def pages():
        async with async_sdk() as client:
            query = client.query.builder("account").select("name").where(col("name").startswith(word))
            odata = query.order_by("name").page_size(2).execute_pages()
            return [
                [[record["accountid"] for record in page] async for page in each]
                for each in (odata, client.query.fetchxml(fetch).execute_pages())
            ]

    assert asyncio.run(pages()) == [[ids[:2], ids[2:4], ids[4:]]] * 2


def test_a_batch_with_a_change_set(async_sdk, web, word):
    async def batch():
        async with async_sdk() as client:
            batch = client.batch.new()
            async with batch.changeset() as changes:
                account = changes.records.create("account", {"name": word})
                changes.records.create("contact", {"lastname": word, "parentcustomerid_account@odata.bind": account})
            batch.records.list("account", filter=f"name eq '{word}'", select=["name"])
            return await batch.execute()

    done = asyncio.run(batch())

    account, contact = done.entity_ids
    assert [row["accountid"] for row in done.responses[2].data["value"]] == [account]
    assert web.row(f"contacts({contact})")["_parentcustomerid_value"] == account


def test_a_table_with_a_key(async_sdk, web, table_name, word):
    async def define():
        async with async_sdk() as client:
            made = await client.tables.create(table_name, {"new_Code": "string"})
            await client.tables.create_alternate_key(table_name, f"{table_name}_key", ["new_code"])
            for name in ("first", "second"):
                item = UpsertItem(alternate_key={"new_code": word}, record={"new_name": name})
                await client.records.upsert(table_name, [item])
            rows = web.rows(made.entity_set_name)
            await client.tables.delete(table_name)
            return rows, await client.tables.get(table_name)

    rows, gone = asyncio.run(define())
    assert [(row["new_code"], row["new_name"]) for row in rows] == [(word, "second")]
    assert gone is None
