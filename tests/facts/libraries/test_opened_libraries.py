"""Libraries that packages open by their names as they are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.extension_modules import probe_extension_modules
from envdoctor.facts.libraries.opened_libraries import UnopenedLibrary
from tests.facts.libraries.standard_modules_world import Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


def put(lab: Lab, *names: str) -> None:
    for name in names:
        (lab.packages / name).parent.mkdir(parents=True, exist_ok=True)
        (lab.packages / name).write_text("")


def test_a_library_that_is_not_found_is_named_with_the_file_that_opens_it(lab: Lab) -> None:
    put(lab, "vendored_of_nobody.py", "pyzbar/zbar_library.py")
    found = probe_extension_modules(lab.session(), lab.python(), None)
    file = str(lab.packages / "pyzbar" / "zbar_library.py")
    assert found.unopened == (UnopenedLibrary("pyzbar", file, "libzbar.so.0"),)
    assert found.known_only


def test_one_on_the_library_path_or_in_the_environment_is_found(lab: Lab) -> None:
    put(lab, "pyzbar/zbar_library.py")
    library = make_library(lab.root / "far" / "libzbar.so.0")
    assert probe_extension_modules(lab.session(library.parent), lab.python(), None).unopened == ()
    make_library(Path(lab.python().interpreter.prefix) / "lib" / "libzbar.so")
    assert probe_extension_modules(lab.session(), lab.python(), None).unopened == ()


def test_a_wheel_that_brings_it_along_opens_none(lab: Lab) -> None:
    put(lab, "psycopg/pq/pq_ctypes.py", "psycopg_binary/__init__.py")
    with pytest.raises(Unavailable, match="known to need more"):
        probe_extension_modules(lab.session(), lab.python(), None)
