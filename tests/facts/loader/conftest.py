from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.loader.glibc_world import Lab
from tests.native import make_library


@pytest.fixture(scope="module")
def versioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two versions, an RPATH, and a dependency on another one's version."""
    root = tmp_path_factory.mktemp("elf")
    base = make_library(root / "libbase.so.1", ["one"], versions={"BASE_1.2": ["one"]})
    return make_library(
        root / "libtop.so.3.1",
        ["two", "three"],
        soname="libtop.so.3",
        versions={"TOP_9": ["two"], "TOP_10": ["three"]},
        calls=["one"],
        needs=[base],
        flags=["-Wl,-rpath,$ORIGIN/../lib", "-Wl,--disable-new-dtags", "-Wl,-z,nodefaultlib"],
    )


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)
