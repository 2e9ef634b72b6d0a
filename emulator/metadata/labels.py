"""Labels: texts in languages, of which the emulator keeps one."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = 1033
Json = dict[str, object]


def label(text: str) -> Json:
    """A label as the Web API shows it."""
    localized: Json = {"Label": text, "LanguageCode": ENGLISH, "IsManaged": False, "HasChanged": None}
    if not text:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}


def text_of(value: object) -> str:
    """The English text of a label, else the first one, else nothing."""
    labels = value.get("LocalizedLabels") if isinstance(value, Mapping) else None
    found = [item for item in labels if isinstance(item, Mapping)] if isinstance(labels, list) else []
    found.sort(key=lambda item: item.get("LanguageCode") != ENGLISH)
    return str(found[0].get("Label") or "") if found else ""
