"""`$metadata`: the schema in OData's Common Schema Definition Language, as XML."""
