"""Countries as people write them into an address."""

from __future__ import annotations

import phonenumbers
import pytest

from messaging import countries
from messaging.countries import country_region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        (" deu ", "DE"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("ALLEMAGNE", "DE"),
        ("Österreich", "AT"),
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("The Netherlands", "NL"),
        ("Côte", None),
        ("日本", "JP"),
        ("Россия", "RU"),
        ("Vereinigte  Staaten", "US"),
        ("ir", "IR"),
    ],
)
def test_a_country_is_known_by_its_names_and_codes(text: str, region: str | None) -> None:
    assert country_region(text) == region


@pytest.mark.parametrize("text", [None, "", "Georgia", "Korea", "Congo", "Bavaria", "XX", "Germany or France", "ß"])
def test_what_names_no_country_for_certain_is_none(text: str | None) -> None:
    assert country_region(text) is None


def test_every_country_of_the_table_has_telephones_and_no_name_means_two() -> None:
    lines = [line.split(" ", 2) for line in countries._NAMES.strip().splitlines()]
    names = [name for _, code, rest in lines for name in (code, *rest.split("|"))]

    assert {region for region, _, _ in lines} <= set(phonenumbers.SUPPORTED_REGIONS)
    assert len(names) == len(set(names))
