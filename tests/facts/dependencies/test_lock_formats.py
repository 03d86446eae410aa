"""What the managers write into their locks becomes the same rows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.lock import LockedPackage
from envdoctor.facts.dependencies.lock_formats import Row, lines_of, of_pipfile, of_poetry, of_uv, read_lock
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import parse_toml
from tests.facts.dependencies.locks_world import HERE, POETRY_LOCK, POETRY_MANIFEST, look, uv, wanted, write


@pytest.mark.tools
def test_another_platform_wants_something_else(app: Path) -> None:
    windows = msgspec.structs.replace(HERE, platform="win32")
    assert wanted(look(app, windows)).keys() - wanted(look(app)).keys() == {"delta"}
    assert look(app, None).packages == ()


@pytest.mark.tools
@pytest.mark.parametrize(
    ("table", "kind"),
    [("project.optional-dependencies", "extra"), ("dependency-groups", "group")],
)
def test_what_hangs_on_one_of_several_conflicting_choices_is_not_known(
    tmp_path: Path, wheels: Path, table: str, kind: str
) -> None:
    app = tmp_path / "app"
    manifest = '[project]\nname="app"\nversion="1"\nrequires-python=">=3.11"\ndependencies=["alpha", "gamma"]\n'
    choices = f'[{table}]\ncpu=["beta==1.0"]\ngpu=["beta==2.0"]\n'
    settings = f'[tool.uv]\nno-index=true\nfind-links=["{wheels}"]\nconflicts=[[{{{kind}="cpu"}},{{{kind}="gpu"}}]]\n'
    write(app, {"pyproject.toml": manifest + choices + settings})
    uv(app, "lock")
    assert f"{kind}-3-app-gpu" in (app / "uv.lock").read_text()
    assert {name: version for name, (version, _) in wanted(look(app)).items()} == {"alpha": "2.0", "gamma": "1.0"}


def test_poetry_says_with_each_package_who_wants_it(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": POETRY_MANIFEST, "poetry.lock": POETRY_LOCK})
    lock = look(tmp_path)
    assert lock.packages == (
        LockedPackage("httpx", "0.27.0", ("", "dev"), 4),
        LockedPackage("colorama", "1.0", ("dev",), 22),
        LockedPackage("pytest", "8.0", ("dev",), 29),
        LockedPackage("working-copy", None, ("",), 47),
    )
    assert [change.text for change in lock.changes] == [f"was not made from what {tmp_path}/pyproject.toml says now"]


def test_an_older_lock_of_poetry_cannot_tell_what_is_missing(tmp_path: Path) -> None:
    text = "\n".join(line for line in POETRY_LOCK.splitlines() if not line.startswith("groups"))
    write(tmp_path, {"pyproject.toml": POETRY_MANIFEST, "poetry.lock": text})
    lock = look(tmp_path)
    assert not lock.complete
    assert wanted(lock)["pytest"] == ("8.0", ("",))


def test_pdm_and_pylock(tmp_path: Path) -> None:
    manifest = "[project]\nname='a'\n[dependency-groups]\nlint=['ruff']\n[tool.pdm.scripts]\nx='y'\n"
    packages = (
        '[[package]]\nname = "idna"\nversion = "3"\ngroups = ["default"]\n'
        '[[package]]\nname = "ruff"\nversion = "1"\ngroups = ["lint", "docs"]\n'
        '[[package]]\nname = "sphinx"\nversion = "1"\ngroups = ["docs"]\n'
        '[[package]]\nname = "own"\nversion = "1"\npath = "./own"\nmarker = "sys_platform != \'win32\'"\n'
    )
    write(tmp_path / "pdm", {"pyproject.toml": manifest, "pdm.lock": packages})
    assert wanted(look(tmp_path / "pdm")) == {"idna": ("3", ("",)), "ruff": ("1", ("lint",)), "own": (None, ("",))}
    pylock = (
        'lock-version = "1.0"\n[[packages]]\nname = "idna"\nversion = "3"\n'
        '[[packages]]\nname = "pywin32"\nversion = "3"\nmarker = "sys_platform == \'win32\'"\n'
    )
    write(tmp_path / "pip", {"pylock.toml": pylock})
    assert wanted(look(tmp_path / "pip")) == {"idna": ("3", ("",))}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("uv.lock", "[[package]]\nname = \n", "uv.lock:2: Invalid value"),
        ("poetry.lock", "\0", "poetry.lock: a binary file"),
        ("Pipfile.lock", '{\n"a": }', "Pipfile.lock:2: Expecting value"),
        ("Pipfile.lock", "[]", "Pipfile.lock: is no JSON object"),
        ("Pipfile.lock", "[" * 99999, "Pipfile.lock: nested too deeply"),
        ("Pipfile.lock", "9" * 5000, "Pipfile.lock: Exceeds the limit"),
    ],
)
def test_a_malformed_lock_says_where(tmp_path: Path, name: str, content: str, reason: str) -> None:
    write(tmp_path, {name: content})
    with pytest.raises(Unavailable, match=reason):
        look(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "package = 1", "[[package]]\n", '[[package]]\nname="x"\nsource=1\nversion=1\n']
)
def test_a_lock_of_an_odd_shape_wants_nothing(tmp_path: Path, content: str) -> None:
    write(tmp_path, {"uv.lock": content})
    assert look(tmp_path).packages == ()


OF_UV = """\
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "alpha", extra = ["more"] },
    { name = "beta", version = "1", marker = "elsewhere" },
    { name = "beta", version = "2", marker = "here" },
    { name = "own" },
]
[package.dev-dependencies]
dev = [{ name = "tool" }, { name = "Alpha" }]
docs = [{ name = "sphinx" }]
[[package]]
name = "alpha"
version = "3"
dependencies = [{ name = "alpha" }]
[package.optional-dependencies]
more = [{ name = "speed" }]
less = [{ name = "never" }]
[[package]]
name = "beta"
version = "1"
[[package]]
name = "beta"
version = "2"
[[package]]
name = "own"
version = "4"
source = { editable = "libs/own" }
[[package]]
name = "speed"
version = "5"
[[package]]
name = "tool"
version = "6"
"""


def test_a_lock_of_uv_is_walked_from_its_own_packages() -> None:
    rows = of_uv(parse_toml("p", OF_UV), (".",), ("dev",), {"here": True, "elsewhere": False}.get)
    assert set(rows) == {
        Row("alpha", "3"),
        Row("beta", "2"),
        Row("own", None),
        Row("speed", "5"),
        Row("tool", "6", ("dev",)),
    }


def test_a_marker_that_nobody_can_evaluate_is_not_followed() -> None:
    rows = of_uv(parse_toml("p", OF_UV), (".",), (), lambda _: None)
    assert sorted(row.name for row in rows) == ["alpha", "own", "speed"]
    assert not list(of_uv(parse_toml("p", OF_UV), ("elsewhere",), (), lambda _: True))


def test_a_category_is_a_group() -> None:
    table = parse_toml("p", '[[package]]\nname="A"\ncategory="main"\n[[package]]\nname="b"\ncategory="dev"\n')
    assert list(of_poetry(table)) == [Row("a", None, ("",)), Row("b", None, ("dev",))]


def test_a_pipfile_lock_has_versions_only_of_what_is_pinned() -> None:
    entries = {"A_b": {"version": "==1.0"}, "c": {"version": "*"}, "d": {"git": "x"}, "e": "odd"}
    assert list(of_pipfile({"default": entries, "develop": {"f": {"markers": "m"}}})) == [
        Row("a-b", "1.0"),
        Row("c", None),
        Row("d", None),
        Row("f", None, ("develop",), "m"),
    ]


FILES = 'files = [\n    {file = "[x].whl", hash = "00"},\n]\n'


def test_lists_of_files_are_left_out_and_lines_stay_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "poetry.lock"
    path.write_text(f'[[package]]\nname = "A"\n{FILES}[[package]]\nname = "b.c"\nsdist = {{ url = "u" }}\n')
    document = read_lock(str(path))
    assert document.table == {"package": [{"name": "A"}, {"name": "b.c"}]}
    assert lines_of(document) == {"a": 2, "b-c": 7}
    path.write_text(f"{FILES}x = \n")
    with pytest.raises(Unreadable, match=r"poetry\.lock:4: "):
        read_lock(str(path))
