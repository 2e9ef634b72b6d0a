"""Every language says everything, with the same facts in it, and fits."""

from __future__ import annotations

import re
from dataclasses import astuple, fields
from uuid import UUID

import pytest

from messaging.records import Person
from notifications.content import MOST_BODY, MOST_TITLE, ROLE, Arrival, notification
from notifications.languages import ENGLISH, LANGUAGES, Language, language

# As Windows numbers them ([MS-LCID]): French, Hindi, Indonesian, Portuguese and Swedish, each in two countries.
CODES = {
    "French": (1036, 3084),
    "Hindi": (1081,),
    "Indonesian": (1057,),
    "Portuguese": (1046, 2070),
    "Swedish": (1053, 2077),
    "English": (1033, 2057),
}
PLACEHOLDERS = {
    "texts": ({"sender"}, {"sender", "count"}),
    "whose": ({"sender"}, {"sender", "count"}),
    "matching": ({"count"},),
    "attached": ({"count"}, {"count"}),
    "cannot_body": ({"sender", "role"},),
}
NUMBER = "+12065550100"
ALL = pytest.mark.parametrize("words", LANGUAGES.values())


def _forms(text: object) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (str(text),)


def _told(lcid: int, *, may_read: bool = True, **facts: object):
    plain = {"sender": NUMBER, "text": None, "attachments": 0, "conversation": UUID(int=7)}
    arrival = Arrival(**{**plain, **facts})
    return notification(arrival, Person(UUID(int=1), "Ada", language=lcid), may_read=may_read)


def test_there_are_six_languages_each_with_texts_of_its_own() -> None:
    assert len({astuple(words) for words in LANGUAGES.values()}) == len(CODES) == 6


@ALL
@pytest.mark.parametrize("field", [each.name for each in fields(Language)])
def test_every_text_is_there_with_its_placeholders_and_no_others(words: Language, field: str) -> None:
    forms = _forms(getattr(words, field))
    expected = PLACEHOLDERS.get(field, (set(),))

    assert all(form.strip() == form != "" for form in forms)
    assert tuple(set(re.findall(r"{(.*?)}", form)) for form in forms) == expected


@ALL
def test_every_text_leaves_room_for_a_name_of_a_usual_length(words: Language) -> None:
    facts = {"sender": "M" * 160, "count": 999, "role": ROLE}

    assert all(len(form.format(**facts)) <= MOST_TITLE for form in (*words.texts, *words.whose, words.cannot_title))
    assert len(words.cannot_body.format(**facts)) <= MOST_BODY
    around = (words.matching.format(count=99), words.hidden, words.attached[1].format(count=99))
    assert sum(map(len, around)) < MOST_BODY - 300


@pytest.mark.parametrize(("name", "lcid"), [(name, lcid) for name, lcids in CODES.items() for lcid in lcids])
def test_a_language_is_the_same_in_every_country(name: str, lcid: int) -> None:
    assert language(lcid) is language(CODES[name][0])
    assert (language(lcid) is ENGLISH) is (name == "English")


@pytest.mark.parametrize("lcid", [0, -1, 1031, 1041, 1086])
def test_a_reader_of_another_language_reads_english(lcid: int) -> None:
    assert _told(lcid).title == f"Text from {NUMBER}"


@pytest.mark.parametrize(
    ("lcid", "one", "more"),
    [
        (1033, f"Text from {NUMBER}", f"3 texts from {NUMBER}"),
        (1036, f"SMS de {NUMBER}", f"3 SMS de {NUMBER}"),
        (1046, f"Mensagem de texto de {NUMBER}", f"3 mensagens de texto de {NUMBER}"),
        (1053, f"SMS från {NUMBER}", f"3 SMS från {NUMBER}"),
        (1057, f"Pesan teks dari {NUMBER}", f"3 pesan teks dari {NUMBER}"),
        (1081, f"{NUMBER} का पाठ संदेश", f"{NUMBER} के 3 पाठ संदेश"),
    ],
)
def test_one_text_and_more_are_told_apart(lcid: int, one: str, more: str) -> None:
    assert (_told(lcid).title, _told(lcid, unread=3).title) == (one, more)


@pytest.mark.parametrize(
    ("lcid", "title", "body", "button"),
    [
        (1033, f"Whose text is this? (from {NUMBER})", "2 records match this number. Hi", "Choose"),
        (1036, f"De qui est ce SMS ? ({NUMBER})", "2 enregistrements correspondent à ce numéro. Hi", "Choisir"),
        (
            1046,
            f"De quem é esta mensagem de texto? (de {NUMBER})",
            "2 registros correspondem a este número. Hi",
            "Escolher",
        ),
        (1053, f"Vems SMS är det här? (från {NUMBER})", "2 poster matchar det här numret. Hi", "Välj"),
        (1057, f"Milik siapa pesan teks ini? (dari {NUMBER})", "2 rekaman cocok dengan nomor ini. Hi", "Pilih"),
        (1081, f"यह पाठ संदेश किसका है? ({NUMBER} से)", "2 रिकॉर्ड इस नंबर से मेल खाते हैं। Hi", "चुनें"),
    ],
)
def test_whoever_has_to_choose_is_asked_in_the_own_language(lcid: int, title: str, body: str, button: str) -> None:
    entry = _told(lcid, text="Hi", choices=2)

    assert (entry.title, entry.body, entry.opens.button) == (title, body, button)


@pytest.mark.parametrize(
    ("lcid", "one", "more"),
    [
        (1036, "(1 pièce jointe)", "(2 pièces jointes)"),
        (1046, "(1 anexo)", "(2 anexos)"),
        (1053, "(1 bilaga)", "(2 bilagor)"),
        (1057, "(1 lampiran)", "(2 lampiran)"),
        (1081, "(1 अनुलग्नक)", "(2 अनुलग्नक)"),
    ],
)
def test_attachments_are_counted(lcid: int, one: str, more: str) -> None:
    assert [_told(lcid, text="", attachments=count).body for count in (1, 2)] == [one, more]


@pytest.mark.parametrize("lcid", [1036, 1046, 1053, 1057, 1081])
def test_nothing_that_a_reader_sees_is_left_in_english(lcid: int) -> None:
    ours = {form for text in astuple(language(lcid)) for form in _forms(text)}
    english = {form for text in astuple(ENGLISH) for form in _forms(text)}

    assert ours & english == set()
    assert ROLE in _told(lcid, may_read=False).body, "a role is called what it is called"


def test_a_name_that_looks_like_a_placeholder_stays_a_name() -> None:
    assert _told(1033, sender="{role}", unread=2).title == "2 texts from {role}"
