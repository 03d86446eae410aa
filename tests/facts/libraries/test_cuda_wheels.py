from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.cuda_wheels import file_version, probe_cuda_wheels, wheel_version
from envdoctor.facts.loader.library_path import probe_library_path
from envdoctor.facts.python.distributions import Sites
from tests.facts.libraries.standard_modules_world import OLD_TAGS, Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


def wheels(lab: Lab) -> Path:
    (lab.packages / "nvidia_cudnn_cu12-9.1.0.70.dist-info").mkdir()
    return make_library(lab.packages / "nvidia" / "cudnn" / "lib" / "libcudnn.so.9")


def test_the_same_soname_on_the_library_path_is_a_collision_with_both_versions(lab: Lab) -> None:
    wheel = wheels(lab)
    real = make_library(lab.root / "cuda" / "libcudnn.so.9.8.0", soname="libcudnn.so.9")
    other = real.with_name("libcudnn.so.9")
    other.symlink_to(real.name)
    session = lab.session(f"{wheel.parent}x:{other.parent}")
    [collision] = probe_cuda_wheels(session, lab.python(), probe_library_path(session)).collisions
    assert (collision.wheel, collision.wheel_version) == (str(wheel), "9.1.0.70")
    assert (collision.other, collision.other_version) == (str(other), "9.8.0")


def test_the_wheels_own_directory_first_is_no_collision(lab: Lab) -> None:
    wheel = wheels(lab)
    other = make_library(lab.root / "cuda" / "libcudnn.so.9")
    session = lab.session(f"{wheel.parent}:{other.parent}")
    assert probe_cuda_wheels(session, lab.python(), probe_library_path(session)).collisions == ()


def test_libraries_that_are_opened_late_are_not_saved_by_torchs_rpath(lab: Lab) -> None:
    wheel = wheels(lab)
    late = make_library(wheel.with_name("libcudnn_ops.so.9"))
    flags = [*OLD_TAGS, "-Wl,-rpath,$ORIGIN/../../nvidia/cudnn/lib"]
    make_library(lab.packages / "torch" / "lib" / "libtorch_cuda.so", needs=[wheel, late], flags=flags)
    for name in (wheel.name, late.name):
        make_library(lab.root / "cuda" / name)
    session = lab.session(lab.root / "cuda")
    found = probe_cuda_wheels(session, lab.python(), probe_library_path(session)).collisions
    assert [collision.soname for collision in found] == [late.name]


def test_without_wheels_there_is_nothing_to_shadow(lab: Lab) -> None:
    session = lab.session("/opt/cuda")
    with pytest.raises(Unavailable, match="no CUDA wheels"):
        probe_cuda_wheels(session, lab.python(), probe_library_path(session))


def test_versions_are_read_off_names(tmp_path: Path) -> None:
    library = tmp_path / "nvidia" / "cublas" / "lib" / "libcublas.so.12"
    library.parent.mkdir(parents=True)
    assert wheel_version(Sites(), str(library)) is None
    (tmp_path / "nvidia_cublas_cu12-12.4.5.8.dist-info").mkdir()
    (tmp_path / "nvidia_cublas_other-1.0.dist-info").mkdir()
    assert wheel_version(Sites(), str(library)) == "12.4.5.8"
    assert file_version("/usr/lib/libcublas.so.12.4.5.8") == "12.4.5.8"
    assert file_version("/usr/lib/libcublas.so.12") is None
    assert file_version("/usr/local/cuda-12.1/lib64/libnvJitLink.so.12") == "12.1"
    assert file_version("/usr/local/cuda-12.1/lib64/libcudnn.so.9") is None
