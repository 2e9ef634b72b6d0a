"""OData queries of the Dataverse Web API, answered from SQLite."""
