"""XML that comes in with requests."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, fromstring


def read_markup(text: str) -> Element:
    """The root element. Raises `ValueError` for what is no XML, and for XML with a document type, since only that
    could bring entities that grow."""
    if "<!DOCTYPE" in text:
        raise ValueError("a document type is not allowed")
    try:
        return fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    except ParseError as error:
        raise ValueError(str(error)) from error
