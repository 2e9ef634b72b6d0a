"""One emulator a file: a lock beside it, which the system lets go of when the process ends, however it ends."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE_S = 1.0  # for one that is just ending


class FileLock:
    """Holds `FILE.lock` until it is closed. Raises `BlockingIOError` where another holds it, other `OSError`s for a
    file that cannot be made."""

    def __init__(self, path: Path) -> None:
        self._handle = path.with_name(path.name + ".lock").open("ab")
        until = time.monotonic() + _PATIENCE_S
        while not _locked(self._handle):
            if time.monotonic() > until:
                self._handle.close()
                raise BlockingIOError(f"{path} is in use by another emulator.")
            time.sleep(0.05)

    def close(self) -> None:
        """Lets go. The file stays: whoever removed it could remove that of the next one."""
        self._handle.close()


def _locked(handle: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
