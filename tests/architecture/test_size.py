"""Files and functions stay small enough to be read at one sitting; those of tests are read test by test."""

from __future__ import annotations

import ast
import statistics

FILE_LINES = 300
TEST_FILE_LINES = 400
FUNCTION_LINES = 50
MEDIAN_LINES = 120
DECLARATIVE: dict[str, str] = {  # tables written as code: long, and read by looking up; file → why
}


def test_no_file_is_longer_than_300_lines(sources):
    long = {each.name: lines(each) for each in sources if lines(each) > allowed(each) and each.name not in DECLARATIVE}

    assert long == {}


def test_the_median_file_has_at_most_120_lines(sources):
    assert statistics.median(lines(each) for each in sources) <= MEDIAN_LINES


def test_no_function_is_longer_than_50_lines(sources):
    long = {
        f"{each.name}:{function.lineno} {function.name}": length
        for each in sources
        for function in ast.walk(each.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }

    assert long == {}


def test_every_exception_is_still_needed(sources):
    too_long = {each.name for each in sources if lines(each) > allowed(each)}

    assert set(DECLARATIVE) <= too_long


def allowed(source):
    return TEST_FILE_LINES if source.name.startswith("tests/") else FILE_LINES


def lines(source):
    return len(source.text.splitlines())
