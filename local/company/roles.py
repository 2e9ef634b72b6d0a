"""A declared security role, made in Dataverse. Safe to repeat: what the role holds already stays."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from dataverse.schema.components import Role
from dataverse.store.queries import get
from dataverse.webapi.client import Client
from dataverse.webapi.literals import in_list
from dataverse.webapi.request import Request
from messaging.errors import AlreadyExists

_ROOT_UNIT = "businessunits?$select=businessunitid&$filter=_parentbusinessunitid_value eq null"


def make(client: Client, role: Role) -> UUID:
    """The role in the root business unit, with its privileges. Raises LookupError for a privilege that there is not."""
    (unit,) = client.rows(get(_ROOT_UNIT).path)
    body = {
        "name": role.name,
        "description": role.description,
        "businessunitid@odata.bind": f"/businessunits({unit['businessunitid']})",
    }
    with suppress(AlreadyExists):
        new = {"If-None-Match": "*"}
        client.send(Request(method="PATCH", path=f"roles({role.id})", headers=new, body=body, repeatable=True))
    path = f"roles({role.id})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    client.send(Request(method="POST", path=path, body={"Privileges": _privileges(client, role)}, repeatable=True))
    return UUID(role.id)


def _privileges(client: Client, role: Role) -> list[dict[str, str]]:
    wanted = {privilege.name.lower(): privilege for privilege in role.privileges}
    names = in_list("name", [privilege.name for privilege in role.privileges])
    found = {
        str(row["name"]).lower(): str(row["privilegeid"])
        for row in client.rows(get(f"privileges?$select=privilegeid,name&$filter={names}").path)
    }
    if missing := sorted(wanted.keys() - found.keys()):
        raise LookupError(f"the environment has no privilege {', '.join(missing)}")
    return [{"PrivilegeId": found[name], "Depth": wanted[name].depth} for name in sorted(wanted)]
