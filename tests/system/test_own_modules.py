from __future__ import annotations

import os
import py_compile
import sys
from collections.abc import Callable
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path

import pytest

import envdoctor
import envdoctor_checks
from envdoctor.system import own_modules
from envdoctor.system.own_modules import OwnModules
from tests.test_imports import MODULES

NAME = "envdoctor_checks.leaf"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A module that has been compiled."""
    file = tmp_path / "leaf.py"
    file.write_text("COLOUR = 'green'\n")
    py_compile.compile(str(file))
    return file


def colour(source: Path) -> str:
    """What the module says when it is found and loaded."""
    spec = OwnModules().find_spec(NAME, [str(source.parent)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.__file__ == str(source)
    said: str = module.COLOUR
    return said


def test_each_of_our_modules_is_found_as_python_finds_it() -> None:
    finder = OwnModules()
    for name, file in MODULES.items():
        if "." not in name:
            continue
        path = [str(file.parent.parent if file.name == "__init__.py" else file.parent)]
        found, expected = finder.find_spec(name, path), PathFinder.find_spec(name, path)
        assert found is not None
        assert expected is not None
        for field in ("name", "origin", "cached", "has_location", "submodule_search_locations", "parent"):
            assert getattr(found, field) == getattr(expected, field)


def test_compiled_code_is_read_without_pythons_own_way(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SourceFileLoader, "get_code", None, raising=False)
    assert colour(source) == "green"


def _changes(source: Path) -> None:
    source.write_text("COLOUR = 'red'  # of another size\n")


def _is_newer(source: Path) -> None:
    source.write_text("COLOUR = 'brown'\n")
    os.utime(source, (1, 1))


def _is_compiled_with_a_hash(source: Path) -> None:
    py_compile.compile(str(source), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    source.write_text("COLOUR = 'brown'\n")


def _is_gone(source: Path) -> None:
    source.write_text("COLOUR = 'brown'\n")
    _compiled(source).unlink()


def _is_another_pythons(source: Path) -> None:
    source.write_text("COLOUR = 'brown'\n")
    py_compile.compile(str(source))
    _compiled(source).write_bytes(b"\0\0\0\0" + _compiled(source).read_bytes()[4:])


def _compiled(source: Path) -> Path:
    return source.parent / "__pycache__" / f"leaf.{sys.implementation.cache_tag}.pyc"


@pytest.mark.parametrize("change", [_changes, _is_newer, _is_compiled_with_a_hash, _is_gone, _is_another_pythons])
def test_the_source_counts_where_compiled_code_is_not_that_of_it(change: Callable[[Path], None], source: Path) -> None:
    change(source)
    assert colour(source) in ("red", "brown")


def test_code_that_is_cut_off_is_what_python_says_of_it(source: Path) -> None:
    compiled = _compiled(source)
    compiled.write_bytes(compiled.read_bytes()[:30])
    with pytest.raises(EOFError):
        colour(source)


def test_code_that_was_compiled_elsewhere_names_the_file_that_is_there(source: Path) -> None:
    source.write_text("import sys\nCOLOUR = sys._getframe().f_code.co_filename\n")
    py_compile.compile(str(source), dfile="/elsewhere/leaf.py")
    assert colour(source) == str(source)


def test_what_is_not_ours_or_not_there_is_left_to_others(source: Path) -> None:
    directory = str(source.parent)
    (source.parent / "empty").mkdir()
    finder = OwnModules()
    assert finder.find_spec("leaf", [directory]) is None
    assert finder.find_spec(NAME) is None
    assert finder.find_spec(NAME, [directory, directory]) is None
    assert finder.find_spec("envdoctor_checks.root", [directory]) is None
    assert finder.find_spec("envdoctor_checks.empty", [directory]) is None
    assert finder.find_spec(NAME, [f"{directory}/gone"]) is None


def test_it_comes_first_unless_compiled_code_lies_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "pycache_prefix", "/elsewhere")
    own_modules.install()
    assert not isinstance(sys.meta_path[0], OwnModules)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    own_modules.install()
    assert isinstance(sys.meta_path[0], OwnModules)
    for package in (envdoctor, envdoctor_checks):
        assert len(package.__path__) == 1  # or the packages would not be found this way
