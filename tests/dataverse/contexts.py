"""Bodies as Dataverse posts them to webhooks (Microsoft Learn, "Use webhooks", the example)."""

from __future__ import annotations

import json
from collections.abc import Mapping

CONTRACTS = "http://schemas.microsoft.com/xrm/2011/Contracts"
ROW = "0b000000-0000-4000-8000-00000000000a"
OPERATION = "0b000000-0000-4000-8000-00000000000b"
CORRELATION = "0b000000-0000-4000-8000-00000000000c"
NOBODY = "00000000-0000-0000-0000-000000000000"


def choice(value: int) -> dict[str, object]:
    """The value of a choice column."""
    return {"__type": f"OptionSetValue:{CONTRACTS}", "Value": value}


def reference(table: str, row: str = ROW) -> dict[str, object]:
    """The value of a lookup."""
    members = {"Id": row, "KeyAttributes": [], "LogicalName": table, "Name": None, "RowVersion": None}
    return {"__type": f"EntityReference:{CONTRACTS}", **members}


def pairs(values: Mapping[str, object]) -> list[dict[str, object]]:
    """A dictionary, as it is written."""
    return [{"key": name, "value": value} for name, value in values.items()]


def context(message: str, table: str, written: Mapping[str, object] | None = None) -> dict[str, object]:
    """One message about the row `ROW` of a table, with the columns that were written."""
    entity = {
        "__type": f"Entity:{CONTRACTS}",
        "Attributes": pairs(written or {}),
        "EntityState": None,
        "FormattedValues": [],
        "Id": ROW,
        "KeyAttributes": [],
        "LogicalName": table,
        "RelatedEntities": [],
        "RowVersion": None,
    }
    return {
        "BusinessUnitId": NOBODY,
        "CorrelationId": CORRELATION,
        "Depth": 1,
        "InitiatingUserId": NOBODY,
        "InputParameters": pairs({"Target": reference(table) if message == "Delete" else entity}),
        "IsExecutingOffline": False,
        "IsInTransaction": False,
        "IsOfflinePlayback": False,
        "IsolationMode": 1,
        "MessageName": message,
        "Mode": 1,
        "OperationCreatedOn": "/Date(1700000000000-0700)/",
        "OperationId": OPERATION,
        "OrganizationId": NOBODY,
        "OrganizationName": "contoso",
        "OutputParameters": [],
        "OwningExtension": reference("sdkmessageprocessingstep"),
        "ParentContext": None,
        "PostEntityImages": [],
        "PreEntityImages": [],
        "PrimaryEntityId": ROW,
        "PrimaryEntityName": table,
        "RequestId": OPERATION,
        "SecondaryEntityName": "none",
        "SharedVariables": pairs({"IsAutoTransact": True}),
        "Stage": 40,
        "UserId": NOBODY,
    }


def body(posted: Mapping[str, object]) -> bytes:
    r"""The text of a context, with slashes escaped as .NET does."""
    return json.dumps(posted, separators=(",", ":")).replace("/", "\\/").encode()
