"""The document says what is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataverse.schema.desired import TEXTVERSE
from dataverse.schema.document.__main__ import main, renewed
from dataverse.schema.document.sections import SECTIONS

DOCUMENT = Path(__file__).parents[3] / "docs" / "schema.md"


@pytest.fixture
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def test_the_document_is_current(text: str) -> None:
    assert renewed(text) == text, "run: python -m dataverse.schema.document docs/schema.md"


def test_every_section_stands_in_it(text: str) -> None:
    assert [name for name in SECTIONS if f"<!-- generated: {name} -->" not in text] == []


def test_nothing_that_is_declared_is_left_out(text: str) -> None:
    parts = TEXTVERSE.components
    named: list[Any] = [*TEXTVERSE.tables, *TEXTVERSE.choices, *parts.views, *parts.forms, *parts.roles]
    named += [*parts.web_resources, *parts.variables, *parts.apps]
    named += [each for table in TEXTVERSE.tables for each in table.columns]
    named += [each for table in TEXTVERSE.tables for each in table.lookups]
    names = [str(each.name) for each in named]
    names += [key.name for table in TEXTVERSE.tables for key in table.keys]
    names += [lookup.relationship for table in TEXTVERSE.tables for lookup in table.lookups]
    names += [command.label for command in parts.commands]
    names += [privilege.name for role in parts.roles for privilege in role.privileges]
    assert [name for name in names if name not in text] == []


def test_the_command_writes_sections_and_nothing_else(tmp_path: Path, text: str) -> None:
    file = tmp_path / "schema.md"
    file.write_text("# Mine\n<!-- generated: keys -->\nold\n<!-- end -->\nold\n", encoding="utf-8")
    assert main([str(file)]) == 0
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# Mine\n<!-- generated: keys -->\n\n| key | table | columns |")
    assert written.endswith("<!-- end -->\nold\n")


def test_the_command_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: python -m dataverse.schema.document FILE" in capsys.readouterr().err


def test_a_section_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        renewed("<!-- generated: nothing -->\n<!-- end -->")
