"""Access rights, and the masks and texts that stand for sets of them (Microsoft Learn, "AccessRights EnumType")."""

from __future__ import annotations

from emulator.errors import DataverseError

RIGHTS = {
    "Read": 1,
    "Write": 2,
    "Append": 4,
    "AppendTo": 16,
    "Create": 32,
    "Delete": 65536,
    "Share": 262144,
    "Assign": 524288,
}
OWNER = sum(RIGHTS.values()) - RIGHTS["Create"]
"""What the owner of a parent row is given on its children."""


def read_mask(text: object) -> int:
    """The mask of `ReadAccess,WriteAccess`; raises `DataverseError` 400 for anything else."""
    names = [name.strip() for name in text.split(",")] if isinstance(text, str) else []
    if names == ["None"]:
        return 0
    if not names or any(name.removesuffix("Access") not in RIGHTS or not name.endswith("Access") for name in names):
        raise DataverseError(400, "0x80048d19", "The parameter AccessMask is not a list of access rights.")
    return sum(RIGHTS[name.removesuffix("Access")] for name in set(names))


def write_mask(mask: int) -> str:
    """A mask as Dataverse writes it: `ReadAccess, WriteAccess`, or `None`."""
    return ", ".join(f"{name}Access" for name, bit in RIGHTS.items() if mask & bit) or "None"
