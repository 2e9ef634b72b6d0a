"""A generic client of the Dataverse Web API v9.2: it knows nothing of text messages.

Without I/O: `request` (requests and answers as values), `literals` and `keys` for paths, `batch` over `multipart`,
`errors`, `retry`. With it: `transport` sends, `auth` gets tokens, `client` puts everything together. On top of it:
`changes` (what changed since the last time), `parallel` (many calls at once).
"""
