from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.shadowing import (
    HERE,
    LocalModule,
    ModulePlace,
    probe_local_modules,
)
from envdoctor.facts.python.active import ActivePython
from tests.builders import make_python
from tests.support import make_session


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A Python with a small standard library and one installed package of two modules."""
    library = tmp_path / "lib/python3.12"
    for file in (
        *("random.py", "os.py", "email/__init__.py", "test/__init__.py", "types.py"),
        *("lib-dynload/zlib.cpython-312-x86_64-linux-gnu.so", "lib-dynload/array.so"),
        *("site-packages/torch/__init__.py", "site-packages/jwt.py", "site-packages/utils.py"),
    ):
        touch(library / file)
    return library


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def places(
    library: Path, cwd: Path, pyproject: Pyproject | None = None, version: str = "3.12.1", **env: str
) -> tuple[ModulePlace, ...]:
    packages = f"{library}/site-packages"
    python = make_python(str(library.parent.parent), version, stdlib=str(library), sys_path=(str(library), packages))
    return probe_local_modules(make_session(env, cwd=cwd), ActivePython("python", python), pyproject).places


def names(modules: tuple[LocalModule, ...]) -> list[str]:
    return [module.name for module in modules]


def test_files_and_packages_of_the_same_name_are_found(library: Path, here: Path) -> None:
    for file in ("random.py", "email/__init__.py", "zlib.py", "mine.py", "torch.py"):
        touch(here / file)
    [place] = places(library, here)
    assert (place.directory, place.origin, place.is_package) == (str(here), HERE, False)
    assert names(place.standard) == ["email", "random", "zlib"]
    assert place.standard[1] == LocalModule("random", f"{here}/random.py", f"{library}/random.py")
    assert place.installed == (LocalModule("torch", f"{here}/torch.py", f"{library}/site-packages/torch"),)


def test_what_hides_nothing(library: Path, here: Path) -> None:
    # loaded before, nobody's, no package, no module, what half of all projects have
    for file in ("os.py", "test.py", "email/data.txt", "random.txt", "random.py.orig", "zlib/x.py", "utils.py"):
        touch(here / file)
    [place] = places(library, here)
    assert (place.standard, place.installed) == ((), ())


def test_a_project_may_be_what_it_is(library: Path, here: Path) -> None:
    touch(here / "pyproject.toml")
    for file in ("torch/__init__.py", "jwt.py", "types.py"):
        touch(here / file)
    [place] = places(library, here, Pyproject(f"{here}/pyproject.toml", "PyJWT"))
    assert (names(place.standard), names(place.installed)) == (["types"], ["jwt"])
    [place] = places(library, here, Pyproject(f"{here}/pyproject.toml", "jwt"))
    assert place.installed == ()
    [place] = places(library, here, Pyproject(f"{here}/pyproject.toml", "Types"))
    assert place.standard == ()
    [place] = places(library, here)
    assert place.installed == ()


def test_safe_path_leaves_the_working_directory_out_since_3_11(library: Path, here: Path) -> None:
    assert places(library, here, PYTHONSAFEPATH="1") == ()
    assert len(places(library, here, version="3.10.1", PYTHONSAFEPATH="1")) == 1


def test_pythonpath_counts_too_but_not_for_installed_packages(library: Path, here: Path) -> None:
    other = here.parent / "other"
    for file in ("random.py", "torch.py", "__init__.py"):
        touch(other / file)
    _, place = places(library, here, PYTHONPATH=f":{other}:relative:{library}")
    assert (place.directory, place.origin, place.is_package) == (str(other), "PYTHONPATH", True)
    assert (names(place.standard), place.installed) == (["random"], ())


def test_a_library_does_not_hide_itself(library: Path, here: Path) -> None:
    assert places(library, library) == ()
    for number in range(25):
        touch(library / f"module{number}.py")
        touch(here / f"module{number}.py")
    assert places(library, here) == ()


def test_directories_that_are_gone_hold_nothing(library: Path, tmp_path: Path) -> None:
    assert places(library, tmp_path / "gone", PYTHONPATH="/gone/too") == (
        ModulePlace(str(tmp_path / "gone"), HERE),
        ModulePlace("/gone/too", "PYTHONPATH"),
    )


def test_a_module_that_the_project_itself_has_installed_is_its_own(library: Path, here: Path) -> None:
    for file in ("pyproject.toml", "jwt.py", "torch.py"):
        touch(here / file)
    record = touch(library / "site-packages/my_tokens-1.0.dist-info/RECORD")
    record.write_text("jwt.py,sha256=abc,12\nmy_tokens-1.0.dist-info/RECORD,,\n../../../bin/tokens,,\n")
    [place] = places(library, here, Pyproject(str(here / "pyproject.toml"), name="My.Tokens"))
    assert names(place.installed) == ["torch"]
    [place] = places(library, here, Pyproject(str(here / "pyproject.toml"), name="other"))
    assert names(place.installed) == ["jwt", "torch"]
