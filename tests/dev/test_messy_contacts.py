"""The contacts of `python3 dev.py bench matching`: what they are is known before anything of the product reads them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from benchmarks import _messy
from benchmarks._messy import COUNTRIES, DEFAULT_REGION, STYLES, Typed, contact_id, contacts, strangers

SOME = 3_000


@pytest.fixture(scope="module")
def made() -> list[Typed]:
    return list(contacts(SOME, 7))


def test_the_truth_about_contacts_owes_nothing_to_the_product() -> None:
    tree = ast.parse(Path(_messy.__file__).read_text(encoding="utf-8"))
    imported = {each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    imported |= {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}

    assert {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names) == {"phonenumbers"}


def test_contacts_are_the_same_for_the_same_seed_and_others_for_another(made) -> None:
    assert list(contacts(SOME, 7)) == made
    assert list(contacts(SOME, 8)) != made


def test_contacts_are_of_forty_countries_in_every_spelling_with_and_without_a_country_code(made) -> None:
    assert len(COUNTRIES) == 40
    assert {each.style for each in made} == set(STYLES)
    assert 0.5 < sum(each.full for each in made) / SOME < 0.8
    assert 0.8 < sum(each.determinable for each in made) / SOME < 0.97
    assert all(0 < len(each.text) <= 50 for each in made)


def test_a_number_without_its_country_code_is_determinable_by_the_country_that_the_contact_says(made) -> None:
    partly = [each for each in made if not each.full]
    silent_abroad = [each for each in partly if not each.country and not each.number.startswith("+1")]
    german = {*COUNTRIES["DE"], "DE"}
    elsewhere = [each for each in partly if each.country in german and not each.number.startswith("+49")]
    at_home = [each for each in partly if each.country in german and each.number.startswith("+49")]

    assert DEFAULT_REGION == "US"
    assert silent_abroad
    assert elsewhere
    assert at_home
    assert not any(each.determinable for each in (*silent_abroad, *elsewhere))
    assert all(each.determinable for each in at_home)


def test_strangers_have_numbers_that_no_contact_has(made) -> None:
    known = frozenset(each.number for each in made)

    assert len(strangers(200, 7, known)) == 200
    assert known.isdisjoint(strangers(200, 7, known))


def test_no_two_contacts_have_the_same_id() -> None:
    assert len({contact_id(place) for place in range(SOME)}) == SOME
