"""What a `uv.lock` does not know of its project; tests/clinic/test_projects_locks.py asks the real uv the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.uv_lock_requirements import uv_requirement_changes
from envdoctor.facts.project.pyproject import parse
from envdoctor.system.toml import Document, parse_toml
from tests.facts.dependencies.locks_world import look

LOCK = """\
version = 1
{revision}

[[package]]
name = "app"
version = "1.0"
source = {{ virtual = "." }}

[package.metadata]
requires-dist = [
    {{ name = "six", specifier = ">=1" }},
    {{ name = "idna", extras = ["x-1"], marker = "sys_platform == 'linux'" }},
    {{ name = "own", directory = "own" }},
    {{ name = "toml", marker = "extra == 'web'", specifier = ">1" }},
]
{extras}

[package.metadata.requires-dev]
dev = [{{ name = "six" }}]
empty = []
"""
NOW = """\
[project]
name = "App"
version = "1"
dependencies = ["six>=1.0", "idna[X_1]; sys_platform=='linux'", "own"]
[project.optional-dependencies]
Web = ["toml>1"]
none = []
[dependency-groups]
dev = ["Six"]
empty = []
[tool.uv]
package = false
"""
EXTRAS = 'provides-extras = ["none", "web"]'


def changes(old: str, new: str, *, lock: str = LOCK, place: str = ".") -> list[str]:
    """What is said once one thing of the project is other than it was."""
    assert old in NOW
    manifest = NOW.replace(old, new)
    document = Document("/p", manifest, parse_toml("/p", manifest))
    table = parse_toml("uv.lock", lock.format(revision="revision = 3", extras=EXTRAS))
    found = uv_requirement_changes(table, place, parse(document), document)
    return [f"{text} ({origin.removeprefix('/p:')})" for text, origin in found]


def test_nothing_has_changed() -> None:
    assert changes("App", "APP") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("six>=1.0", "six~=1.0", ["was made for another version of `six` than `six~=1.0` (4)"]),
        ('"six>=1.0", ', "", ["still has `six`, which is no longer asked for (/p)"]),
        ('"own"', '"own", "new"', ["does not know `new` (4)"]),
        ("[X_1]", "", ["was made for other extras of `idna` than `idna; sys_platform=='linux'` (4)"]),
        ("; sys_platform=='linux'", "", ["was made for another marker of `idna` than `idna[X_1]` (4)"]),
        (
            '"six>=1.0"',
            "\"six>=1.0; os_name=='x'\"",
            ["was made for another marker of `six` than `six>=1.0; os_name=='x'` (4)"],
        ),
        ("toml>1", "toml>2", ["was made for another version of `toml` than `toml>2` (6)"]),
        ('["toml>1"]', "[]", ["still has `toml`, which is no longer asked for (/p)"]),
        ("none = []\n", "", ["still has the extra `none` (/p)"]),
        ("none = []\n", "none = []\nmore = []\n", ["does not know the extra `more` (/p)"]),
        ("empty = []\n", "", ["still has the group `empty` (/p)"]),
        ("empty = []\n", "empty = []\nmore = []\n", ["does not know the group `more` (/p)"]),
        ('dev = ["Six"]\n', 'dev = ["Six>1"]\n', ["was made for another version of `six` than `Six>1` (9)"]),
        ('"App"', '"other"', ["knows the project as `app` (2)"]),
        ('version = "1"', 'version = "1.1"', ["was made for 1.0, not 1.1, of the project (3)"]),
        ("package = false", "package = true", ["does not know that the project is now installed as a package (12)"]),
    ],
)
def test_one_thing_has_changed(old: str, new: str, said: list[str]) -> None:
    assert changes(old, new) == said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"own"', '"own>=7"'),  # its version is that of the directory
        ('"own"', '"own @ file:///own"'),
        ('"six>=1.0"', "\"six>=1; os_name=='x' or os_name!='x'\""),  # always holds: uv leaves it out
        ('version = "1"', 'dynamic = ["version"]'),
        ('"own"', '"not one!"'),
        ("package = false", 'dev-dependencies = ["six"]'),
    ],
)
def test_what_is_no_change_or_cannot_be_told(old: str, new: str) -> None:
    assert changes(old, new) == []


def test_a_project_that_the_lock_has_not() -> None:
    assert changes("App", "App", place="elsewhere") == []
    assert changes("App", "App", lock="version = 1\n") == ["does not know the project `App` (2)"]


def test_an_old_lock_names_neither_extras_nor_empty_groups() -> None:
    old = LOCK.replace("{revision}", "").replace("{extras}", "").replace("empty = []\n", "")
    assert changes("none = []\n", "none = []\nmore = []\n", lock=old) == []


@pytest.mark.tools
@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ('"zeta[more]>=1",', '"zeta [more] >= 1.0", ', ()),
        ('"zeta[more]>=1",', '"zeta[more]>=2",', ("was made for another version of `zeta` than `zeta[more]>=2`",)),
        ('"zeta[more]>=1",', "", ("still has `zeta`, which is no longer asked for",)),
        ('"own",', '"own", "six>=1",', ("does not know `six>=1`",)),
        ("lint = []", 'lint = ["ruff"]', ("does not know `ruff`", "does not know `ruff`")),
        ('web = ["docs-x"]', "", ("still has the extra `web`",)),
        ("\"gamma ; python_version >= '3.8'\"", '"gamma"', ("was made for another marker of `gamma` than `gamma`",)),
        ('name = "app"', 'name = "other"\ndynamic = ["dependencies"]', ("knows the project as `app`",)),
    ],
)
def test_what_uv_does_not_know_yet(app: Path, old: str, new: str, changes: tuple[str, ...]) -> None:
    manifest = (app / "pyproject.toml").read_text()
    assert old in manifest
    (app / "pyproject.toml").write_text(manifest.replace(old, new))
    assert tuple(change.text for change in look(app).changes) == changes
