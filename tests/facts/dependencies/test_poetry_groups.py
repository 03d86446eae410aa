from __future__ import annotations

import pytest

from envdoctor.facts.dependencies import poetry_manifests
from envdoctor.facts.dependencies.poetry_groups import faults
from envdoctor.system.toml import Document, parse_toml

HEAD = '[project]\nname = "app"\nversion = "1"\n[tool.poetry]\npackage-mode = false\n'
# what poetry 2.2 to 2.5 refuse, with the line and the words; the clinic asks the newest
SICK = {
    "a group that is not there": (
        "[tool.poetry.group.dev]\noptional = true\ninclude-groups = ['Docs', 'no']\n[dependency-groups]\ndocs = []\n",
        8,
        "group `dev` includes group `no` which is not defined",
    ),
    "no list": ("[tool.poetry.group.dev]\ninclude-groups = 'x'\n", 7, "tool.poetry.group.dev.include-groups must be"),
    "itself": ("[tool.poetry.group.dev]\ninclude-groups = ['Dev']\n", 7, "cyclic dependency group include in dev: Dev"),
}
HEALTHY = {
    "a group of poetry's": (
        "[tool.poetry.group.dev]\ninclude-groups = ['A_b']\n[tool.poetry.group.a-b]\noptional = true\n"
    ),
    "a group of the standard": "[dependency-groups]\nt = []\n[tool.poetry.group.dev]\ninclude-groups = ['T']\n",
}
LEGACY = "[tool.poetry.dev-dependencies]\n[tool.poetry.group.docs]\ninclude-groups = ['dev', 'main']\n"


def said(text: str) -> list[tuple[int, str]]:
    document = Document("/p", text, parse_toml("/p", text))
    found = ((document.origin(*place).rpartition(":")[2], why) for place, why in faults(document.table))
    return [(int(line), why) for line, why in found]


@pytest.mark.parametrize("name", SICK)
def test_what_poetry_refuses(name: str) -> None:
    text, line, reason = SICK[name]
    [(number, why)] = said(HEAD + text)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize("text", [*HEALTHY.values(), LEGACY])
def test_what_poetry_admits(text: str) -> None:
    assert said(HEAD + text) == []


@pytest.mark.parametrize(("version", "count"), [((2, 1, 4), 0), ((2, 2), 1), (None, 1)])
def test_who_reads_them(version: tuple[int, ...] | None, count: int) -> None:
    text = HEAD + SICK["a group that is not there"][0]
    document = Document("/p", text, parse_toml("/p", text))
    assert len(list(poetry_manifests.faults(document, version))) == count
