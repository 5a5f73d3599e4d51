"""What a report says is kept as codes and values, and every phrase is said with the values it needs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sso import phrases
from sso.phrases import Phrase, Said, Several, Text, clipped, from_json, to_json, values_in, with_name_ids

ROOM = Path(phrases.__file__).parent
TEXTS: list[Text] = [
    "",
    "https://idp.example/a, b",
    Phrase.NO_DTD(),
    Phrase.SEATS_TAKEN(taken=5, limit=5),
    Phrase.CLAIMED_REQUESTS(requests=Several(("_a", Phrase.NO_REQUEST())), state=Phrase.REQUEST_MATCHED()),
    Several((Phrase.CERTIFICATE(fingerprint="AB", until="2027-01-01T00:00:00Z"),), between="\n"),
]


def placeholders(phrase: Phrase) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", phrase.value))


def said_in_the_code() -> Iterator[tuple[str, Phrase, set[str] | None]]:
    """Every phrase the code says, with the names of its values; None where they are given as a whole."""
    for path in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id == "Phrase" and not node.args:
                    names = [keyword.arg for keyword in node.keywords]
                    whole = None in names
                    yield str(path), Phrase[node.func.attr], None if whole else {str(name) for name in names}


def test_every_phrase_is_said_with_just_the_values_it_has_room_for() -> None:
    said = list(said_in_the_code())
    assert len(said) > 80
    wrong = [
        (path, phrase, names) for path, phrase, names in said if names not in (None, placeholders(phrase))
    ]
    assert wrong == []


def test_what_was_expected_or_received_is_never_said_in_english_words() -> None:
    """Names of the protocol are values, the same in every language."""
    values = {"2.0", "1.0", "UTF-8", "base64", "Success", "NotOnOrAfter", "email", "firstName, lastName"}
    values |= {"HTTP-POST", "HTTP-Redirect", "expected", "received", ", ", " / ", " /", ""}
    said = [
        (str(path), ast.unparse(part))
        for path in sorted(ROOM.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg in ("expected", "received")
        for part in ast.walk(node.value)
        if isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value not in values)
    ]
    assert said == []


def test_no_phrase_is_kept_that_nobody_says() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py") if path != Path(phrases.__file__)
    )
    assert [phrase.name for phrase in Phrase if not re.search(rf"Phrase\.{phrase.name}\b", source)] == []


def test_every_phrase_with_a_word_in_it_is_marked_for_the_translators() -> None:
    tree = ast.parse(Path(phrases.__file__).read_text(encoding="utf-8"))
    (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Phrase"]
    plain = [
        node.value.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    ]
    assert [text for text in plain if re.search(r"[a-z]", re.sub(r"%\(\w+\)s", "", str(text)))] == []


def test_a_marked_text_is_the_text_itself() -> None:
    assert phrases.gettext_noop("no DTD") == "no DTD"


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_survives_being_stored(text: Text) -> None:
    assert from_json(json.loads(json.dumps(to_json(text)))) == text


def test_a_text_is_stored_as_a_code_with_values() -> None:
    assert to_json(Phrase.SEATS_TAKEN(taken=5, limit=7)) == {
        "phrase": "seats_taken",
        "values": {"taken": 5, "limit": 7},
    }
    assert to_json("https://idp.example/") == "https://idp.example/"


def test_what_another_release_has_stored_is_read_as_well_as_it_can_be() -> None:
    assert from_json("5 of 5 seats taken") == "5 of 5 seats taken"
    assert from_json({"phrase": "moon_phase", "values": {"at": "full", "n": 3}}) == "moon_phase full 3"
    assert from_json({"phrase": 7}) == "{'phrase': 7}"
    assert from_json(None) == "None"


def test_what_arrived_is_found_among_the_words() -> None:
    assert list(values_in("a")) == ["a"]
    assert list(values_in(Phrase.NO_RECIPIENT())) == []
    assert list(values_in(Several(("a", Phrase.NO_RECIPIENT(), Phrase.EXPIRED_AT(at="b"))))) == ["a", "b"]
    assert list(values_in(Phrase.SEATS_TAKEN(taken=5, limit=5))) == []


def test_long_values_are_cut_and_words_are_not() -> None:
    assert clipped("x" * 20, 5) == "x" * 5
    assert clipped(Phrase.EXPIRED_AT(at="x" * 20), 5) == Phrase.EXPIRED_AT(at="x" * 5)
    assert clipped(Phrase.SEATS_TAKEN(taken=123456789, limit=5), 5) == Phrase.SEATS_TAKEN(
        taken=123456789, limit=5
    )


def test_a_row_of_values_is_cut_as_a_whole() -> None:
    assert clipped(Several(("abcd", "efgh", "ijkl")), 8) == Several(("abcd", "ef"))
    assert clipped(Several(("abcd", "efgh")), 7) == Several(("abcd", "e"))
    assert clipped(Several(("abcd", "efgh")), 6) == Several(("abcd",))
    many = clipped(Several((Phrase.NO_RECIPIENT(),) * 1000), 100)
    assert isinstance(many, Several)
    assert len(many.parts) == 50
    within = clipped(
        Phrase.CLAIMED_REQUESTS(requests=Several(("x" * 9, "y" * 9)), state=Phrase.REQUEST_MATCHED()), 9
    )
    assert list(values_in(within)) == ["x" * 9]


def test_only_name_ids_are_changed() -> None:
    said = Phrase.TWO_ADDRESSES(name_id="nora@acme.example", email="nora@acme.example")
    assert with_name_ids(said, str.upper) == Phrase.TWO_ADDRESSES(
        name_id="NORA@ACME.EXAMPLE", email="nora@acme.example"
    )
    assert with_name_ids("nora", str.upper) == "nora"
    assert with_name_ids(Phrase.NAME_ID(name_id=7), str.upper) == Phrase.NAME_ID(name_id=7)


def test_texts_can_be_told_apart_and_kept_in_a_set() -> None:
    assert Phrase.NO_DTD() == Said(Phrase.NO_DTD)
    assert Phrase.EXPIRED_AT(at="a") != Phrase.EXPIRED_AT(at="b")
    assert len({Phrase.EXPIRED_AT(at="a"), Phrase.EXPIRED_AT(at="b"), Phrase.EXPIRED_AT(at="a")}) == 2
