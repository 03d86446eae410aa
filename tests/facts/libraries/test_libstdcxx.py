from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.libstdcxx import probe_libstdcxx_choice
from tests.facts.libraries.standard_modules_world import OLD_TAGS, Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


def libstdcxx(directory: Path, *labels: str) -> Path:
    versions = {label: [f"f_{number}"] for number, label in enumerate(labels)}
    functions = [name for names in versions.values() for name in names]
    return make_library(directory / "libstdc++.so.6", functions, versions=versions)


def test_the_cxx_library_that_modules_get_is_compared_with_the_newest(lab: Lab) -> None:
    old = libstdcxx(lab.root / "gcc", "GLIBCXX_3.4.9", "CXXABI_1.3.9", "GLIBCXX_3.4.8")
    new = libstdcxx(lab.prefix / "lib", "GLIBCXX_3.4.99", "CXXABI_1.3.99")
    choice = probe_libstdcxx_choice(lab.session(old.parent), lab.python())
    assert choice.taken is not None
    assert choice.newest is not None
    assert (choice.taken.path, choice.taken.glibcxx, choice.taken.cxxabi) == (str(old), "GLIBCXX_3.4.9", "CXXABI_1.3.9")
    assert choice.newest.path == str(new)
    assert choice.is_older


def test_an_environments_own_cxx_library_is_found_by_the_rpath_of_its_python(lab: Lab) -> None:
    new = libstdcxx(lab.prefix / "lib", "GLIBCXX_3.4.99")
    choice = probe_libstdcxx_choice(lab.session(), lab.python(flags=(*OLD_TAGS, "-Wl,-rpath,$ORIGIN/../lib")))
    assert choice.taken is not None
    assert Path(choice.taken.path).resolve() == new
    assert choice.how == f"the RPATH of {lab.executable}"
    assert not choice.is_older


def test_where_nothing_stands_before_the_systems_nothing_is_read(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="system's"):
        probe_libstdcxx_choice(lab.session(), lab.python())
