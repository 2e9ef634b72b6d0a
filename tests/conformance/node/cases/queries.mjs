// Many rows: filters, pages, counting, aggregates, FetchXML, changes since last time.
import assert from "node:assert/strict"

const COOKIE = "Microsoft.Dynamics.CRM.*" // without it Dataverse keeps the paging cookie of FetchXML to itself

const many = async (web, word, count) => {
  const ids = []
  for (let number = 0; number < count; number++) {
    ids.push(await web.create("accounts", { name: `${word} ${number}`, creditlimit: number % 2 }))
  }
  return ids
}

const fetchXml = (word, more = "") =>
  `<fetch mapping="logical" ${more}><entity name="account"><attribute name="name"/><order attribute="name"/>
   <filter><condition attribute="name" operator="like" value="${word}%"/></filter></entity></fetch>`

export default {
  "rows are filtered, sorted and cut off": async ({ api, web, word }) => {
    const ids = await many(web, word, 5)

    const { value } = await api.retrieveMultiple({
      collection: "accounts",
      select: ["name"],
      filter: `startswith(name,'${word}') and accountid ne {${ids[4]}}`,
      orderBy: ["name desc"],
      top: 2,
    })

    assert.deepEqual(value.map((row) => row.accountid), [ids[3], ids[2]])
  },

  "pages are followed by their links": async ({ api, web, word }) => {
    const ids = await many(web, word, 7)
    const request = { collection: "accounts", select: ["name"], orderBy: ["name"], maxPageSize: 3, count: true }
    request.filter = `startswith(name,'${word}')`

    const pages = [await api.retrieveMultiple(request)]
    while (pages.at(-1).oDataNextLink) pages.push(await api.retrieveMultiple(request, pages.at(-1).oDataNextLink))

    assert.deepEqual(pages.map((page) => page.value.length), [3, 3, 1])
    assert.equal(pages[0].oDataCount, 7)
    assert.deepEqual(pages.flatMap((page) => page.value).map((row) => row.accountid), ids)
  },

  "all pages come as one": async ({ api, web, word }) => {
    await many(web, word, 5)
    const request = { collection: "accounts", select: ["name"], maxPageSize: 2, filter: `startswith(name,'${word}')` }

    const names = (await api.retrieveAll(request)).value.map((row) => row.name)

    assert.deepEqual(names.sort(), await web.names("accounts", word))
  },

  "the rows below a row come with it": async ({ api, web, word }) => {
    const [account] = await many(web, word, 1)
    for (const number of [1, 2, 3]) {
      const bind = { "parentcustomerid_account@odata.bind": `/accounts(${account})` }
      await web.create("contacts", { lastname: `${word} ${number}`, ...bind })
    }

    const { value } = await api.retrieveMultiple({
      collection: "accounts",
      select: ["name"],
      filter: `accountid eq ${account}`,
      expand: [
        {
          property: "contact_customer_accounts",
          select: ["lastname"],
          filter: `not endswith(lastname,'2')`,
          orderBy: ["lastname desc"],
        },
      ],
    })

    const below = value[0].contact_customer_accounts.map((contact) => contact.lastname)
    assert.deepEqual(below, [`${word} 3`, `${word} 1`])
  },

  "rows are counted": async ({ api, web, word }) => {
    await many(web, word, 4)
    const filter = `startswith(name,'${word}')`

    assert.equal(await api.count({ collection: "accounts", filter }), 4)
    assert.equal(await api.countAll({ collection: "accounts", filter, select: ["name"] }), 4)
    assert.equal(await api.count({ collection: "accounts" }), (await web.row("accounts?$count=true"))["@odata.count"])
  },

  "rows are grouped and summed": async ({ api, web, word }) => {
    await many(web, word, 5)
    const apply = `filter(startswith(name,'${word}'))/groupby((creditlimit),aggregate($count as many))`

    const { value } = await api.retrieveMultiple({ collection: "accounts", apply })

    const found = value.map((row) => [row.creditlimit, row.many]).sort()
    assert.deepEqual(found, [[0, 3], [1, 2]])
  },

  "FetchXML finds rows": async ({ api, web, word }) => {
    const ids = await many(web, word, 3)

    const { value } = await api.fetch({ collection: "accounts", fetchXml: fetchXml(word), includeAnnotations: "*" })

    assert.deepEqual(value.map((row) => row.accountid), ids)
  },

  "FetchXML gives page after page": async ({ api, web, word }) => {
    const ids = await many(web, word, 5)
    const request = { collection: "accounts", fetchXml: fetchXml(word, 'count="2"'), includeAnnotations: COOKIE }

    const pages = [await api.fetch(request)]
    while (pages.at(-1).PagingInfo) {
      const { nextPage: pageNumber, cookie: pagingCookie } = pages.at(-1).PagingInfo
      pages.push(await api.fetch({ ...request, pageNumber, pagingCookie }))
    }

    assert.deepEqual(pages.map((page) => page.value.length), [2, 2, 1])
    assert.deepEqual(pages.flatMap((page) => page.value).map((row) => row.accountid), ids)
  },

  "FetchXML gives all pages as one": async ({ api, web, word }) => {
    const ids = await many(web, word, 5)

    const request = { collection: "accounts", fetchXml: fetchXml(word, 'count="2"'), includeAnnotations: COOKIE }

    const { value } = await api.fetchAll(request)

    assert.deepEqual(value.map((row) => row.accountid), ids)
  },

  "a long FetchXML goes out in a batch": async ({ api, web, word }) => {
    const ids = await many(web, word, 2)
    const values = Array.from({ length: 150 }, (_, number) => `<value>${word} ${number}</value>`).join("")
    const long = `<fetch><entity name="account"><attribute name="name"/><order attribute="name"/><filter>
      <condition attribute="name" operator="in">${values}</condition></filter></entity></fetch>`

    const { value } = await api.fetch({ collection: "accounts", fetchXml: long })

    assert.deepEqual(value.map((row) => row.accountid), ids)
    const log = await (await fetch(web.root.replace("api/data/v9.2/", "_emulator/requests"))).json()
    assert.ok(JSON.stringify(log).includes("$batch"))
  },

  "a saved query is run": async ({ api, web, word }) => {
    const ids = await many(web, word, 3)
    const layoutxml = `<grid name="resultset" object="1" jump="name" select="1" icon="1" preview="1">
      <row name="result" id="accountid"><cell name="name" width="200"/></row></grid>`
    const view = { name: word, returnedtypecode: "account", querytype: 0, fetchxml: fetchXml(word), layoutxml }
    const savedQuery = await web.create("savedqueries", view)

    const { value } = await api.retrieve({ collection: "accounts", savedQuery })

    assert.deepEqual(value.map((row) => row.accountid), ids)
  },

  "what changed since last time is told": async ({ api, web, word }) => {
    const [first, second] = await many(web, word, 2)
    const request = { collection: "accounts", select: ["name"], trackChanges: true }
    let page = await api.retrieveMultiple(request)
    while (page.oDataNextLink) page = await api.retrieveMultiple(request, page.oDataNextLink)

    await web.request("PATCH", `accounts(${first})`, { name: `${word} changed` })
    await web.request("DELETE", `accounts(${second})`)
    const third = await web.create("accounts", { name: `${word} new` })
    const { value, oDataDeltaLink } = await api.retrieveMultiple(request, page.oDataDeltaLink)

    const names = Object.fromEntries(value.filter((row) => row.name).map((row) => [row.accountid, row.name]))
    assert.deepEqual(names, { [first]: `${word} changed`, [third]: `${word} new` })
    assert.deepEqual(value.filter((row) => row.reason === "deleted").map((row) => row.id), [second])
    assert.deepEqual((await api.retrieveMultiple(request, oDataDeltaLink)).value, [])
  },

  "what Dataverse does not understand is refused": async ({ api }) => {
    const refused = { status: 400, code: "0x80060888" }

    for (const filter of ["name in ('A','B')", "nosuch eq 1", "name eq"]) {
      await assert.rejects(api.retrieveMultiple({ collection: "accounts", filter }), refused)
    }
    await assert.rejects(api.retrieveMultiple({ collection: "accounts", queryParams: ["$skip=1"] }), { status: 400 })
    await assert.rejects(api.retrieveMultiple({ collection: "nosuchset" }), { status: 404 })
  },
}
