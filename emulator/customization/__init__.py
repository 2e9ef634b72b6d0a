"""Changes to the schema over HTTP: definitions that are posted, put and deleted, and the actions beside them."""
