from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.uv_lock_settings import uv_setting_changes
from envdoctor.system.toml import Document, parse_toml

LOCK = """version = 1
requires-python = "{python}"
{more}
[[package]]
name = "app"
source = {{ virtual = "." }}
[package.metadata]
requires-dist = [{{ name = "foo"{noted} }}]
"""
PROJECT = '[project]\nname = "app"\nrequires-python = "{}"\ndependencies = ["foo"]\n'
SOURCE = "[tool.uv.sources]\nFoo = {{ {} }}\n"


def changes(manifest: str, *, python: str = ">=3.9", noted: str = "", more: str = "", place: str = ".") -> list[str]:
    lock = parse_toml("uv.lock", LOCK.format(python=python, noted=noted, more=more))
    found = uv_setting_changes(lock, place, Document("p", manifest, parse_toml("p", manifest)))
    return [f"{text} ({origin})" for text, origin in found]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(">=3.9", ">=3.9"), ("~=3.9", ">=3.9, <4"), ("<4,>=3.9,!=3.10.*", ">=3.9, !=3.10.*, <4"), ("3.9+", ">=3.9")],
)
def test_the_same_pythons_in_other_words(asked: str, kept: str) -> None:
    assert changes(PROJECT.format(asked), python=kept) == []


def test_an_upper_bound_is_a_difference() -> None:
    assert len(changes(PROJECT.format("~=3.9"))) == 1


def test_other_pythons() -> None:
    assert changes(PROJECT.format(">=3.10")) == ["was made for Python >=3.9, not for >=3.10 (p:3)"]


def test_a_workspace_has_one_python_for_all() -> None:
    assert changes(PROJECT.format(">=3.10"), more='[manifest]\nmembers = ["app", "other"]') == []


@pytest.mark.parametrize(
    ("source", "noted", "fits"),
    [
        ('path = "../foo"', ', directory = "../foo"', True),
        ('path = "foo.whl"', ', path = "foo.whl"', True),
        ('path = "../foo", editable = true', ', editable = "../foo"', True),
        ('path = "../foo", editable = true', ', directory = "../foo"', False),
        ('path = "../foo"', "", False),
        ("workspace = true", ', editable = "foo"', True),
        ('git = "https://x/y"', ', git = "https://x/y?rev=1"', True),
        ('git = "https://x/y"', ', index = "https://x"', False),
        ('index = "own"', ', index = "https://x"', True),
        ('url = "https://x/y.whl"', "", False),
        ('marker = "x"', "", True),
    ],
)
def test_sources(source: str, noted: str, fits: bool) -> None:
    found = changes(PROJECT.format(">=3.9") + SOURCE.format(source), noted=noted)
    assert found == ([] if fits else ["was made with another source of `Foo` (p:6)"])


@pytest.mark.parametrize(
    ("settings", "more", "key"),
    [
        ('constraint-dependencies = ["Foo<2"]', '[manifest]\nconstraints = [{ name = "foo" }]', None),
        ('constraint-dependencies = ["foo<2"]', "", "constraint-dependencies"),
        ("", '[manifest]\noverrides = [{ name = "foo" }]', "override-dependencies"),
    ],
)
def test_constraints_and_overrides(settings: str, more: str, key: str | None) -> None:
    found = changes(PROJECT.format(">=3.9") + f"[tool.uv]\n{settings}\n", more=more)
    assert [text.partition(" (")[0] for text in found] == ([f"was made with other `{key}`"] if key else [])
