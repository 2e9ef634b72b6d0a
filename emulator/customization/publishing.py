"""Publishing."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.customization.gate import check_unlocked
from emulator.errors import DataverseError
from emulator.operations import Json, Target, action
from emulator.seams import Work


@action("PublishXml")
def publish(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Accepted; what is defined is in force at once. The request log shows that it was asked for."""
    check_unlocked(work)
    if not isinstance(arguments.get("ParameterXml"), str):
        raise DataverseError(400, "0x80040203", "The parameter ParameterXml of PublishXml is required.")
    return None


@action("PublishAllXml")
def publish_all(work: Work, target: Target | None, arguments: Mapping[str, object]) -> Json | None:
    """Accepted, like `PublishXml`."""
    check_unlocked(work)
    return None
