from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.pdm_manifests import faults
from envdoctor.system.toml import Document, parse_toml

HEAD = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = []\n'
SOURCE = "[[tool.pdm.source]]\nurl = 'https://x.example'\n"
NEWEST, BEFORE_GROUPS = (2, 29, 4), (2, 19, 3)
# what `pdm lock` of 2.22 to 2.29 refuses, with the line and the words; the clinic asks the newest
SICK = {
    "a group that is not there": ("[dependency-groups]\nd = [{include-group = 'no'}]\n", 7, "missing group 'no' in"),
    "a circle": (
        "[dependency-groups]\na = [{include-group = 'b'}]\nb = [{include-group = 'A'}]\nc = [{include-group = 'a'}]\n",
        6,
        "cyclic dependency group include detected: a, b",
    ),
    "itself": ("[dependency-groups]\na = [{include-group = 'a'}]\n", 6, "cyclic dependency group include detected: a"),
    "a number": ("[dependency-groups]\na = [1]\n", 7, "invalid dependency group item: 1"),
    "another table": ("[dependency-groups]\na = [{foo = 'x'}]\n", 7, "invalid dependency group item: a table of foo"),
    "a group twice": ("[dependency-groups]\na_b = []\na-b = []\n", 6, "the group a-b is duplicated in"),
    "a source without a name": (SOURCE, 7, "a source has no `name`"),
    "a source that says more": (f"{SOURCE}name = 'x'\nfoo = 1\n", 8, "a source has an unexpected `foo`"),
    "a format": ("[tool.pdm.lock]\nformat = 'poetry'\n", 7, "invalid lock format `poetry`, must be 'pdm' or 'pylock'"),
    "a format of no words": ("[tool.pdm.lock]\nformat = 3\n", 7, "invalid lock format `3`, must be"),
    "a source in one table": ("[tool.pdm.source]\nname = 'x'\n", 6, "the sources are no list of tables"),
}
HEALTHY = {
    "nothing": "",
    "groups": "[dependency-groups]\na = []\nb = [{include-group = 'A'}]\nc = [{include-group = 'a'}, 'app']\n",
    "an older group": "[dependency-groups]\na = [{include-group = 'b'}]\n[tool.pdm.dev-dependencies]\nb = []\n",
    "a source": f"{SOURCE}name = 'x'\nverify_ssl = true\ntype = 'index'\ninclude_packages = ['a*']\n",
    "a source without an address": "[[tool.pdm.source]]\nname = 'x'\n",
    "a source twice": f"{SOURCE}name = 'x'\n{SOURCE}name = 'x'\n",
    "a format": "[tool.pdm.lock]\nformat = 'pylock'\n",
    "no name": "[tool.pdm]\ndistribution = true\n",
}
# which of them make one manifest for the clinic
TOGETHER = (("groups", "a source", "no name"), ("an older group", "a source without an address", "a source twice"))


def said(text: str, version: tuple[int, ...] | None = NEWEST) -> list[tuple[int, str]]:
    document = Document("/p", text, parse_toml("/p", text))
    found = ((document.origin(*place).rpartition(":")[2], why) for place, why in faults(document, version))
    return [(int(line) if line.isdigit() else 0, why) for line, why in found]


@pytest.mark.parametrize("name", SICK)
def test_what_pdm_refuses(name: str) -> None:
    text, line, reason = SICK[name]
    [(number, why), *more] = said(HEAD + text)
    assert (number, why[: len(reason)]) == (line, reason)
    assert not more or name == "a circle"


@pytest.mark.parametrize("name", HEALTHY)
def test_what_pdm_admits(name: str) -> None:
    assert said(HEAD + HEALTHY[name]) == []


def test_what_depends_on_the_version() -> None:
    groups = {name for name, (text, _, _) in SICK.items() if "groups" in text}
    formats = {name for name, (text, _, _) in SICK.items() if "format" in text}
    assert {name for name in SICK if not said(HEAD + SICK[name][0], BEFORE_GROUPS)} == groups | formats
    assert {name for name in SICK if not said(HEAD + SICK[name][0], (2, 29, 3))} == formats
    assert {name for name in SICK if not said(HEAD + SICK[name][0], None)} == {"a source that says more", *formats}


@pytest.mark.parametrize("text", ["[tool.pdm]\ndistribution = true\n", "[project]\n[tool.pdm]\n"])
def test_a_manifest_without_a_project(text: str) -> None:
    [(_, why)] = said(text)
    assert why == "the pyproject.toml has not been initialized yet: it has no `[project]`"
