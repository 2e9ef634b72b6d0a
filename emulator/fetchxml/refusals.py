"""What Dataverse answers to a query that it refuses: always 400, with a code of Learn's "Web service error codes"."""

from __future__ import annotations

from emulator.errors import DataverseError

INVALID_XML = ("0x80040201", "Invalid XML.")
INVALID_ARGUMENT = ("0x80040203", "Invalid argument.")
ENTITY_NOT_FOUND = ("0x80041102", "The specified entity was not found.")
NO_ENTITY_NAME = ("0x80041102", "Entity Name was not specified in FetchXml String.")
ATTRIBUTE_NOT_FOUND = ("0x80041103", "The specified attribute does not exist on this entity.")
PLAIN_ATTRIBUTE = ("0x80041107", "Attributes can not be returned when aggregate operation is specified.")
INVALID_ALIAS = ("0x80041109", "Invalid alias for aggregate operation.")
UNKNOWN_ALIAS = ("0x8004110a", "The specified alias for the given entity in the condition does not exist.")
NOT_POSITIVE = ("0x8004110c", "A value greater than zero must be specified.")
SEVERAL_INTERSECTS = ("0x8004110e", "More than one intersect entity exists between the two entities specified.")
INVALID_LINK_TYPE = ("0x80041117", "The link-type is not valid here.")
INVALID_AGGREGATE = ("0x8004111a", "An error occurred while processing Aggregates in Query")
INVALID_NODE = ("0x8004111c", "The element node encountered is invalid.")
MISSING_ATTRIBUTE = ("0x8004111e", "A required attribute was not specified.")
INVALID_OPERATOR = ("0x80041120", "Unsupported condition operator.")
INVALID_FILTER_TYPE = ("0x80041122", "Unsupported filter type. Valid values are 'and', or 'or'.")
OTHER_ENTITY = (
    "0x80041128",
    "The entity name specified in fetchxml does not match the entity name specified in the Entity or Query Expression.",
)
OTHER_ORDER = ("0x80041129", "Order by columns do not match those in paging cookie.")
INVALID_COOKIE = ("0x8004112a", "Invalid page number in paging cookie.")
UNFIT_AGGREGATE = ("0x8004112f", "The aggregate is not supported for this type of attribute.")
SAME_ALIAS = ("0x80041130", "FetchXML should have unique aliases.")
ORDER_BY_ATTRIBUTE = (
    "0x80041131",
    "An attribute cannot be specified for an order clause for an aggregate Query. Use an alias.",
)
ORDER_BY_ALIAS = (
    "0x80041132",
    "An alias cannot be specified for an order clause for a non-aggregate Query. Use an attribute.",
)
ORDER_BY_NOTHING = ("0x80041133", "An attribute is required for an order clause for a non-aggregate Query.")
AGGREGATE_ORDER_BY_NOTHING = ("0x80041134", "An alias is required for an order clause for an aggregate Query.")
INVALID_DATE_GROUPING = ("0x80041135", "An invalid value was specified for dategrouping.")
GROUP_AND_AGGREGATE = ("0x80041137", "An attribute can either be an aggregate or a Group By but not both")
INVALID_VALUE = ("0x80041139", "The attribute value provided is invalid.")
NO_COOKIE = ("0x8004430a", "Over upper limit of records that can be requested without a paging cookie.")
SQL_TIMEOUT = ("0x80044151", "SQL timeout expired.")
TOO_MANY_CONDITIONS = ("0x8004430c", "Number of conditions in query exceeded maximum limit.")
TOO_MANY_LINKS = ("0x8004430d", "Number of link entities in query exceeded maximum limit.")
TOO_MANY_RECORDS = ("0x8004e023", "AggregateQueryRecordLimit exceeded. Cannot perform this operation.")


def refused(why: tuple[str, str], message: str | None = None) -> DataverseError:
    """The refusal with a code and, unless there is more to say, its usual message."""
    code, usual = why
    return DataverseError(400, code, message or usual)
