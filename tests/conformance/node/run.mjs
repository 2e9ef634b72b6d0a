// Runs all cases against the emulator at the address given, and prints one JSON object a line: a case and its outcome.
// usage: node run.mjs FOLDER ADDRESS   (FOLDER is where the packages of package.json are installed)
import { createRequire } from "node:module"
import { randomUUID } from "node:crypto"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

import { XMLHttpRequest } from "./browser.mjs"
import batches from "./cases/batches.mjs"
import definitions from "./cases/definitions.mjs"
import links from "./cases/links.mjs"
import operations from "./cases/operations.mjs"
import queries from "./cases/queries.mjs"
import rows from "./cases/rows.mjs"
import viaWebapi from "./cases/webapi.mjs"

const [folder, url] = process.argv.slice(2)
const { DynamicsWebApi } = createRequire(join(folder, "package.json"))("dynamics-web-api")
const { default: webapi } = await import(pathToFileURL(join(folder, "node_modules/dataverse-webapi/lib/index.js")))
globalThis.XMLHttpRequest = XMLHttpRequest
const root = `${url}/api/data/v9.2/`

// Plain HTTP, to look up what the client has done.
const web = {
  root,
  async request(method, path, body) {
    const headers = { Authorization: "Bearer any", "Content-Type": "application/json" }
    const answer = await fetch(root + path, { method, headers, body: body && JSON.stringify(body) })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined }
  },
  async status(path) {
    return (await web.request("GET", path)).status
  },
  async row(path) {
    const { status, body } = await web.request("GET", path)
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  },
  async names(entitySet, word) {
    const path = `${entitySet}?$select=name&$filter=startswith(name,'${word}')&$orderby=name`
    return (await web.row(path)).value.map((row) => row.name)
  },
  async create(entitySet, data) {
    const { status, headers, body } = await web.request("POST", entitySet, data)
    if (status !== 204) throw new Error(`POST ${entitySet}: ${status} ${JSON.stringify(body)}`)
    return headers.get("OData-EntityId").match(/\(([^)]*)\)$/)[1]
  },
}

const connect = (more = {}) =>
  new DynamicsWebApi({ serverUrl: url, dataApi: { version: "9.2" }, onTokenRefresh: async () => "any", ...more })

// What a client throws where nobody can catch it ends its case, not the run.
let fail
process.on("uncaughtException", (error) => fail(error))

const cases = { ...rows, ...queries, ...links, ...operations, ...batches, ...definitions, ...viaWebapi }
for (const [name, run] of Object.entries(cases)) {
  let trouble = null
  const config = new webapi.WebApiConfig("9.2", "any", url)
  const word = `w${randomUUID().slice(0, 8)}`
  const failed = new Promise((_, reject) => (fail = reject))
  const timer = setTimeout(() => fail(new Error("it did not end within 20 s")), 20_000)
  try {
    await Promise.race([run({ api: connect(), connect, webapi, config, web, word, newId: randomUUID }), failed])
  } catch (error) {
    trouble = error.stack ?? JSON.stringify(error, null, 1)
    if (error.status) trouble = `${error.status} ${error.code} ${trouble}`
  }
  clearTimeout(timer)
  console.log(JSON.stringify({ name, trouble }))
}
