"""One change on the way from what there is to what there should be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dataverse.webapi.request import Json, Request


class Mark(StrEnum):
    """What a step does: it makes something, or mends something that is there."""

    CREATE = "+"
    CHANGE = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change: `what` in words (`table txv_consent`), no two the same in a plan, and the request that makes it.
    Carrying it out twice does no harm: a name is taken only once.

    A definition can only be replaced as a whole. Where `definition` is a path, the request is a PUT whose body holds
    no more than what changes; it goes into the definition that is read from there.
    """

    mark: Mark
    what: str
    request: Request
    definition: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.what}"


def create(what: str, path: str, body: Json, solution: str = "") -> Step:
    """The step that makes something, in a solution where one is named."""
    return Step(mark=Mark.CREATE, what=what, request=post(path, body, solution))


def change(what: str, path: str, body: Json, solution: str) -> Step:
    """The step that writes columns of a row that is there."""
    headers = {"If-Match": "*", "MSCRM.SolutionUniqueName": solution}
    request = Request(method="PATCH", path=path, headers=headers, body=body, repeatable=True)
    return Step(mark=Mark.CHANGE, what=what, request=request)


def add_to_solution(what: str, component: int, identity: str, solution: str) -> Step:
    """The step that puts something that is there into the solution; `component` is its type in solutions."""
    body = {
        "ComponentId": identity,
        "ComponentType": component,
        "SolutionUniqueName": solution,
        "AddRequiredComponents": False,
        "DoNotIncludeSubcomponents": False,
    }
    request = post("AddSolutionComponent", body)
    return Step(mark=Mark.CHANGE, what=f"{what}: into solution {solution}", request=request)


def post(path: str, body: Json, solution: str = "") -> Request:
    """A POST that may be sent again."""
    headers = {"MSCRM.SolutionUniqueName": solution} if solution else {}
    return Request(method="POST", path=path, headers=headers, body=body, repeatable=True)


def replacement(path: str, changes: Json, solution: str) -> Request:
    """The PUT of a definition with changes in it; translations that it does not mention stay."""
    headers = {"MSCRM.SolutionUniqueName": solution, "MSCRM.MergeLabels": "true"}
    return Request(method="PUT", path=path, headers=headers, body=changes, repeatable=True)
