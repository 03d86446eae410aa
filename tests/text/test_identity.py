from __future__ import annotations

import pytest

from envdoctor.text.identity import Identity, is_word, telling


def test_a_person_is_known_by_whole_names_and_their_parts() -> None:
    identity = Identity(users=("ada", "root"), full_names=("Ada King Lovelace",), hosts=("engine.corp.example",))
    words = identity.words()
    assert {"ada", "Ada King Lovelace", "Ada.King.Lovelace", "AdaKingLovelace", "King", "Lovelace"} <= set(words)
    assert {"engine.corp.example", "engine"} <= set(words)
    assert "root" not in words


@pytest.mark.parametrize(
    ("name", "tells"), [("ada", True), ("root", False), ("Ubuntu", False), ("1000", False), ("", False)]
)
def test_what_a_thousand_machines_call_somebody_tells_nothing(name: str, tells: bool) -> None:
    assert telling(name) is tells


@pytest.mark.parametrize(("name", "word"), [("will", True), ("Mark", True), ("li", True), ("ada", False)])
def test_what_is_a_word_of_the_language_too_is_no_name_in_a_sentence(name: str, word: bool) -> None:
    assert is_word(name) is word
