from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.imports.redirections import Redirection, is_understood, redirections
from envdoctor.facts.python.distributions import SiteDirectory


def found(tmp_path: Path, line: str, finder: str = "", name: str = "x.pth", **env: str) -> tuple[Redirection, ...]:
    (tmp_path / name).write_text(f"{line}\n")
    (tmp_path / "_finder.py").write_text(finder)
    return redirections(SiteDirectory(str(tmp_path)), env)


@pytest.mark.parametrize(
    ("finder", "expected"),
    [
        ("MAPPING: dict[str, str] = {'a': '/src/a', 'b.c': '/src/c'}\n", [("a", "/src/a"), ("b.c", "/src/c")]),
        ("F.map_module('a', '/src/a/__init__.py')\n", [("a", "/src/a/__init__.py")]),
        ("    F.map_module('a', '/src/a.py')\n", [("a", "/src/a.py")]),
        ("MAPPING = {broken\n", []),
        ("MAPPING = {'a': 1, 2: 'b'}\n", []),
        ("MAPPING = " + "{" * 5000 + "}" * 5000 + "\n", []),
        ("F.map_module('a')\n", []),
        ("# MAPPING = {'a': 'b'}\n", []),
    ],
)
def test_what_a_finder_maps_counts_after_the_search_path(
    finder: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    mapped = found(tmp_path, "import _finder; _finder.install()", finder)
    assert [(each.name, each.path) for each in mapped] == expected
    assert not any(each.first or each.only_directory for each in mapped)
    assert {each.said_in for each in mapped} <= {f"{tmp_path}/x.pth"}


def test_namespaces_of_a_finder_are_directories(tmp_path: Path) -> None:
    [mapped] = found(tmp_path, "import _finder", "NAMESPACES: dict = {'ns': ['/src/ns']}\n")
    assert mapped == Redirection("ns", "/src/ns", f"{tmp_path}/x.pth", only_directory=True)


@pytest.mark.parametrize(
    ("finder", "expected"),
    [
        ("install({'a': '/src/a/__init__.py'}, {}, None, False)\n", [("a", "/src/a/__init__.py")]),
        ("finder = MesonpyMetaFinder(\n    'p',\n    {'b', 'a'},\n    '/build')\n", [("a", None), ("b", None)]),
        ("install('a')\n", []),
    ],
)
def test_what_builds_on_import_counts_before_it(
    finder: str, expected: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    mapped = found(tmp_path, "import _finder", finder)
    assert [(each.name, each.path) for each in mapped] == expected
    assert all(each.first for each in mapped)


def test_older_namespace_packages_name_their_directory(tmp_path: Path) -> None:
    line = "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('google', 'cloud'))"
    [mapped] = found(tmp_path, line)
    assert (mapped.name, mapped.path, mapped.only_directory) == ("google.cloud", f"{tmp_path}/google/cloud", True)


def test_setuptools_takes_over_distutils_unless_told_not_to(tmp_path: Path) -> None:
    line = "import os; enabled = True; enabled and __import__('_distutils_hack').add_shim()"
    assert found(tmp_path, line, name="distutils-precedence.pth") == ()
    (tmp_path / "setuptools").mkdir()
    [mapped] = found(tmp_path, line, name="distutils-precedence.pth")
    assert (mapped.name, mapped.path, mapped.first) == ("distutils", f"{tmp_path}/setuptools/_distutils", True)
    assert found(tmp_path, line, name="distutils-precedence.pth", SETUPTOOLS_USE_DISTUTILS="stdlib") == ()


def test_other_code_is_not_understood(tmp_path: Path) -> None:
    (tmp_path / "a.pth").write_text("import secrets\n")
    (tmp_path / "_virtualenv.pth").write_text("import _virtualenv\n")
    (tmp_path / "b.pth").write_text("import _finder\n")
    (tmp_path / "_finder.py").write_text("F.map_module('a', '/src/a.py')\n")
    directory = SiteDirectory(str(tmp_path))
    assert [is_understood(directory, line) for line in directory.path_lines] == [True, False, True]
