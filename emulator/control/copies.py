"""Copies of the whole data: rows, definitions, everything. They live as long as the emulator does."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from emulator.control.fields import Misunderstood

_FRESH = "fresh"


class Copies:
    """Snapshots by id, and what a fresh environment is."""

    def __init__(self, take: Callable[[Path], None], put_back: Callable[[Path], None],
                 make_fresh: Callable[[Path], None]) -> None:  # fmt: skip
        self._take, self._put_back, self._make_fresh = take, put_back, make_fresh
        self._folder = Path(tempfile.mkdtemp(prefix="dataverse-emulator-copies-"))
        self._files: dict[str, Path] = {}
        self._lock = threading.Lock()

    def snapshot(self) -> str:
        """Copies the data as it is now; returns the id of the copy."""
        name = uuid4().hex[:12]
        self._take(self._file(name))
        self._files[name] = self._file(name)
        return name

    def restore(self, name: object) -> None:
        """Puts a copy in the place of the data. Raises `Misunderstood` for an id that there is not."""
        if not isinstance(name, str) or name not in self._files:
            raise Misunderstood(f"There is no snapshot {name!r}. POST /_emulator/snapshot makes one and tells its id.")
        self._put_back(self._files[name])

    def reset(self) -> None:
        """Puts a fresh environment in the place of the data."""
        with self._lock:
            if not self._file(_FRESH).exists():
                self._make_fresh(self._file(_FRESH))
        self._put_back(self._file(_FRESH))

    def close(self) -> None:
        """Removes the copies."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite"
