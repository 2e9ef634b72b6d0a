// One row: created, read, changed, deleted, under conditions.
import assert from "node:assert/strict"

const NOWHERE = "0b000000-0000-4000-8000-0000000000fd"
const FORMATTED = "@OData.Community.Display.V1.FormattedValue"

export default {
  "a row is created": async ({ api, web, word }) => {
    const id = await api.create({ collection: "accounts", data: { name: word, telephone1: "555-0100" } })

    const row = await web.row(`accounts(${id})`)
    assert.deepEqual([row.name, row.telephone1], [word, "555-0100"])
  },

  "a created row comes back with the columns asked for": async ({ api, web, word }) => {
    const account = await web.create("accounts", { name: word })
    const row = await api.create({
      collection: "contacts",
      data: { firstname: "Kim", lastname: word, "parentcustomerid_account@odata.bind": `accounts(${account})` },
      returnRepresentation: true,
      select: ["fullname", "_parentcustomerid_value"],
    })

    assert.deepEqual([row.fullname, row._parentcustomerid_value], [`Kim ${word}`, account])
    assert.equal(row.lastname, undefined)
    assert.equal(row["@odata.etag"], (await web.row(`contacts(${row.contactid})`))["@odata.etag"])
  },

  "rows that belong together are created at once": async ({ api, web, word }) => {
    const id = await api.create({
      collection: "accounts",
      data: {
        name: word,
        primarycontactid: { lastname: `${word} first` },
        contact_customer_accounts: [{ lastname: `${word} second` }, { lastname: `${word} third` }],
      },
    })

    const row = await web.row(`accounts(${id})?$expand=primarycontactid,contact_customer_accounts($orderby=lastname)`)
    assert.equal(row.primarycontactid.lastname, `${word} first`)
    const below = row.contact_customer_accounts.map((contact) => contact.lastname)
    assert.deepEqual(below, [`${word} second`, `${word} third`])
  },

  "rows that belong together are created all or none": async ({ api, web, word }) => {
    const data = { name: word, contact_customer_accounts: [{ lastname: "A" }, { lastname: word.repeat(50) }] }

    await assert.rejects(api.create({ collection: "accounts", data }), { status: 400, code: "0x80044331" })
    assert.deepEqual(await web.names("accounts", word), [])
  },

  "a row is updated": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word, fax: "555-0100" })

    assert.equal(await api.update({ collection: "accounts", key, data: { fax: null, telephone1: "555-0101" } }), true)

    const row = await web.row(`accounts(${key})`)
    assert.deepEqual([row.name, row.fax, row.telephone1], [word, null, "555-0101"])
  },

  "an updated row comes back": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word })
    const data = { fax: "555-0100" }

    const row = await api.update({ collection: "accounts", key, data, returnRepresentation: true, select: ["fax"] })

    assert.deepEqual([row.fax, row.accountid], ["555-0100", key])
  },

  "an update creates nothing": async ({ api, web }) => {
    const request = { collection: "accounts", key: NOWHERE, data: { name: "A" } }

    await assert.rejects(api.update(request), { status: 404, code: "0x80040217" })
    assert.equal(await web.status(`accounts(${NOWHERE})`), 404)
  },

  "an update of an old version is refused": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word })
    const { "@odata.etag": ifmatch } = await api.retrieve({ collection: "accounts", key, select: ["name"] })
    assert.equal(await api.update({ collection: "accounts", key, data: { fax: "1" }, ifmatch }), true)

    assert.equal(await api.update({ collection: "accounts", key, data: { fax: "2" }, ifmatch }), false)
    assert.equal((await web.row(`accounts(${key})`)).fax, "1")
  },

  "one value is set and emptied": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word })

    await api.updateSingleProperty({ collection: "accounts", key, fieldValuePair: { fax: "555-0100" } })
    assert.equal((await web.row(`accounts(${key})`)).fax, "555-0100")

    await api.deleteRecord({ collection: "accounts", key, property: "fax" })
    assert.equal((await web.row(`accounts(${key})`)).fax, null)
  },

  "a row is created or updated under the id that the client chose": async ({ api, web, word, newId }) => {
    const key = newId()

    assert.equal(await api.upsert({ collection: "accounts", key, data: { name: word } }), key)
    await api.upsert({ collection: "accounts", key, data: { name: `${word} 2` } })

    assert.deepEqual(await web.names("accounts", word), [`${word} 2`])
  },

  "it can be asked not to update": async ({ api, web, word, newId }) => {
    const key = newId()
    const request = { collection: "accounts", key, ifnonematch: "*" }

    assert.equal(await api.upsert({ ...request, data: { name: word } }), key)
    assert.equal(await api.upsert({ ...request, data: { name: "another" } }), null)
    assert.equal((await web.row(`accounts(${key})`)).name, word)
  },

  "it can be asked not to create": async ({ api, web }) => {
    const request = { collection: "accounts", key: NOWHERE, ifmatch: "*", data: { name: "A" } }

    assert.equal(await api.upsert(request), null)
    assert.equal(await web.status(`accounts(${NOWHERE})`), 404)
  },

  "what was created or updated comes back, and how": async ({ api, word, newId }) => {
    const request = { collection: "accounts", key: newId(), returnRepresentation: true, select: ["name"] }

    assert.equal((await api.upsert({ ...request, data: { name: word } })).name, word)
    assert.equal((await api.upsert({ ...request, data: { name: `${word} 2` } })).name, `${word} 2`)
  },

  "a row is read with what it points to, and formatted": async ({ api, web, word }) => {
    const account = await web.create("accounts", { name: word })
    const bind = { "parentcustomerid_account@odata.bind": `/accounts(${account})` }
    const key = await web.create("contacts", { lastname: word, ...bind })

    const row = await api.retrieve({
      collection: "contacts",
      key,
      select: ["fullname", "statecode", "_parentcustomerid_value"],
      expand: [{ property: "parentcustomerid_account", select: ["name"] }],
      includeAnnotations: "*",
    })

    assert.equal(row.fullname, word)
    assert.equal(row.parentcustomerid_account.name, word)
    assert.equal(row[`statecode${FORMATTED}`], "Active")
    assert.equal(row[`_parentcustomerid_value${FORMATTED}`], word)
    assert.equal(row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "account")
  },

  "a row that did not change is not sent again": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word })
    const request = { collection: "accounts", key, select: ["name"] }
    const { "@odata.etag": ifnonematch } = await api.retrieve(request)

    assert.equal((await api.retrieve({ ...request, ifnonematch })) ?? null, null)
    await web.request("PATCH", `accounts(${key})`, { name: `${word} 2` })
    assert.equal((await api.retrieve({ ...request, ifnonematch })).name, `${word} 2`)
  },

  "a row is deleted, and is then not found": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word })

    assert.equal(await api.deleteRecord({ collection: "accounts", key, ifmatch: 'W/"1"' }), false)
    assert.equal(await api.deleteRecord({ collection: "accounts", key }), true)

    assert.equal(await web.status(`accounts(${key})`), 404)
    const again = api.retrieve({ collection: "accounts", key, select: ["name"] })
    await assert.rejects(again, { status: 404, code: "0x80040217", message: /Does Not Exist/ })
  },

  "what is wrong with a row is said": async ({ api, word }) => {
    const create = (data) => api.create({ collection: "accounts", data })

    await assert.rejects(create({ nosuch: 1 }), { status: 400, code: "0x80048d19" })
    await assert.rejects(create({ name: word.repeat(20) }), { status: 400, code: "0x80044331", message: /name/ })
    await assert.rejects(create({ "primarycontactid@odata.bind": `/contacts(${NOWHERE})` }), { status: 404 })
    await assert.rejects(api.create({ collection: "nosuchset", data: {} }), { status: 404 })
  },

  "a request without a token is refused": async ({ connect }) => {
    const api = connect({ onTokenRefresh: async () => "user:nobody" })

    await assert.rejects(api.retrieveMultiple({ collection: "accounts", top: 1 }), { status: 401 })
  },
}
