// Many requests in one.
import assert from "node:assert/strict"

const trouble = (promise) => promise.then(() => assert.fail("it was accepted"), (error) => error)

export default {
  "what was written in one batch is kept as a whole": async ({ api, web, word }) => {
    const account = await web.create("accounts", { name: word })
    api.startBatch()
    api.create({ collection: "contacts", data: { lastname: word } })
    api.update({ collection: "accounts", key: account, data: { name: `${word} 2` } })
    api.upsert({ collection: "accounts", key: account, data: { fax: "1" } })
    api.updateSingleProperty({ collection: "accounts", key: account, fieldValuePair: { telephone1: "555-0100" } })

    const [contact] = await api.executeBatch()

    const row = await web.row(`accounts(${account})`)
    assert.equal((await web.row(`contacts(${contact})`)).lastname, word)
    assert.deepEqual([row.name, row.fax, row.telephone1], [`${word} 2`, "1", "555-0100"])
  },

  "a later request of a change set refers to an earlier one": async ({ api, web, word }) => {
    api.startBatch()
    api.create({ collection: "contacts", data: { lastname: word }, contentId: "1" })
    api.create({ collection: "accounts", data: { name: word, "primarycontactid@odata.bind": "$1" }, contentId: "2" })
    api.update({ contentId: "$1", data: { firstname: "Kim" } })

    const [contact, account] = await api.executeBatch()

    const row = await web.row(`accounts(${account})?$expand=primarycontactid($select=fullname)`)
    assert.deepEqual(row.primarycontactid.fullname, `Kim ${word}`)
    assert.equal(row._primarycontactid_value, contact)
  },

  "a change set is undone as a whole": async ({ api, web, word }) => {
    api.startBatch()
    api.create({ collection: "accounts", data: { name: word } })
    api.create({ collection: "accounts", data: { nosuch: word } })

    const [refused] = await trouble(api.executeBatch())

    assert.deepEqual([refused.status, refused.error.code], [400, "0x80048d19"])
    assert.deepEqual(await web.names("accounts", word), [])
  },

  "questions are answered in their order": async ({ api, web, word }) => {
    const key = await web.create("accounts", { name: word })
    const filter = `startswith(name,'${word}')`
    const fetchXml = `<fetch><entity name="account"><attribute name="name"/><filter>
      <condition attribute="accountid" operator="eq" value="${key}"/></filter></entity></fetch>`
    api.startBatch()
    api.retrieveMultiple({ collection: "accounts", filter, select: ["name"], count: true })
    api.retrieve({ collection: "accounts", key, select: ["name"] })
    api.count({ collection: "accounts", filter })
    api.callFunction("WhoAmI")
    api.fetch({ collection: "accounts", fetchXml })

    const [list, row, count, me, fetched] = await api.executeBatch()

    assert.deepEqual([list.value[0].accountid, list.oDataCount], [key, 1])
    assert.deepEqual([row.name, count], [word, 1])
    assert.equal(me.UserId, (await web.row("WhoAmI")).UserId)
    assert.equal(fetched.value[0].name, word)
  },

  "questions and changes are mixed": async ({ api, web, word }) => {
    api.startBatch()
    api.create({ collection: "accounts", data: { name: `${word} 1` } })
    api.create({ collection: "accounts", data: { name: `${word} 2` } })
    api.retrieveMultiple({ collection: "accounts", filter: `startswith(name,'${word}')`, select: ["name"] })
    api.create({ collection: "accounts", data: { name: `${word} 3` } })

    const [first, , seen, third] = await api.executeBatch()

    assert.deepEqual(seen.value.map((row) => row.name).sort(), [`${word} 1`, `${word} 2`])
    assert.deepEqual(await web.names("accounts", word), [1, 2, 3].map((number) => `${word} ${number}`))
    assert.notEqual(first, third)
  },

  "a batch ends at a failure": async ({ api, web, word }) => {
    api.startBatch()
    api.create({ collection: "accounts", data: { name: `${word} 1` }, inChangeSet: false })
    api.create({ collection: "accounts", data: { nosuch: 1 }, inChangeSet: false })
    api.create({ collection: "accounts", data: { name: `${word} 3` }, inChangeSet: false })

    await trouble(api.executeBatch())

    assert.deepEqual(await web.names("accounts", word), [`${word} 1`])
  },

  "a batch goes on after a failure when it is told to": async ({ api, web, word }) => {
    api.startBatch()
    api.create({ collection: "accounts", data: { name: `${word} 1` }, inChangeSet: false })
    api.create({ collection: "accounts", data: { nosuch: 1 }, inChangeSet: false })
    api.create({ collection: "accounts", data: { name: `${word} 3` }, inChangeSet: false })

    const [, refused, third] = await api.executeBatch({ continueOnError: true })

    assert.equal(refused.error.code, "0x80048d19")
    assert.equal((await web.row(`accounts(${third})`)).name, `${word} 3`)
    assert.deepEqual(await web.names("accounts", word), [`${word} 1`, `${word} 3`])
  },

  "rows are deleted and linked in a batch": async ({ api, web, word }) => {
    const [old, account] = [await web.create("accounts", { name: word }), await web.create("accounts", { name: word })]
    const contact = await web.create("contacts", { lastname: word })
    const link = { collection: "accounts", primaryKey: account, relatedCollection: "contacts", relatedKey: contact }
    api.startBatch()
    api.deleteRecord({ collection: "accounts", key: old })
    api.associate({ ...link, relationshipName: "contact_customer_accounts" })
    api.associateSingleValued({ ...link, navigationProperty: "primarycontactid" })

    await api.executeBatch()

    assert.equal(await web.status(`accounts(${old})`), 404)
    assert.equal((await web.row(`accounts(${account})`))._primarycontactid_value, contact)
    assert.equal((await web.row(`contacts(${contact})`))._parentcustomerid_value, account)
  },
}
