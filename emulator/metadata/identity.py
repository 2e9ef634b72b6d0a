"""Metadata ids: derived from what they name, so that every start and every machine gives the same ones."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("8f5ac1de-7a64-4c0b-9d0e-52f1a3c2b6e4")


def metadata_id(kind: str, *names: str) -> str:
    """The id of a piece of metadata: `metadata_id("attribute", "contact", "telephone1")`."""
    return str(uuid5(NAMESPACE, ":".join((kind, *names))))
