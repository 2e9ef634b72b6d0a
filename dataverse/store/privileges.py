"""Who may receive texts, remembered for a few minutes: privileges change rarely, texts come all day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dataverse.store.queries import get
from dataverse.store.rows import rows
from dataverse.store.tables import owner_path
from dataverse.webapi.batch import Answer
from dataverse.webapi.batch_answer import BatchAnswer
from dataverse.webapi.client import Client
from dataverse.webapi.request import Request, Response
from messaging.errors import NotFound
from messaging.records import Principal, PrincipalKind

# The name is prv, the verb and the table's schema name; a custom table has its privileges from its creation on.
PRIVILEGE = "prvReadtxv_textmessage"
LIFETIME = timedelta(minutes=5)

_QUESTIONS = {
    PrincipalKind.USER: f"Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='{PRIVILEGE}')",
    PrincipalKind.TEAM: "Microsoft.Dynamics.CRM.RetrieveTeamPrivileges()",
}


@dataclass(frozen=True, slots=True)
class Privileges:
    """Asks Dataverse who may read text messages: a user's answer counts the roles of his teams as well."""

    client: Client
    clock: Callable[[], datetime]
    _until: dict[Principal, datetime] = field(default_factory=dict, repr=False)

    def may_receive(self, principals: Collection[Principal]) -> Mapping[Principal, bool]:
        """For each of `principals`, whether it may; one `$batch` for those not known, none if all are.

        Only a yes is remembered: who is given the role at last should not have to wait.
        """
        now = self.clock()
        unknown = [one for one in principals if self._until.get(one, now) <= now]
        answers = dict(zip(unknown, may_read_texts(self.client, unknown), strict=True)) if unknown else {}
        self._until.update({one: now + LIFETIME for one, may in answers.items() if may})
        return {one: answers.get(one, True) for one in principals}

    def forget(self) -> None:
        """Ask anew the next time."""
        self._until.clear()


def may_read_texts(client: Client, principals: Sequence[Principal]) -> list[bool]:
    """Whether each of `principals` may read text messages (one `$batch`); who is not there may not."""
    answer = client.batch([_question(one) for one in principals], continue_on_error=True)
    return [_may(answer, part) for part in answer.parts]


def _question(principal: Principal) -> Request:
    return get(f"{owner_path(principal)}/{_QUESTIONS[principal.kind]}")


def _may(answer: BatchAnswer, part: Answer) -> bool:
    try:
        answer.raise_for(part)
    except NotFound:  # deleted since
        return False
    found = rows(part.json(), "RolePrivileges") if isinstance(part, Response) else []
    # Only teams are asked for all their privileges; an answer to the question about users may leave the name out.
    return any(row.get("PrivilegeName", PRIVILEGE) == PRIVILEGE for row in found)
