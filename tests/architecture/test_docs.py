"""What the documents say is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dataverse.schema.variables import VARIABLES
from function_app.settings import STORAGE, Settings
from messaging.errors import CallbackRejected
from providers.registry import providers
from routing.tiers import TierName

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text()
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    assert len(README.splitlines()) <= 150
    commands = re.findall(r"^    (python3 .+)$", README, re.MULTILINE)
    assert commands == ["python3 dev.py demo", "python3 dev.py test"]


def test_the_readme_names_every_folder_of_code() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}

    assert {folder for folder in folders if f"| `{folder}/` |" not in README} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", (ROOT / "docs/architecture.md").read_text())

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_setting_is_explained() -> None:
    settings = {name.upper() for name in Settings.model_fields} - {"STORAGE"} | {STORAGE}

    assert {setting for setting in settings if f"| `{setting}` |" not in CONFIGURATION} == set()


def test_every_variable_is_explained_with_its_default() -> None:
    lines = CONFIGURATION.splitlines()

    for variable in VARIABLES:
        (line,) = [line for line in lines if line.startswith(f"| `{variable.name}` |")]
        written = re.findall(r"`(\w+)`", line.rpartition(" | ")[2])
        assert written == (re.findall(r"\w+", variable.default) or ["DEFAULT_REGION"])


def test_every_provider_and_every_answer_is_explained() -> None:
    types = {*providers(None)}  # type: ignore[arg-type]  # nobody is asked for keys
    statuses = {str(rejection.status) for rejection in CallbackRejected.__subclasses__()} | {"200", "503"}

    assert {kind for kind in types if f"`{kind}`" not in CONFIGURATION} == set()
    assert {status for status in statuses if f"| {status} |" not in CONFIGURATION} == set()


def test_the_decision_records_are_numbered_without_a_gap_and_titled_alike() -> None:
    records = sorted(ROOT.glob("docs/adr/*.md"))

    for number, record in enumerate(records, 1):
        assert record.name.startswith(f"{number:04}-")
        assert record.read_text().startswith(f"# {number}. ")


def test_the_tiers_are_seven() -> None:
    assert len(TierName) == 7
    assert "seven tiers" in README
