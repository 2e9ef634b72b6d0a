"""A Dataverse Web API in one process on SQLite, for development and tests. Knows nothing of who uses it."""
