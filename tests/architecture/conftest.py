"""The project's own source files, for tests about how it is built."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"node_modules", "__pycache__", "htmlcov"}
WITHOUT_A_SUFFIX = {"run", "LICENSE", ".importlinter", ".funcignore", ".gitignore", ".editorconfig"}
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yaml", ".yml", ".bicep", ".js", ".css", ".html", ".sh"}


@dataclass(frozen=True)
class Source:
    """One Python file; `name` is its path from the root, with slashes."""

    name: str
    text: str
    tree: ast.Module


@pytest.fixture(scope="session")
def root():
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def files():
    """Every text file of the project: path from the root, with slashes → text."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in _walk(ROOT)
        if path.suffix in TEXT or path.name in WITHOUT_A_SUFFIX
    }


@pytest.fixture(scope="session")
def sources(files):
    """Every Python file of the project, parsed."""
    return [Source(name, text, ast.parse(text)) for name, text in files.items() if name.endswith(".py")]


@pytest.fixture(scope="session")
def packages(root):
    """The top-level packages."""
    return sorted(path.parent.name for path in root.glob("*/__init__.py"))


def _walk(folder):
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name == ".ci" or (path.name not in NOT_OURS and not path.name.startswith(".")):
                yield from _walk(path)
        elif path.name != "local.settings.json":
            yield path
