"""What does poetry 2 refuse of `[project]`? In the words of 2.1 to 2.5; 1.8 does not read that table."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.facts.dependencies.uv_source_shapes import NAME
from envdoctor.system.toml import Table, strings, table_at
from envdoctor.text import pep440
from envdoctor.text.plain import plain

KINDS: dict[type, str] = {str: "string", list: "array", dict: "object"}
# what must be of one kind; a star is whatever the table has
SHAPES: tuple[tuple[tuple[str, ...], type], ...] = (
    (("version",), str),
    (("requires-python",), str),
    (("dependencies",), list),
    (("classifiers",), list),
    (("keywords",), list),
    (("optional-dependencies", "*"), list),
    (("scripts", "*"), str),
    (("urls", "*"), str),
)
PEOPLE = ("authors", "maintainers")
Place = tuple[str, str, str]


def faults(project: Table, poetry: Table) -> Iterator[tuple[Place, str]]:
    """Where each stands (table, key, within), and what is wrong with it; `poetry` is the `[tool.poetry]` beside it."""
    for (*above, last), kind in SHAPES:
        table = table_at(project, *above)
        for key in table if last == "*" else {last} & table.keys():
            if not isinstance(table[key], kind):
                path = ".".join(("project", *above))
                yield (path, key, ""), f"{path}.{plain(key)} must be {KINDS[kind]}"
    for key in PEOPLE:
        people = project.get(key)
        for number, person in enumerate(people if isinstance(people, list) else ()):
            if not isinstance(person, dict):
                yield ("project", key, ""), f"project.{key}[{number}] must be object"
    name, version = project.get("name"), project.get("version")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield ("project", "name", ""), f"project.name must match a pattern, which `{plain(name)}` does not"
    if isinstance(version, str) and pep440.version(version) is None:
        yield ("project", "version", ""), f"project.version must match a pattern, which `{plain(version)}` does not"
    dynamic = "version" in strings(project.get("dynamic"))
    if version is None and not dynamic and "version" not in poetry and poetry.get("package-mode", True) is True:
        yield ("", "project", ""), "either [project.version] or [tool.poetry.version] is required in package mode"
