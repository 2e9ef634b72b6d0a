"""Labels: texts in languages, of which the emulator keeps one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def in_languages(value: Json, languages: Collection[object]) -> Json:
    """The same with labels in these languages only, wherever there is one."""
    return {name: _in_languages(each, languages) for name, each in value.items()}


def _in_languages(value: object, languages: Collection[object]) -> object:
    if isinstance(value, list):
        return [_in_languages(each, languages) for each in value]
    if not isinstance(value, Mapping):
        return value
    if "LocalizedLabels" not in value:
        return {name: _in_languages(each, languages) for name, each in value.items()}
    kept = [each for each in value["LocalizedLabels"] if each["LanguageCode"] in languages]
    user = value["UserLocalizedLabel"]
    return {"LocalizedLabels": kept, "UserLocalizedLabel": user if user in kept else None}
