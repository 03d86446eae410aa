from __future__ import annotations

import shlex

import pytest

from envdoctor.text.pseudonyms import Pseudonyms, around_home, kinds_in, to_fill_in, with_tilde


@pytest.mark.parametrize(
    ("kind", "name", "pseudonym"),
    [
        ("user", "ada", "masked-user-1-3-chars"),
        ("user", "José García", "masked-user-1-11-chars-has space-nön-ascii"),
        ("user", "O'Brien", "masked-user-1-7-chars-with'mark"),
        ("home", "/home/ada", "/masked-home-1-9-chars"),
        ("home", "/Users/Ada King", "/masked-home-1-15-chars-has space"),
        ("host", "corp", "masked-host-1"),
        ("email", "ada@corp.example", "masked-email-1"),
        ("address", "8.8.4.4", "192.0.2.1"),
        ("address", "2a00::7", "2001:db8::1"),
    ],
)
def test_a_pseudonym_has_what_is_odd_about_its_name(kind: str, name: str, pseudonym: str) -> None:
    pseudonyms = Pseudonyms()
    assert pseudonyms.of(kind, name) == pseudonym
    assert pseudonyms.of(kind, name) == pseudonym
    assert pseudonyms.of(kind, pseudonym) == pseudonym
    assert pseudonyms.given() == ((name, pseudonym),)
    [met] = kinds_in(f"see {pseudonym}.")
    assert met == pseudonym.lstrip("/")


def test_different_names_have_different_ones() -> None:
    pseudonyms = Pseudonyms()
    words = [
        pseudonyms.of(*name) for name in (("user", "ada"), ("user", "bob"), ("host", "ada"), ("home", "/home/ada"))
    ]
    assert len(set(words)) == 4
    assert all(word == shlex.quote(word) for word in words)


def test_a_reader_sees_a_tilde_for_the_own_home_alone() -> None:
    pseudonyms = Pseudonyms()
    own, other = pseudonyms.of("home", "/home/ada king"), pseudonyms.of("home", "/data/ada")
    assert with_tilde(f"{own}/x and {other}/x") == f"~/x and {other}/x"
    assert around_home(f"--target={own}/x") == ["--target=", "/x"]
    assert around_home("/home/ada/x") == ["/home/ada/x"]


@pytest.mark.parametrize(
    ("command", "lacks"),
    [
        ('rm "$HOME"/x', False),
        ("rm /masked-home-1-9-chars/x", False),
        ("rm /masked-home-2-9-chars/x", True),
        ("rm /home/masked-user-1-3-chars/x", True),
        ("curl https://masked-host-1.example", True),
        ("curl https://192.0.2.1", True),
    ],
)
def test_what_has_to_be_filled_in(command: str, lacks: bool) -> None:
    assert to_fill_in(command) is lacks


def test_with_a_key_a_name_has_the_same_pseudonym_in_every_report() -> None:
    one, other, third = Pseudonyms(b"k" * 16), Pseudonyms(b"k" * 16), Pseudonyms(b"x" * 16)
    other.of("host", "before")
    word = one.of("host", "Corp")
    assert word == other.of("host", "corp") != third.of("host", "corp")
    assert kinds_in(f"see {word}.") == {word: "host-name"}
    assert one.of("host", word) == word
    user, number = one.of("user", "ada"), word.rpartition("-")[2]
    assert user.endswith("-3-chars")
    assert number not in user
    assert int(number) >= 1_000_000


def test_a_key_changes_neither_the_own_home_nor_addresses() -> None:
    keyed = Pseudonyms(b"k" * 16)
    assert with_tilde(keyed.of("home", "/home/ada")) == "~"
    assert with_tilde(keyed.of("home", "/home/bob")) != "~"
    assert keyed.of("address", "8.8.4.4") == "192.0.2.1"
