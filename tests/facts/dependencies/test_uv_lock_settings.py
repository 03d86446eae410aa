from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.uv_lock_settings import uv_python_changes, uv_setting_changes
from envdoctor.facts.uv.settings import UvFile, UvLevel, UvSettings, UvValue, UvVariable
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


def changes(
    manifest: str,
    *,
    python: str = ">=3.9",
    noted: str = "",
    more: str = "",
    place: str = ".",
    settings: UvSettings | None = None,
) -> list[str]:
    lock = parse_toml("uv.lock", LOCK.format(python=python, noted=noted, more=more))
    document = Document("p", manifest, parse_toml("p", manifest))
    found = *uv_python_changes(lock, (document,)), *uv_setting_changes(lock, place, document, settings)
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
    def of_members(kept: str, *asked: str) -> list[tuple[str, str]]:
        texts = [PROJECT.format(text) if text else "[tool.uv.workspace]\nmembers = ['*']\n" for text in asked]
        members = tuple(Document(f"p{n}", text, parse_toml("p", text)) for n, text in enumerate(texts))
        return list(uv_python_changes({"requires-python": kept}, members))

    for asked in ((">=3.9", ">=3.10"), (">=3.10", ">=3.8", ">=3.10"), ("", ">=3.10"), ("",)):
        assert of_members(">=3.10", *asked) == []
    [(text, origin)] = of_members(">=3.10", "", ">=3.10", "<3.13")
    assert (text, origin) == ("was made for Python >=3.10, not for >=3.10,<3.13", "p1:3")


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
        ('constraint-dependencies = ["Foo<2"]', '[manifest]\nconstraints = [{ name = "foo", specifier = "<2" }]', None),
        (
            'constraint-dependencies = ["foo<2,>1"]',
            '[manifest]\nconstraints = [{ name = "foo", specifier = ">1,<2" }]',
            None,
        ),
        ('constraint-dependencies = ["foo<2"]', '[manifest]\nconstraints = [{ name = "foo", git = "x" }]', None),
        (
            'constraint-dependencies = ["foo<2"]',
            '[manifest]\nconstraints = [{ name = "foo", specifier = "<3" }]',
            "constraint-dependencies",
        ),
        ('constraint-dependencies = ["foo<2"]', "", "constraint-dependencies"),
        ("", '[manifest]\noverrides = [{ name = "foo" }]', "override-dependencies"),
        ("", '[manifest]\nbuild-constraints = [{ name = "foo" }]', "build-constraint-dependencies"),
        ('exclude-dependencies = ["Foo"]', 'revision = 5\n[manifest]\nexcludes = ["foo"]', None),
        ('exclude-dependencies = ["foo"]', "revision = 5", "exclude-dependencies"),
        ('exclude-dependencies = ["foo"]', "revision = 3", None),
        ("", '[manifest]\nexcludes = ["foo"]', "exclude-dependencies"),
        ("", '[[manifest.dependency-metadata]]\nname = "foo"', "dependency-metadata"),
        ("dependency-metadata = [{ name = 'Foo' }]", '[[manifest.dependency-metadata]]\nname = "foo"', None),
        ("environments = \"sys_platform == 'linux'\"", "supported-markers = [\"sys_platform == 'linux'\"]", None),
        ("environments = [\"sys_platform == 'linux'\"]", "", "environments"),
        ("", "required-markers = [\"sys_platform == 'linux'\"]", "required-environments"),
        ("", 'conflicts = [[{ package = "app", extra = "x" }]]', "conflicts"),
    ],
)
def test_settings_of_the_project_alone(settings: str, more: str, key: str | None) -> None:
    found = changes(PROJECT.format(">=3.9") + f"[tool.uv]\n{settings}\n", more=more)
    assert [text.partition(" (")[0] for text in found] == ([f"was made with other `{key}`"] if key else [])


def uv_settings(key: str, value: str) -> UvSettings:
    """What one file says."""
    if key.startswith("UV_"):
        return UvSettings((UvVariable(key, value),))
    return UvSettings((), (UvFile("/u", UvLevel.USER),), (UvValue(key, value, "/u", 3),) if key else ())


@pytest.mark.parametrize(
    ("options", "key", "value", "said"),
    [
        ('resolution-mode = "lowest"', "resolution", "lowest", None),
        ('resolution-mode = "lowest"', "", "", "was made with `resolution` = `lowest`, not `highest` (/u)"),
        ("", "resolution", "lowest", "was made with `resolution` = `highest`, not `lowest` (/u:3)"),
        (
            "",
            "UV_RESOLUTION",
            "lowest",
            "was made with `resolution` = `highest`, not `lowest` (variable UV_RESOLUTION)",
        ),
        ("", "resolution", "highest", None),
        ("", "resolution", "lowest-of-all", None),  # uv passes over the file, and UV003 says so
        ("", "prerelease", "if-necessary-or-explicit", None),
        (
            "",
            "UV_PRERELEASE",
            "allow",
            "was made with `prerelease` = `if-necessary`, not `allow` (variable UV_PRERELEASE)",
        ),
        ('fork-strategy = "fewest"', "", "", "was made with `fork-strategy` = `fewest`, not `requires-python` (/u)"),
        ('exclude-newer = "2040-01-02T00:00:00Z"', "exclude-newer", "2040-01-01", None),
        ('exclude-newer-span = "P1D"', "exclude-newer", "1 day", None),
        (
            'exclude-newer = "2040-01-02T00:00:00Z"',
            "",
            "",
            "was made with `exclude-newer`, which is no longer set (/u)",
        ),
        ("", "exclude-newer", "2040-01-01T00:00:00Z", "was made without `exclude-newer`, which is set (/u:3)"),
        ("", "exclude-newer", "2040-01-01", None),  # which uv 0.8 does not take from a file
        ("", "exclude-newer", "1 day", None),
        (
            "",
            "UV_EXCLUDE_NEWER",
            "2040-01-01",
            "was made without `exclude-newer`, which is set (variable UV_EXCLUDE_NEWER)",
        ),
    ],
)
def test_settings_that_may_come_from_anywhere(options: str, key: str, value: str, said: str | None) -> None:
    found = changes(PROJECT.format(">=3.9"), more=f"[options]\n{options}", settings=uv_settings(key, value))
    assert found == ([said] if said else [])
