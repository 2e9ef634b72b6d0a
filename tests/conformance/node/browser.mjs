// What dataverse-webapi finds in a browser: its other transport, for Node, speaks nothing but https on port 443.
export class XMLHttpRequest {
  readyState = 0
  status = 0
  response = ""
  #request = { headers: {} }
  #answered = new Headers()

  open(method, url) {
    this.#request = { method, url, headers: {} }
  }

  setRequestHeader(name, value) {
    this.#request.headers[name] = value
  }

  getAllResponseHeaders() {
    return [...this.#answered].map(([name, value]) => `${name}: ${value}\r\n`).join("")
  }

  async send(body) {
    const { url, ...request } = this.#request
    const answer = await fetch(url, { ...request, body })
    this.response = await answer.text()
    this.#answered = answer.headers
    this.status = answer.status
    this.readyState = 4
    this.onreadystatechange()
  }
}
