"""What stands in the files: docstrings where a reader looks for them, nothing of the machine they were written on."""

from __future__ import annotations

import ast
import re

import pytest

# Written so that this file does not find itself.
STRAY = {
    "a home folder": r"[/](?:home|Users)/(?!site/wwwroot)[a-z]|[/]root/|[A-Z]:\\[U]sers\\",
    "a working folder": r"(?<![\w.])[/](?:work|workspace|mnt|private)/",
    "an ignored type error without its code": r"#\s*type:\s*[i]gnore(?!\[)",
    "something left for later": r"\b(?:TO[D]O|FI[X]ME|X[X]X)\b",
}


@pytest.mark.parametrize("what", STRAY)
def test_no_file_holds(files, what):
    found = [
        f"{name}:{number}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(STRAY[what], line)
    ]

    assert found == []


def test_every_public_module_says_what_it_is_for(sources):
    silent = [each.name for each in sources if each.tree.body and not ast.get_docstring(each.tree)]

    assert silent == []


def test_every_public_function_and_class_says_what_it_does(sources):
    silent = [
        f"{each.name}:{node.lineno} {node.name}"
        for each in sources
        if not each.name.startswith("tests/")
        for node in each.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert silent == []
