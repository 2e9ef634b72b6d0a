"""A generic client of the Dataverse Web API v9.2: it knows nothing of text messages.

Without I/O: `request` (requests and answers as values), `literals`, `batch` over `multipart`, `errors`, `retry`.
With it: `transport` sends, `auth` gets tokens, `client` puts everything together.
"""
