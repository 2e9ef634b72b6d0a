"""The contracts of `.importlinter` cover everything, and what they cannot see is seen here."""

from __future__ import annotations

import ast
import configparser

import pytest

SETTINGS_MODULE = "function_app/settings.py"


@pytest.fixture(scope="module")
def contracts(root):
    parser = configparser.ConfigParser()
    parser.read(root / ".importlinter", encoding="utf-8")
    return parser


def names(text):
    return sorted(name.strip() for line in text.splitlines() for name in line.split("|") if name.strip())


def test_every_package_is_a_root_package_of_import_linter(contracts, packages):
    assert names(contracts["importlinter"]["root_packages"]) == packages


def test_every_package_but_the_emulator_stands_on_a_floor(contracts, packages):
    floors = names(contracts["importlinter:contract:floors"]["layers"])

    assert sorted([*floors, "emulator"]) == packages


def test_every_package_is_either_deployed_or_serves_development(contracts, packages):
    stays_home = contracts["importlinter:contract:stays_home"]

    assert sorted([*names(stays_home["source_modules"]), *names(stays_home["forbidden_modules"])]) == packages


def test_the_emulator_may_import_none_of_our_packages(contracts, packages):
    forbidden = names(contracts["importlinter:contract:emulator"]["forbidden_modules"])

    assert sorted([*forbidden, "emulator"]) == packages


def test_every_provider_is_independent_of_the_others(contracts, root):
    folders = sorted(path.parent.name for path in root.glob("providers/*/__init__.py"))
    section = "importlinter:contract:providers"
    covered = names(contracts[section]["modules"]) if contracts.has_section(section) else []

    assert covered == [f"providers.{name}" for name in folders]


def test_only_the_settings_module_reads_the_environment(sources, packages):
    deployed = set(packages) - {"emulator", "local"}
    readers = {
        each.name
        for each in sources
        if each.name.split("/")[0] in deployed and each.name != SETTINGS_MODULE
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert readers == set()
