from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from envdoctor.facts.imports.modules import Kind, Module, Rules, names_in
from tests.builders import make_interpreter
from tests.facts.imports.imports_world import write

SUFFIX = ".cpython-311-x86_64-linux-gnu.so"


def rules(version: tuple[int, int, int] = (3, 11, 7), **changes: object) -> Rules:
    return Rules(make_interpreter("/usr", version, **{"extension_suffix": SUFFIX, **changes}))


@pytest.mark.parametrize(
    ("files", "kind", "path"),
    [
        (["x.py"], Kind.MODULE, "x.py"),
        (["x.py", "x/__init__.py"], Kind.PACKAGE, "x/__init__.py"),
        (["x.py", "x/"], Kind.MODULE, "x.py"),
        (["x/"], Kind.NAMESPACE, "x"),
        (["x.pyc"], Kind.COMPILED, "x.pyc"),
        (["x.py", "x.pyc"], Kind.MODULE, "x.py"),
        ([f"x{SUFFIX}", "x.py"], Kind.EXTENSION, f"x{SUFFIX}"),
        (["x.abi3.so"], Kind.EXTENSION, "x.abi3.so"),
        ([f"x/__init__{SUFFIX}", "x/__init__.py"], Kind.PACKAGE, f"x/__init__{SUFFIX}"),
        (["x/__init__.pyc"], Kind.PACKAGE, "x/__init__.pyc"),
    ],
)
def test_what_counts_first_in_a_directory(files: list[str], kind: Kind, path: str, tmp_path: Path) -> None:
    write(tmp_path, *files)
    found = rules().find(str(tmp_path), "x")
    assert found is not None
    assert (found.kind, found.path) == (kind, str(tmp_path / path))
    assert found.inside == ((str(tmp_path / "x"),) if kind in (Kind.PACKAGE, Kind.NAMESPACE) else ())


def test_what_another_python_imports_is_not_found(tmp_path: Path) -> None:
    write(tmp_path, "x.cpython-310-x86_64-linux-gnu.so", "y/", "z.abi3.so", "w/__init__.so")
    assert rules().find(str(tmp_path), "x") is None
    assert rules().find(str(tmp_path), "nothing") is None
    assert rules((2, 7, 18)).find(str(tmp_path), "y") is None
    assert rules((2, 7, 18)).find(str(tmp_path), "w") is None
    assert rules((3, 13, 0), free_threaded=True).find(str(tmp_path), "z") is None
    assert rules((3, 9, 0), implementation="pypy").find(str(tmp_path), "z") is None


def test_an_archive_is_searched_as_zipimport_does(tmp_path: Path) -> None:
    archive = f"{tmp_path}/a.egg"
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("x.py", "x.pyc", "p/__init__.py", "p/q.py", "n/", "s.so", "deep/er/m.py"):
            made.writestr(name, "")
    find = rules().find
    assert find(archive, "x") == Module(Kind.COMPILED, f"{archive}/x.pyc")
    assert find(archive, "p") == Module(Kind.PACKAGE, f"{archive}/p/__init__.py", (f"{archive}/p",))
    assert find(f"{archive}/p", "q") == Module(Kind.MODULE, f"{archive}/p/q.py")
    assert find(f"{archive}/deep/er", "m") == Module(Kind.MODULE, f"{archive}/deep/er/m.py")
    assert find(archive, "n") == Module(Kind.NAMESPACE, f"{archive}/n", (f"{archive}/n",))
    assert find(archive, "s") is None
    assert find(archive, "deep") is None
    assert rules((2, 7, 18)).find(archive, "n") is None


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\xff" * 18])
def test_a_file_that_is_no_archive_has_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    assert rules().find(f"{tmp_path}/x.zip", "x") is None
    assert rules().find(f"{tmp_path}/nowhere/else", "x") is None


def test_a_mapped_path_is_a_file_or_lacks_its_ending(tmp_path: Path) -> None:
    write(tmp_path, "p/__init__.py", "m.py")
    package = Module(Kind.PACKAGE, f"{tmp_path}/p/__init__.py", (f"{tmp_path}/p",))
    assert rules().at(f"{tmp_path}/p") == rules().at(f"{tmp_path}/p/__init__.py") == package
    assert rules().at(f"{tmp_path}/m") == rules().at(f"{tmp_path}/m.py") == Module(Kind.MODULE, f"{tmp_path}/m.py")
    assert rules().at(f"{tmp_path}/gone") is None


def test_the_names_of_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "b/x.py", "c.abi3.so", "d.txt", "e-f.py", "g-1.dist-info/METADATA")
    assert sorted(names_in(str(tmp_path))) == ["a", "b", "c"]
    assert list(names_in("/nonexistent\0")) == []
