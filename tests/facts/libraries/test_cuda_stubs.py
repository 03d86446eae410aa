"""Where is the driver found, and does a stand-in come first?"""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.cuda_stubs import CudaStub, probe_cuda_stubs
from envdoctor.facts.loader.library_path import probe_library_path
from tests.facts.libraries.standard_modules_world import Lab


def place(root: Path, *names: str) -> Path:
    root.mkdir(parents=True)
    for name in names:
        (root / name).write_bytes(b"")
    return root


def stubs_of(lab: Lab, *elements: Path) -> tuple[CudaStub, ...]:
    session = lab.session(":".join(map(str, elements)))
    return probe_cuda_stubs(session, probe_library_path(session)).stubs


def test_stand_ins_before_the_driver(lab: Lab) -> None:
    stubs = place(lab.root / "cuda" / "stubs", "libcuda.so", "libcuda.so.1")
    driver = place(lab.root / "wsl", "libcuda.so.1")
    assert stubs_of(lab, stubs, driver) == (CudaStub(str(stubs), "libcuda.so.1", f"{driver}/libcuda.so.1"),)


def test_what_the_toolkit_brings_has_the_name_for_linking_alone(lab: Lab) -> None:
    stubs = place(lab.root / "cuda" / "lib64" / "stubs", "libcuda.so", "libnvidia-ml.so")
    driver = place(lab.root / "wsl", "libcuda.so.1")
    [found] = stubs_of(lab, stubs, driver)
    assert (found.name, found.is_soname, found.driver) == ("libcuda.so", False, f"{driver}/libcuda.so.1")
    link = lab.root / "link"
    link.symlink_to(stubs)
    assert [stub.element for stub in stubs_of(lab, link)] == [str(link)]


def test_the_driver_first_and_a_directory_without_a_stand_in_do_no_harm(lab: Lab) -> None:
    stubs = place(lab.root / "cuda" / "stubs", "libcuda.so", "libcuda.so.1")
    driver = place(lab.root / "wsl", "libcuda.so", "libcuda.so.1")
    with pytest.raises(Unavailable, match="found before"):
        stubs_of(lab, driver, stubs)
    with pytest.raises(Unavailable, match="found before"):
        stubs_of(lab, place(lab.root / "other" / "stubs", "libtypes.so"))
    with pytest.raises(Unavailable, match="no stand-ins"):
        stubs_of(lab, driver)
