from __future__ import annotations

import pytest

from envdoctor.plan.effect import Effect, Verb, resolved


@pytest.mark.parametrize(
    ("thing", "inside"), [("/e", True), ("/e/bin", True), ("/e numpy", True), ("/e2", False), ("/", False)]
)
def test_a_thing_lies_in_a_directory_or_is_a_package_of_an_environment(thing: str, inside: bool) -> None:
    assert Effect(Verb.REPAIR, thing).lies_in("/e") is inside


def test_a_package_is_named_before_its_environment() -> None:
    assert Effect(Verb.INSTALL, "/my env numpy", "<2").named == "numpy in /my env"
    assert Effect(Verb.SET, "X", "1").named == "X"


def test_a_path_is_seen_from_a_directory() -> None:
    assert [resolved(path, "/p") for path in (".venv", "./a/", "/e/", "..")] == ["/p/.venv", "/p/a", "/e", "/"]
