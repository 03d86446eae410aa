from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.ffmpeg import (
    FfmpegUse,
    is_library,
    major_of,
    probe_ffmpeg,
)
from tests.facts.libraries.standard_modules_world import Lab
from tests.ffmpeg import CODEC, absent_releases, sonames
from tests.native import make_library

pytestmark = pytest.mark.tools

OLDER, NEWER = absent_releases()


def libav(directory: Path, major: int, **more: Any) -> list[Path]:
    """The libraries of one release."""
    return [make_library(directory / soname, [name], **more) for name, soname in sonames(major).items()]


def core(lab: Lab, major: int) -> None:
    needs = libav(lab.root / "made", major)
    make_library(lab.packages / "torchcodec" / f"libtorchcodec_core{major}.so", [f"core_{major}"], needs=needs)


def test_a_release_is_known_by_its_sonames() -> None:
    names = (
        "libavutil.so.56",
        "libavcodec.so.59",
        "libavformat.so.60",
        "libavutil.so.59",
        "libavcodec.so.62",
        "libavutil.so.61",
    )
    assert [major_of(name) for name in names] == [4, 5, 6, 7, 8, 9]
    assert major_of("libavutil.so") is None
    assert major_of("libswscale.so.8") is None
    assert is_library("libswscale.so.8")
    assert not is_library("libavahi.so.3")


def test_a_release_loads_if_all_that_it_needs_does(lab: Lab) -> None:
    core(lab, OLDER)
    core(lab, NEWER)
    python, both = lab.python(), (OLDER, NEWER)
    missing = sonames(NEWER)["avutil"]
    assert probe_ffmpeg(lab.session(), python, None).uses == (FfmpegUse("torchcodec", both, (), missing),)
    codec = make_library(lab.root / "av" / CODEC)
    libav(lab.root / "av", NEWER, needs=[codec])
    assert probe_ffmpeg(lab.session(f"{lab.root}/av"), python, None).uses == (FfmpegUse("torchcodec", both, (NEWER,)),)
    codec.unlink()
    make_library(lab.packages / "torchcodec" / "libtorchcodec_image.so")
    [use] = probe_ffmpeg(lab.session(f"{lab.root}/av"), python, None).uses
    assert (use.loadable, use.missing, use.optional) == ((), CODEC, True)


def test_condas_ffmpeg_is_found_with_what_must_be_linked(lab: Lab) -> None:
    core(lab, OLDER)
    conda = lab.root / "conda"
    (conda / "conda-meta").mkdir(parents=True)
    codec = make_library(conda / "lib" / CODEC)
    zlib = conda / "lib" / "libz.so.1"
    make_library(zlib, ["z"])  # the system has one, which will do
    libav(conda / "lib", OLDER, needs=[codec, zlib])
    libav(conda / "lib", NEWER)
    home = lab.root / "home"
    home.mkdir()
    session = lab.session(CONDA_PREFIX=str(conda), HOME=str(home))
    [place] = [place for place in probe_ffmpeg(session, lab.python(), None).places if place.conda]
    assert (place.directory, place.majors, place.reached) == (f"{conda}/lib", (OLDER, NEWER), False)
    assert {Path(link).name for link in place.links} == {*sonames(OLDER).values(), CODEC}
    assert place.private == f"{home}/.local/lib/ffmpeg-{OLDER}"
    assert place.above == (f"{home}/.local/lib", f"{home}/.local")


def test_files_that_say_nothing_count_by_their_names(lab: Lab) -> None:
    (lab.packages / "torchcodec").mkdir()
    (lab.packages / "torchcodec" / "libtorchcodec_core6.so").write_bytes(b"")
    assert probe_ffmpeg(lab.session(), lab.python(), None).uses[0].majors == (6,)


def test_pyav_with_libraries_of_its_own_needs_none(lab: Lab) -> None:
    make_library(lab.packages / "av" / "_core.so", needs=libav(lab.root / "made", NEWER))
    assert probe_ffmpeg(lab.session(), lab.python(), None).uses[0].package == "av"
    (lab.packages / "av.libs").mkdir()
    with pytest.raises(Unavailable, match="no installed package"):
        probe_ffmpeg(lab.session(), lab.python(), None)
