"""The security operations of the Web API, for whoever routes requests to register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emulator.context import Context
from emulator.security import record_teams, roles, sharing, teams
from emulator.security.sharing import Bound, Json, Parameters


@dataclass(frozen=True, slots=True)
class SecurityOperation:
    """A function (GET) or action (POST), with the table that it is bound to; what it returns is the answer's JSON
    (None: 204, without a body)."""

    name: str
    method: str
    bound_to: str | None
    run: Callable[[Context, Bound | None, Parameters], Json | None]


OPERATIONS = (
    SecurityOperation("GrantAccess", "POST", None, sharing.grant_access),
    SecurityOperation("ModifyAccess", "POST", None, sharing.modify_access),
    SecurityOperation("RevokeAccess", "POST", None, sharing.revoke_access),
    SecurityOperation("RetrievePrincipalAccess", "GET", "systemuser", sharing.retrieve_principal_access),
    SecurityOperation("RetrievePrincipalAccess", "GET", "team", sharing.retrieve_principal_access),
    SecurityOperation("RetrieveSharedPrincipalsAndAccess", "GET", None, sharing.retrieve_shared_principals_and_access),
    SecurityOperation("RetrieveUserPrivileges", "GET", "systemuser", roles.retrieve_privileges),
    SecurityOperation("RetrieveTeamPrivileges", "GET", "team", roles.retrieve_privileges),
    SecurityOperation(
        "RetrieveUserPrivilegeByPrivilegeName", "GET", "systemuser", roles.retrieve_user_privilege_by_privilege_name
    ),
    SecurityOperation(
        "RetrieveUserSetOfPrivilegesByNames", "GET", "systemuser", roles.retrieve_user_set_of_privileges_by_names
    ),
    SecurityOperation(
        "RetrieveUserSetOfPrivilegesByIds", "GET", "systemuser", roles.retrieve_user_set_of_privileges_by_ids
    ),
    SecurityOperation("RetrieveRolePrivilegesRole", "GET", None, roles.retrieve_role_privileges_role),
    SecurityOperation("AddPrivilegesRole", "POST", "role", roles.add_privileges_role),
    SecurityOperation("ReplacePrivilegesRole", "POST", "role", roles.replace_privileges_role),
    SecurityOperation("RemovePrivilegeRole", "POST", "role", roles.remove_privilege_role),
    SecurityOperation("AddMembersTeam", "POST", "team", teams.add_members_team),
    SecurityOperation("RemoveMembersTeam", "POST", "team", teams.remove_members_team),
    SecurityOperation("AddUserToRecordTeam", "POST", "systemuser", record_teams.add_user_to_record_team),
    SecurityOperation("RemoveUserFromRecordTeam", "POST", "systemuser", record_teams.remove_user_from_record_team),
)
