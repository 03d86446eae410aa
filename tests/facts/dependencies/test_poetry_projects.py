from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.poetry_projects import faults
from envdoctor.system.toml import Document, parse_toml, table_at

HEAD = '[project]\nname = "app"\nversion = "1"\n'
# what `poetry check` of 2.1.4 and 2.5.1 refuses, asked by hand, with the line and the words
SICK = {
    "no version": ('[project]\nname = "app"\n', 1, "either [project.version] or [tool.poetry.version] is required"),
    "a version": (HEAD.replace('"1"', '"one"'), 3, "project.version must match a pattern, which `one` does not"),
    "a version of a number": (HEAD.replace('"1"', "1"), 3, "project.version must be string"),
    "a name": (HEAD.replace('"app"', '"a b"'), 2, "project.name must match a pattern, which `a b` does not"),
    "a dependency": (f'{HEAD}dependencies = "x"\n', 4, "project.dependencies must be array"),
    "classifiers": (f'{HEAD}classifiers = "x"\n', 4, "project.classifiers must be array"),
    "keywords": (f'{HEAD}keywords = "x"\n', 4, "project.keywords must be array"),
    "a Python": (f"{HEAD}requires-python = 3\n", 4, "project.requires-python must be string"),
    "an author": (f'{HEAD}authors = ["me"]\n', 4, "project.authors[0] must be object"),
    "a script": (f"{HEAD}[project.scripts]\nx = 1\n", 5, "project.scripts.x must be string"),
    "an extra": (f'{HEAD}[project.optional-dependencies]\nx = "y"\n', 5, "project.optional-dependencies.x must be ar"),
    "an address": (f"{HEAD}[project.urls]\nx = 1\n", 5, "project.urls.x must be string"),
}
HEALTHY = (
    HEAD,
    f"{HEAD}foo = 1\n",
    f'{HEAD}classifiers = ["Pythn :: 3"]\nkeywords = []\n',
    f'{HEAD}description = "a\\nb"\nauthors = [{{name = "me"}}]\n',
    '[project]\nname = "app"\n[tool.poetry]\nversion = "1"\n',
    '[project]\nname = "app"\n[tool.poetry]\npackage-mode = false\n',
    '[project]\nname = "app"\ndynamic = ["version"]\n[tool.poetry]\nversion = "1"\n',
)


def said(text: str) -> list[tuple[int, str]]:
    document = Document("/p", text, parse_toml("/p", text))
    poetry = table_at(document.table, "tool", "poetry")
    found = faults(table_at(document.table, "project"), poetry)
    return [(int(document.origin(*place).rpartition(":")[2]), why) for place, why in found]


@pytest.mark.parametrize("name", SICK)
def test_what_poetry_refuses_of_a_project(name: str) -> None:
    text, line, reason = SICK[name]
    [(number, why)] = said(text)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize("text", HEALTHY)
def test_what_poetry_admits(text: str) -> None:
    assert said(text) == []
