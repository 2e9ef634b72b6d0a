// dataverse-webapi, by other people again: it writes ids in capitals, asks for all annotations, and joins batches its way.
import assert from "node:assert/strict"

const FORMATTED = "@OData.Community.Display.V1.FormattedValue"

export default {
  "webapi: a row goes through its life": async ({ webapi, config, web, word }) => {
    const id = await webapi.create(config, "accounts", { name: word, fax: "555-0100", telephone1: "555-0101" })
    await webapi.update(config, "accounts", id, { name: `${word} 2` })
    await webapi.updateProperty(config, "accounts", id, "telephone1", "555-0102")
    await webapi.deleteProperty(config, "accounts", id, "fax")

    const row = await webapi.retrieve(config, "accounts", id.toUpperCase(), "$select=name,fax,telephone1,statecode")
    assert.deepEqual([row.name, row.fax, row.telephone1], [`${word} 2`, null, "555-0102"])
    assert.equal(row[`statecode${FORMATTED}`], "Active")
    await webapi.deleteRecord(config, "accounts", id)
    assert.equal(await web.status(`accounts(${id})`), 404)
  },

  "webapi: written rows come back": async ({ webapi, config, web, word }) => {
    const made = await webapi.createWithReturnData(config, "accounts", { name: word }, "$select=name")
    const data = { name: `${word} 2` }
    const changed = await webapi.updateWithReturnData(config, "accounts", made.accountid, data, "$select=name")

    assert.deepEqual([made.name, changed.name], [word, `${word} 2`])
    assert.equal((await web.row(`accounts(${made.accountid})`))["@odata.etag"], changed["@odata.etag"])
  },

  "webapi: pages are followed": async ({ webapi, config, web, word }) => {
    for (const number of [1, 2, 3]) await web.create("accounts", { name: `${word} ${number}` })
    const query = `$select=name&$orderby=name&$filter=startswith(name,'${word}')`

    const first = await webapi.retrieveMultiple(config, "accounts", query, { maxPageSize: 2 })
    const second = await web.row(first["@odata.nextLink"].replace(web.root, ""))

    assert.deepEqual([...first.value, ...second.value].map((row) => row.name), await web.names("accounts", word))
    assert.equal(first.value.length, 2)
  },

  "webapi: a function takes its parameter by an alias": async ({ webapi, config, web, word }) => {
    const account = await web.create("accounts", { name: word })
    const { UserId } = await webapi.unboundFunction(config, "WhoAmI")
    const input = { name: "Target", alias: "target", value: JSON.stringify({ "@odata.id": `accounts(${account})` }) }

    const found = await webapi.boundFunction(config, "systemusers", UserId, "RetrievePrincipalAccess", [input])

    assert.match(found.AccessRights, /WriteAccess/)
  },

  "webapi: a batch with a change set and a question": async ({ webapi, config, web, word }) => {
    const changes = [
      { method: "POST", queryString: "contacts", entity: { lastname: word } },
      { method: "POST", queryString: "accounts", entity: { name: word, "primarycontactid@odata.bind": "$1" } },
    ]
    const question = `accounts?$select=name&$filter=name eq '${word}'&$expand=primarycontactid($select=lastname)`

    const [contact, account, found] = await webapi.batchOperation(config, "b", "c", changes, [question])

    assert.deepEqual([contact.contentId, account.contentId, found.httpStatus], ["1", "2", 200])
    assert.equal(found.data.value[0].primarycontactid.lastname, word)
    assert.equal((await web.row(`accounts(${account.entityId})`))._primarycontactid_value, contact.entityId)
  },

  "webapi: a batch that fails says why": async ({ webapi, config, web, word }) => {
    const changes = [
      { method: "POST", queryString: "accounts", entity: { name: word } },
      { method: "POST", queryString: "accounts", entity: { nosuch: word } },
    ]

    await assert.rejects(webapi.batchOperation(config, "b", "c", changes, []), { code: "0x80048d19" })
    assert.deepEqual(await web.names("accounts", word), [])
  },
}
