// Rows that point to each other.
import assert from "node:assert/strict"

const pair = async (web, word) => [
  await web.create("accounts", { name: word }),
  await web.create("contacts", { lastname: word }),
]

export default {
  "a row is put below another and taken away again": async ({ api, web, word }) => {
    const [primaryKey, relatedKey] = await pair(web, word)
    const request = { collection: "accounts", primaryKey, relationshipName: "contact_customer_accounts", relatedKey }

    await api.associate({ ...request, relatedCollection: "contacts" })
    assert.equal((await web.row(`contacts(${relatedKey})`))._parentcustomerid_value, primaryKey)

    await api.disassociate(request)
    assert.equal((await web.row(`contacts(${relatedKey})`))._parentcustomerid_value, null)
  },

  "a row points to another, and then to none": async ({ api, web, word }) => {
    const [primaryKey, relatedKey] = await pair(web, word)
    const request = { collection: "accounts", primaryKey, navigationProperty: "primarycontactid" }

    await api.associateSingleValued({ ...request, relatedCollection: "contacts", relatedKey })
    assert.equal((await web.row(`accounts(${primaryKey})`))._primarycontactid_value, relatedKey)

    await api.disassociateSingleValued(request)
    assert.equal((await web.row(`accounts(${primaryKey})`))._primarycontactid_value, null)
  },

  "many point to many": async ({ api, web, word, newId }) => {
    const unit = (await web.row("businessunits")).value[0].businessunitid
    const bind = { "businessunitid@odata.bind": `/businessunits(${unit})` }
    const user = await web.create("systemusers", { firstname: "Kim", lastname: word, ...bind })
    const team = await web.create("teams", { name: word, ...bind })
    const request = { collection: "teams", primaryKey: team, relationshipName: "teammembership_association" }
    const members = async () => (await web.row(`teams(${team})/teammembership_association`)).value

    await api.associate({ ...request, relatedCollection: "systemusers", relatedKey: user })
    assert.deepEqual((await members()).map((row) => row.systemuserid), [user])

    await api.disassociate({ ...request, relatedKey: user })
    assert.deepEqual(await members(), [])
  },

  "a row is read by way of another": async ({ api, web, word }) => {
    const [account, contact] = await pair(web, word)
    await web.request("PATCH", `contacts(${contact})`, { "parentcustomerid_account@odata.bind": `/accounts(${account})` })
    const select = ["lastname"]
    const below = { collection: "accounts", key: account, navigationProperty: "contact_customer_accounts", select }

    const up = { collection: "contacts", key: contact, navigationProperty: "parentcustomerid_account" }
    assert.equal((await api.retrieve({ ...up, select: ["name"] })).accountid, account)
    assert.deepEqual((await api.retrieve(below)).value.map((row) => row.contactid), [contact])
    assert.equal((await api.retrieve({ ...below, navigationPropertyKey: contact })).lastname, word)
  },

  "only the address of a row is asked for": async ({ api, web, word }) => {
    const [account, contact] = await pair(web, word)
    await web.request("PATCH", `contacts(${contact})`, { "parentcustomerid_account@odata.bind": `/accounts(${account})` })

    const link = await api.retrieve({ collection: "contacts", key: contact, select: ["/parentcustomerid_account/$ref"] })

    assert.deepEqual([link.collection, link.id], ["accounts", account])
  },
}
