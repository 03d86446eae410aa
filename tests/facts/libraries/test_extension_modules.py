from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.extension_modules import (
    Unloadable,
    is_extension,
    is_importable,
    probe_extension_modules,
)
from tests.facts.libraries.standard_modules_world import Lab
from tests.native import make_extension, make_library

pytestmark = pytest.mark.tools


def test_every_module_is_looked_into_and_told_apart(lab: Lab) -> None:
    far = make_library(lab.root / "far" / "libfar.so.2", ["go", "went"], versions={"FAR_1": ["go"], "FAR_2": ["went"]})
    make_extension(lab.packages / "a.abi3.so", calls=["go"], needs=[far])
    make_extension(lab.packages / "deep" / "b.so", calls=["went"], needs=[far])
    make_library(lab.packages / "plugin.so", needs=[far])
    (lab.packages / "text.so").write_text("INPUT(libfar.so)")
    (lab.packages / "loop.so").symlink_to("loop.so")
    told: list[tuple[str, int, int]] = []
    session = lab.session(deep=True)
    session.progress = lambda *progress: told.append(progress)
    found = probe_extension_modules(session, lab.python(), None)
    paths = (str(lab.packages / "a.abi3.so"), str(lab.packages / "deep" / "b.so"))
    assert found.unloadable == (Unloadable("libfar.so.2", None, "is not found", paths, 2),)
    assert found.count == 5
    assert {Path(skipped.path).name: skipped.reason for skipped in found.skipped} == {
        "text.so": "not an ELF file",
        "loop.so": "too many levels of symbolic links",
    }
    assert told[0] == ("extension modules", 0, 5)
    assert told[-1] == ("extension modules", 5, 5)


def test_a_version_that_the_provider_lacks_is_named(lab: Lab) -> None:
    far = make_library(lab.root / "far" / "libfar.so.2", ["go", "went"], versions={"FAR_1": ["go"], "FAR_2": ["went"]})
    make_extension(lab.packages / "b.so", calls=["went"], needs=[far])
    make_library(far, ["go"], versions={"FAR_1": ["go"]})
    found = probe_extension_modules(lab.session(far.parent, deep=True), lab.python(), None)
    assert [(reason.file, reason.detail) for reason in found.unloadable] == [(str(far), "lacks the version FAR_2")]


def test_without_deep_nothing_is_looked_into(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="--deep"):
        probe_extension_modules(lab.session(), lab.python(), None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.cpython-311-x86_64-linux-gnu.so", True),
        ("a.abi3.so", True),
        ("a.so", True),
        ("a.cpython-310-x86_64-linux-gnu.so", False),
        ("liba.so", False),
        ("liba.so.1", False),
        ("a.so.py", False),
    ],
)
def test_the_name_says_who_imports_a_module(name: str, expected: bool) -> None:
    assert is_extension(name, ".cpython-311-x86_64-linux-gnu.so") is expected


def test_a_module_has_a_function_that_initialises_it(tmp_path: Path) -> None:
    assert is_importable(str(make_extension(tmp_path / "one.abi3.so")))
    assert is_importable(str(make_library(tmp_path / "two.so", ["inittwo"])))
    assert not is_importable(str(make_library(tmp_path / "three.so", ["PyInit_two"])))
    assert not is_importable("/nope")
