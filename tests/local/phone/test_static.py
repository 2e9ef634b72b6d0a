"""The static files: served with safe headers, complete, and without anything from elsewhere."""

from __future__ import annotations

import re

import pytest

from local.phone.site import STATIC

FILES = sorted(path.name for path in STATIC.iterdir())


@pytest.mark.parametrize("name", ["", *FILES])
def test_every_file_is_served_with_its_type_and_a_strict_policy(page_over, name):
    answer = page_over().http.get(f"/{name}")

    assert answer.status_code == 200
    suffix = name.rpartition(".")[2] or "html"
    assert answer.headers["content-type"].startswith(
        {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[suffix]
    )
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/nothing", "/..%2fsite.py", "/%2e%2e/site.py", "/package.json", "/api/nothing"])
def test_nothing_else_is_served(page_over, path):
    assert page_over().http.get(path).status_code == 404


def test_everything_that_the_files_name_is_there_and_nothing_comes_from_elsewhere():
    named = {
        found
        for name in FILES
        for found in re.findall(r"""(?:src|href|from)\s*[= ]\s*"([^"]+)\"""", (STATIC / name).read_text("utf-8"))
    }

    assert named
    assert {each.removeprefix("./") for each in named} <= set(FILES)
    foreign = [name for name in FILES if re.search(r"url\(|@import|https?://(?!www\.w3\.org)", _text(name))]
    assert foreign == []


def test_no_text_can_become_markup():
    risky = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttribute\(\"on")

    assert [name for name in FILES if risky.search(_text(name))] == []


def test_every_element_that_a_script_looks_for_is_in_the_page():
    ids = set(re.findall(r'\bid="([\w-]+)"', _text("index.html")))
    wanted = {
        found
        for name in FILES
        if name.endswith(".js")
        for group in re.findall(r"fromEntries\(\s*\[(.*?)\]\.map", _text(name), re.DOTALL)
        for found in re.findall(r'"([\w-]+)"', group)
    } | {found for name in FILES for found in re.findall(r'getElementById\("([\w-]+)"\)', _text(name))}

    assert len(wanted) > 20
    assert wanted <= ids


def _text(name):
    return (STATIC / name).read_text("utf-8")
