"""Users and teams as administrators name them on the command line."""

from __future__ import annotations

from admin.exits import Stopped
from dataverse.store import people
from dataverse.store.people import Holder, NobodyFound, SeveralFound
from dataverse.webapi.client import Client
from messaging.records import PrincipalKind


def find(client: Client, text: str) -> Holder:
    """The one user or team that is called so. Raises Stopped with those who may have been meant."""
    try:
        return people.find(client, text)
    except SeveralFound as error:
        raise Stopped(f"{text} may be any of these:{_listed(error.candidates)}", "Name the one by its id.") from None
    except NobodyFound as error:
        if error.like:
            raise Stopped(
                f"Nobody is called {text}. These are alike:{_listed(error.like)}",
                "Name one of them in full, by e-mail address, or by id.",
            ) from None
        raise Stopped(
            f"No user and no team is called {text}.",
            "Give an e-mail address, a sign-in name, a full name, the name of a team, or an id.",
        ) from None


def row(holder: Holder) -> dict[str, object]:
    """What is told of somebody."""
    return {
        "id": str(holder.principal.id),
        "kind": "team" if holder.principal.kind is PrincipalKind.TEAM else "user",
        "name": holder.name,
        "known_by": holder.email or holder.sign_in,
        "enabled": holder.enabled,
    }


def _listed(those: tuple[Holder, ...]) -> str:
    return "".join(f"\n  {each}{_id(each)}" for each in those)


def _id(holder: Holder) -> str:
    """What tells somebody from all others, unless the words do already."""
    own = str(holder.principal.id)
    return "" if own in str(holder) else f"  {own}"
