"""FetchXML: Dataverse's own query language, answered from SQLite."""
