// Functions and actions, bound to rows or not, in one's own name or another's.
import assert from "node:assert/strict"

const type = (name) => ({ "@odata.type": `Microsoft.Dynamics.CRM.${name}` })

const newUser = async (web, word, more = {}) => {
  const unit = (await web.row("businessunits")).value[0].businessunitid
  const bind = { "businessunitid@odata.bind": `/businessunits(${unit})` }
  return web.create("systemusers", { firstname: "Kim", lastname: word, ...bind, ...more })
}

const giveRole = async (web, user, name) => {
  const role = (await web.row(`roles?$filter=name eq '${name}'`)).value[0].roleid
  const link = { "@odata.id": `${web.root}roles(${role})` }
  await web.request("POST", `systemusers(${user})/systemuserroles_association/$ref`, link)
}

export default {
  "a client learns who it is": async ({ api, web }) => {
    const me = await api.callFunction("WhoAmI")

    const row = await web.row(`systemusers(${me.UserId})`)
    assert.deepEqual([row._businessunitid_value, row._organizationid_value ?? me.OrganizationId], [
      me.BusinessUnitId,
      me.OrganizationId,
    ])
  },

  "a function with parameters counts the rows of a table": async ({ api, web }) => {
    const parameters = { EntityNames: ["account"] }

    const found = await api.callFunction({ name: "RetrieveTotalRecordCount", parameters })

    const { Keys, Values } = found.EntityRecordCountCollection
    assert.deepEqual(Keys, ["account"])
    assert.equal(Values[0], (await web.row("accounts?$count=true&$top=1&$select=name"))["@odata.count"])
  },

  "a function bound to a user tells what the user may do": async ({ api, web, word }) => {
    const account = await web.create("accounts", { name: word })
    const user = await newUser(web, word)
    const request = {
      name: "Microsoft.Dynamics.CRM.RetrievePrincipalAccess",
      collection: "systemusers",
      parameters: { Target: { "@odata.id": `accounts(${account})` } },
    }

    const mine = await api.callFunction({ ...request, key: (await api.callFunction("WhoAmI")).UserId })
    const theirs = await api.callFunction({ ...request, key: user })

    assert.match(mine.AccessRights, /ReadAccess.*WriteAccess/)
    assert.equal(theirs.AccessRights, "None")
  },

  "a seller is notified": async ({ api, web, word }) => {
    const user = await newUser(web, word)
    await giveRole(web, user, "Salesperson")
    const Actions = {
      ...type("expando"),
      "actions@odata.type": "#Collection(Microsoft.Dynamics.CRM.expando)",
      actions: [
        {
          title: "Open",
          data: { ...type("expando"), type: "url", url: "?pagetype=entityrecord", navigationTarget: "newWindow" },
        },
      ],
    }

    const { NotificationId } = await api.callAction({
      actionName: "SendAppNotification",
      action: { Title: word, Body: "A text", Recipient: `/systemusers(${user})`, IconType: 100000000, Actions },
    })

    const row = await web.row(`appnotifications(${NotificationId})`)
    assert.deepEqual([row.title, row.body, row._ownerid_value], [word, "A text", user])
    assert.equal(JSON.parse(row.data).actions[0].title, "Open")
  },

  "a row is shared and taken back": async ({ api, web, word }) => {
    const account = await web.create("accounts", { name: word })
    const user = await newUser(web, word)
    await giveRole(web, user, "Salesperson")
    const Target = { accountid: account, ...type("account") }
    const Principal = { systemuserid: user, ...type("systemuser") }
    const shared = async () => {
      const target = encodeURIComponent(JSON.stringify({ "@odata.id": `accounts(${account})` }))
      return (await web.row(`RetrieveSharedPrincipalsAndAccess(Target=@t)?@t=${target}`)).PrincipalAccesses
    }

    const PrincipalAccess = { Principal, AccessMask: "ReadAccess,WriteAccess" }
    await api.callAction({ actionName: "GrantAccess", action: { Target, PrincipalAccess } })
    assert.deepEqual((await shared()).map((each) => each.Principal.ownerid), [user])

    await api.callAction({ actionName: "RevokeAccess", action: { Target, Revokee: Principal } })
    assert.deepEqual(await shared(), [])
  },

  "an action bound to a team makes members": async ({ api, web, word }) => {
    const user = await newUser(web, word)
    const unit = (await web.row("businessunits")).value[0].businessunitid
    const bind = { "businessunitid@odata.bind": `/businessunits(${unit})` }
    const key = await web.create("teams", { name: word, ...bind })

    const Members = [{ systemuserid: user, ...type("systemuser") }]
    const actionName = "Microsoft.Dynamics.CRM.AddMembersTeam"
    await api.callAction({ collection: "teams", key, actionName, action: { Members } })

    const { value } = await web.row(`systemusers(${user})/teammembership_association`)
    assert.ok(value.some((team) => team.teamid === key))
  },

  "an opportunity is won": async ({ api, web, word }) => {
    const key = await web.create("opportunities", { name: word })
    const OpportunityClose = { subject: "Won", "opportunityid@odata.bind": `/opportunities(${key})` }

    await api.callAction({ actionName: "WinOpportunity", action: { Status: 3, OpportunityClose } })

    const row = await web.row(`opportunities(${key})`)
    assert.deepEqual([row.statecode, row.statuscode], [1, 3])
  },

  "a phone call is put into a queue": async ({ api, web, word }) => {
    const key = await web.create("queues", { name: word })
    const call = await web.create("phonecalls", { subject: word })

    const { QueueItemId } = await api.callAction({
      collection: "queues",
      key,
      actionName: "Microsoft.Dynamics.CRM.AddToQueue",
      action: { Target: { activityid: call, ...type("phonecall") } },
    })

    const row = await web.row(`queueitems(${QueueItemId})`)
    assert.deepEqual([row._queueid_value, row._objectid_value], [key, call])
  },

  "many rows are created by one action": async ({ api, web, word }) => {
    const Targets = [1, 2, 3].map((number) => ({ ...type("account"), name: `${word} ${number}` }))
    const actionName = "Microsoft.Dynamics.CRM.CreateMultiple"

    const { Ids } = await api.callAction({ collection: "accounts", actionName, action: { Targets } })

    assert.equal((await web.row(`accounts(${Ids[1]})`)).name, `${word} 2`)
    assert.deepEqual(await web.names("accounts", word), [1, 2, 3].map((number) => `${word} ${number}`))
  },

  "a client acts for another user": async ({ api, web, word }) => {
    const user = await newUser(web, word)
    await giveRole(web, user, "System Administrator")

    const key = await api.create({ collection: "accounts", data: { name: word }, impersonate: user })

    const me = (await api.callFunction("WhoAmI")).UserId
    const row = await web.row(`accounts(${key})`)
    assert.deepEqual([row._createdby_value, row._ownerid_value, row._createdonbehalfby_value], [user, user, me])
  },

  "a client acts for another user, named as Entra names it": async ({ connect, web, word, newId }) => {
    const azureactivedirectoryobjectid = newId()
    const user = await newUser(web, word, { azureactivedirectoryobjectid })
    await giveRole(web, user, "Salesperson")
    await web.create("accounts", { name: word })
    const api = connect({ impersonateAAD: azureactivedirectoryobjectid })

    assert.equal((await api.callFunction("WhoAmI")).UserId, user)
    const seen = await api.retrieveMultiple({ collection: "accounts", filter: `name eq '${word}'` })
    assert.deepEqual(seen.value, [])
  },

  "an operation that the emulator does not have is refused in plain words": async ({ api }) => {
    const refused = { status: 501, message: /does not support the operation/ }

    await assert.rejects(api.callAction({ actionName: "ExportPdfDocument", action: {} }), refused)
  },
}
