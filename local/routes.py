"""Route templates as the Functions host reads them, which are those of ASP.NET: `callbacks/{account}/{id:int?}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

_CONSTRAINTS = {  # name → (what a value must look like)
    "": r"[^/]+",
    "alpha": r"[A-Za-z]+",
    "bool": r"(?:true|false)",
    "guid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "int": r"-?[0-9]{1,10}",
    "long": r"-?[0-9]{1,19}",
}
_PARAMETER = re.compile(r"\{(?P<all>\*?)(?P<name>\w+)(?::(?P<constraint>\w+))?(?P<optional>\?)?\}")
_LITERAL = re.compile(r"[\w.~-]+")


@dataclass(frozen=True, slots=True)
class Route:
    """A template, ready to be matched. Of two that match, the one with the lower `precedence` is meant."""

    template: str
    pattern: re.Pattern[str]
    precedence: tuple[int, ...]

    @classmethod
    def parse(cls, template: str) -> Route:
        """Read a template. Raises ValueError for one that uses what is not known here."""
        segments = [_segment(segment) for segment in template.strip("/").split("/")]
        pattern = re.compile("".join(pattern for pattern, _ in segments), re.IGNORECASE)
        return cls(template, pattern, tuple(rank for _, rank in segments))

    def match(self, path: str) -> dict[str, str] | None:
        """The values of a path's parameters, decoded; None where the path is another one."""
        found = self.pattern.fullmatch(path.removesuffix("/"))
        if found is None:
            return None
        return {name: unquote(value) for name, value in found.groupdict().items() if value}


def _segment(text: str) -> tuple[str, int]:
    parameter = _PARAMETER.fullmatch(text)
    if parameter is None:
        if not _LITERAL.fullmatch(text):
            raise ValueError(f"the route segment {text!r} is not understood")
        return "/" + re.escape(text), 0
    name, constraint = parameter["name"], parameter["constraint"] or ""
    if parameter["all"]:
        return f"(?:/(?P<{name}>.*))?", 3
    if constraint not in _CONSTRAINTS:
        raise ValueError(f"the route constraint {constraint} of {text} is not known")
    pattern = f"/(?P<{name}>{_CONSTRAINTS[constraint]})"
    return f"(?:{pattern})?" if parameter["optional"] else pattern, 1 if constraint else 2
