"""Change tracking: what was created, changed and deleted in a table since a client last asked."""
