"""Long texts that Twilio hands on as an MMS part still encoded in base64 (seen by nyaruka/courier, not documented)."""

from __future__ import annotations

import binascii
import unicodedata
from base64 import b64decode

UNWRITTEN = frozenset({"Cc", "Cn", "Co", "Cs"})  # control, unassigned, private: nobody writes these
SHORTEST = 60  # characters; a shorter run without spaces may well be what the customer wrote


def readable(text: str) -> str:
    """The text decoded, if it cannot be anything but base64 of a text; otherwise as it is.

    One long word that decodes to clean UTF-8 is not written by chance: of random letters each byte beyond ASCII would
    have to fit its neighbours.
    """
    packed = text.replace("\r", "").replace("\n", "").strip()
    if len(packed) < SHORTEST or not packed.isascii():
        return text
    try:
        decoded = b64decode(packed, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    unwritten = (unicodedata.category(character) in UNWRITTEN and character not in "\r\n\t" for character in decoded)
    return text if any(unwritten) else decoded
