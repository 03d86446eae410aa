from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.uv_manifests import faults
from envdoctor.system.toml import Document, parse_toml

INDEX = "[[tool.uv.index]]\nname = '{}'\nurl = 'https://x.example'\n"
# what uv 0.8.17 and 0.13.9 refuse; the clinic asks them
REFUSED = {
    'dependencies = "a"': (2, 'invalid type: string "a", expected a sequence'),
    "dynamic = true": (2, "invalid type: boolean `true`, expected a sequence"),
    "name = 1": (2, "invalid type: integer `1`, expected a string"),
    'name = "-app"': (2, 'not a valid package or extra name: "-app"'),
    'version = "one"': (2, "`one` is no version"),
    '[project.optional-dependencies]\na = "b"': (3, 'invalid type: string "b", expected a sequence'),
    '[project.optional-dependencies]\n"a b" = []': (3, 'not a valid package or extra name: "a b"'),
    "[dependency-groups]\ndev = 1": (3, "invalid type: integer `1`, expected a sequence"),
    "[dependency-groups]\ndev = [1]": (3, "invalid type: integer `1`, expected a string or a map"),
    "[dependency-groups]\ndev = []\nDEV = []": (2, "duplicate dependency group: `dev`"),
    "[dependency-groups]\na = [{include-group = 'b', x = 1}]\nb = []": (3, "a group is included with more than"),
    '[tool.uv]\nmanaged = "yes"': (3, 'invalid type: string "yes", expected a boolean'),
    "[tool.uv]\nsources = []": (3, "invalid type: sequence, expected a map with unique keys"),
    '[tool.uv]\ndefault-groups = "dev"': (3, "default-groups must be"),
    '[tool.uv]\nconflicts = [[{extra = "a"}]]': (3, "each set of conflicts must have at least two entries"),
    '[tool.uv.workspace]\nmembers = "a"': (3, 'invalid type: string "a", expected a sequence'),
    '[tool.uv.workspace]\nmember = ["a"]': (3, "unknown field `member`, expected `members` or `exclude`"),
    "[tool.uv.dependency-groups]\nno = {requires-python = '>=3.9'}": (3, "failed to find group `no` specified in"),
    "[tool.uv]\nconstraint-dependencies = 'a'": (3, 'invalid type: string "a", expected a sequence'),
    "[tool.uv]\nconstraint-dependencies = ['a==']": (3, "`a==` is no requirement"),
    "[tool.uv]\noverride-dependencies = [\n'a',\n'b>']": (5, "`b>` is no requirement"),
    "[tool.uv]\nbuild-constraint-dependencies = ['a==']": (3, "`a==` is no requirement"),
    "[tool.uv]\nenvironments = ['linux']": (3, "expected a quoted string or a valid marker name: `linux`"),
    "[tool.uv]\nrequired-environments = ['x ==']": (3, "expected a quoted string or a valid marker name: `x ==`"),
    "[tool.uv.index]\nname = 'a'\nurl = 'https://x.example'": (2, "invalid type: map, expected a sequence"),
    "[[tool.uv.index]]\nname = 'a'": (3, "missing field `url`"),
    INDEX.format("a b"): (3, "index names may only contain letters, digits, hyphens, underscores, and periods: `a b`"),
    f"{INDEX.format('a')}{INDEX.format('a')}": (3, "duplicate index name `a`"),
    "[tool.uv]\ndev-dependencies = []\n[tool.uv.dependency-groups]\ndev = {requires-python = '>=3.9'}": (
        5,
        "failed to find group `dev` specified in",
    ),
}
ADMITTED = [
    "[tool.uv]\nconstraint-dependencies = ['a>=1']\nenvironments = \"os_name == 'posix'\"",
    'dependencies = []\nname = "a.b_C-1"\nversion = "1!2.0rc1+l"\nkeywords = 1',
    "[dependency-groups]\ndev = []\n'a.b' = [{include-group = 'dev'}]",
    "[tool.uv]\ndefault-groups = 'all'\nconflicts = []",
    f"{INDEX.format('a')}{INDEX.format('A')}",
]


def said(text: str, version: tuple[int, ...] | None = (0, 13, 9)) -> list[tuple[int, str]]:
    whole = f"[project]\n{text}\n"
    document = Document("p", whole, parse_toml("p", whole))
    found = ((document.origin(*place).removeprefix("p:"), why) for place, why in faults(document, version))
    return [(int(line), why) for line, why in found]


@pytest.mark.parametrize("text", REFUSED)
def test_what_uv_refuses(text: str) -> None:
    line, reason = REFUSED[text]
    [(number, why)] = said(text)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize("text", ADMITTED)
def test_what_uv_admits(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("version", "count"), [((0, 11), 1), ((0, 9, 30), 0), (None, 0)])
def test_only_one_default_index_since_some_version(version: tuple[int, ...] | None, count: int) -> None:
    text = f"{INDEX.format('a')}default = true\n{INDEX.format('b')}default = true"
    assert [line for line, _ in said(text, version)] == [2] * count


@pytest.mark.parametrize(("version", "count"), [((0, 11), 1), ((0, 9, 30), 0), (None, 0)])
def test_an_index_for_named_sources_needs_a_name_since_some_version(
    version: tuple[int, ...] | None, count: int
) -> None:
    text = "[[tool.uv.index]]\nurl = 'https://x.example'\nexplicit = true"
    assert said(text, version) == [(2, "an index with `explicit = true` requires a `name`")] * count
