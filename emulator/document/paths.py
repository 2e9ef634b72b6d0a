"""The forms of a path under the service root, each with the methods that it is served for."""

from __future__ import annotations

# The contact, account and activity that stand for all rows; a test asks for every form by every method.
PATHS: dict[str, tuple[str, str]] = {
    "": ("GET", "the service document"),
    "$metadata": ("GET", "the schema as CSDL"),
    "$batch": ("POST", "many requests in one, change sets among them"),
    "contacts": ("GET POST", "rows of a table: OData, FetchXML or changes since; a new row, with rows nested in it"),
    "contacts/$count": ("GET", "how many, 5,000 at most"),
    "contacts(id)": ("GET PATCH DELETE", "a row by id or alternate key; PATCH makes it where it is not there"),
    "contacts(id)/fullname": ("GET PUT DELETE", "one column"),
    "contacts(id)/fullname/$value": ("GET", "its bare value"),
    "contacts(id)/parentcustomerid_account": ("GET", "the row that a lookup points to"),
    "contacts(id)/parentcustomerid_account/$ref": ("GET PUT DELETE", "its address; point to another, or to none"),
    "accounts(id)/contact_customer_accounts": ("GET", "the rows of a collection, with all query options"),
    "accounts(id)/contact_customer_accounts(id)": ("GET", "one row of it"),
    "accounts(id)/contact_customer_accounts/$count": ("GET", "how many there are"),
    "accounts(id)/contact_customer_accounts/$ref": ("GET POST DELETE", "their addresses; put a row in, or take it out"),
    "phonecalls(id)/phonecall_activity_parties": ("GET PUT", "the parties of an activity; PUT replaces them"),
    "EntityDefinitions": ("GET POST", "tables; POST makes one"),
    "EntityDefinitions(id)": ("GET PUT DELETE", "a table by `LogicalName='…'` or metadata id"),
    "EntityDefinitions(id)/Attributes": ("GET POST", "its columns, also cast to a type; POST makes one"),
    "EntityDefinitions(id)/Attributes(id)": ("GET PUT DELETE", "a column"),
    "EntityDefinitions(id)/Keys": ("GET POST", "its alternate keys; POST makes one"),
    "EntityDefinitions(id)/Keys(id)": ("GET DELETE", "an alternate key"),
    "EntityDefinitions(id)/OneToManyRelationships": ("GET", "relationships; also ManyToOne… and ManyToMany…"),
    "RelationshipDefinitions": ("GET POST", "relationships; POST makes one"),
    "RelationshipDefinitions(id)": ("GET PUT DELETE", "a relationship by `SchemaName='…'` or metadata id"),
    "GlobalOptionSetDefinitions": ("GET POST", "global choices; POST makes one"),
    "GlobalOptionSetDefinitions(id)": ("GET PUT DELETE", "a global choice by `Name='…'` or metadata id"),
}
