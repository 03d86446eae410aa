from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.pipenv_manifests import faults
from envdoctor.system.toml import Document, parse_toml

SOURCE = '[[source]]\nname = "x"\nurl = "https://x.example/simple"\nverify_ssl = true\n'
NEWEST, BEFORE_STRICT = (2026, 10, 3), (2024, 4, 1)
# what every command of pipenv refuses, with the line and the words; the clinic asks the newest, and by hand 2022 and
# 2024 were asked
SICK = {
    "a source without an address": ('[[source]]\nname = "x"\nverify_ssl = true\n', 2, "missing required field: url"),
    "a source without a name": (
        '[[source]]\nurl = "x"\nverify_ssl = true\n',
        2,
        "missing required field: name",
    ),
    "a source in one table": ('[source]\nname = "x"\nurl = "https://x"\n', 1, "missing required field: name (the"),
    "a source with a word": (SOURCE.replace("true", '"yes"'), 2, "invalid type for field verify_ssl: str, not bool"),
    "an address of a number": (
        '[[source]]\nname = "x"\nurl = 1\nverify_ssl = true\n',
        2,
        "invalid type for field url: int, not str",
    ),
    "a list": ('[packages]\nfoo = ["1"]\n', 2, "invalid type for package data: list (`foo`)"),
    "a switch": ("[packages]\nfoo = true\n", 2, "invalid type for package data: bool (`foo`)"),
    "a list for developers": ('[dev-packages]\nfoo = ["1"]\n', 2, "invalid type for package data: list"),
    "a list in a category": ('[docs]\nfoo = ["1"]\n', 2, "invalid type for package data: list"),
    "a version of a number": ("[packages]\nfoo = {version = 1}\n", 2, "invalid type for field version: int, not str"),
    "extras of a word": ('[packages]\nfoo = {extras = "x"}\n', 2, "invalid type for field extras: str, not list"),
    "a Python of a number": ("[requires]\npython_version = 3.11\n", 2, "invalid type for field python_version: float"),
    "a list of Pythons": ('[requires]\npython_version = ["3.11"]\n', 2, "invalid type for field python_version: list"),
    "a full Python": ("[requires]\npython_full_version = 3.11\n", 2, "invalid type for field python_full_version"),
    "a setting": ('[pipenv]\nallow_prereleases = "x"\n', 2, "invalid type for field allow_prereleases: str, not bool"),
}
OF_NEWEST = {
    "a key": ('[packages]\nfoo = {git = "x", commit = "1"}\n', 2, "unrecognized Pipfile option(s): commit"),
}
# what stops only `pipenv lock`, before it looks for a package
UNLOCKABLE = {
    "a number": ("[packages]\nfoo = 1.0\n", 2, "invalid type for package data: float (`foo`)"),
    "an operator alone": ('[packages]\nfoo = "=="\n', 2, "`foo==` is no requirement"),
    "a word": ('[packages]\nfoo = "nonsense"\n', 2, "`foo==nonsense` is no requirement"),
    "a name": ('[packages]\n"a b" = "*"\n', 2, "`a b` is no requirement"),
    "a marker": ('[packages]\nfoo = {version = "*", markers = "no"}\n', 2, "`foo ; no` is no requirement"),
    "a path": ('[packages]\nfoo = {path = "./no"}\n', 2, "`foo` looks like a path, and ./no does not exist"),
}
HEALTHY = {
    "nothing": "",
    "a source": SOURCE,
    "a source twice": SOURCE + SOURCE,
    "a source that says more": f"{SOURCE}foo = 1\n",
    "a secret": SOURCE.replace("https://", "https://${USER}:${TOKEN}@"),
    "settings": "[packages]\n[pipenv]\nshiny = 1\nallow_prereleases = true\n",
    "a Python": '[packages]\n[requires]\npython_version = ">=3.9"\nfoo = 1\n',
    "a category": "[packages]\n[docs]\n",
}
# what cannot be locked without an index; nothing is wrong with it
FOUND = (
    '[packages]\nfoo = "1.0"\nbar = ">=1,<2"\nbaz = "~=1.0"\nqux = ""\nquux = " * "\n',
    '[packages]\nfoo = {version = "*", index = "no", extras = ["a"], sys_platform = "== \'linux\'"}\n',
    '[packages]\nfoo = {git = "https://x.example/foo.git", ref = "main", editable = true}\n',
    '[packages]\nfoo = {file = "https://x.example/foo.whl"}\nbar = {path = "."}\n',
)


def said(root: Path, text: str, version: tuple[int, ...] | None = NEWEST) -> list[tuple[int, str]]:
    document = Document(f"{root}/Pipfile", text, parse_toml("Pipfile", text))
    found = ((document.origin(*place).rpartition(":")[2], why) for place, why in faults(document, version))
    return [(int(line) if line.isdigit() else 0, why) for line, why in found]


@pytest.mark.parametrize("name", [*SICK, *OF_NEWEST, *UNLOCKABLE])
def test_what_pipenv_refuses(tmp_path: Path, name: str) -> None:
    text, line, reason = (SICK | OF_NEWEST | UNLOCKABLE)[name]
    [(number, why)] = said(tmp_path, text)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize("text", [*HEALTHY.values(), *FOUND])
def test_what_pipenv_admits(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, text) == []


@pytest.mark.parametrize("version", [BEFORE_STRICT, None, (2026, 11)])
def test_a_key_is_checked_by_the_newest_alone(tmp_path: Path, version: tuple[int, ...] | None) -> None:
    [(text, _, _)] = OF_NEWEST.values()
    assert said(tmp_path, text, version) == []
