from __future__ import annotations

import shutil

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.libpython import probe_libpython_choice
from tests.facts.libraries.standard_modules_world import Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


def test_the_libpython_of_the_library_path_is_told_from_the_own(lab: Lab) -> None:
    own = make_library(lab.prefix / "lib" / "libpython3.11.so.1.0")
    python = lab.python(needs=(own,), flags=("-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../lib"))
    other = make_library(lab.root / "other" / "libpython3.11.so.1.0", ["different"])
    choice = probe_libpython_choice(lab.session(other.parent), python)
    assert (choice.taken, choice.own, choice.how, choice.same) == (
        str(other),
        f"{lab.prefix}/bin/../lib/libpython3.11.so.1.0",
        "LD_LIBRARY_PATH",
        False,
    )
    shutil.copy(own, other)
    assert probe_libpython_choice(lab.session(other.parent), python).same
    with pytest.raises(Unavailable, match="neither"):
        probe_libpython_choice(lab.session(), python)


def test_files_that_cannot_be_compared_are_not_said_to_differ(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    own = make_library(lab.prefix / "lib" / "libpython3.11.so.1.0")
    python = lab.python(needs=(own,), flags=("-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../lib"))
    other = make_library(lab.root / "other" / "libpython3.11.so.1.0", ["different"])

    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("filecmp.cmp", refuse)
    with pytest.raises(Unavailable, match=r"cannot be compared: .*Permission denied"):
        probe_libpython_choice(lab.session(other.parent), python)


def test_a_python_that_holds_its_library_in_itself_has_none_to_lose(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="in itself"):
        probe_libpython_choice(lab.session("/opt/lib"), lab.python())
