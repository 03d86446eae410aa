"""The set-up of a common guide: FFmpeg in conda's base, Python packages by uv, an export, mirrors, tmux."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from envdoctor.facts.loader.host import read_host
from tests.clinic.conda import CondaRoot, make_root
from tests.clinic.pane import Tmux
from tests.clinic.patient import Patient
from tests.ffmpeg import CODEC, absent_releases, sonames
from tests.native import loaded, make_library
from tests.support import needs_tool

PYTHONS = "https://proxy.example/github.com/astral-sh/python-build-standalone/releases/download"
RELEASE = absent_releases()[1]
INSIDE = ["-Wl,--disable-new-dtags", "-Wl,-rpath,$ORIGIN/."]


def add_ffmpeg(conda: CondaRoot) -> None:
    """What `conda install ffmpeg` leaves: FFmpeg beside libraries that the system has too, in builds that fit."""
    lib = conda.path / "lib"
    for soname in ("libtinfo.so.6", "libz.so.1"):
        shutil.copy(read_host().cache[soname][0].path, lib / soname)
    codec = make_library(lib / CODEC, ["encode"])
    for name, soname in sonames(RELEASE).items():
        make_library(lib / soname, [name], calls=["encode"], needs=[codec], flags=INSIDE)


def add_torchcodec(patient: Patient) -> Path:
    """The part of torchcodec for that release, in the project's environment."""
    [packages] = (patient.project / ".venv/lib").glob("python3*/site-packages")
    needs = [make_library(patient.scratch / soname, [name]) for name, soname in sonames(RELEASE).items()]
    return make_library(
        packages / f"torchcodec/libtorchcodec_core{RELEASE}.so", ["core"], calls=["avutil"], needs=needs
    )


GUARDED = 'export LD_LIBRARY_PATH="{}/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"'
AS_PRINTED = "export LD_LIBRARY_PATH=$CONDA_PREFIX/lib:$LD_LIBRARY_PATH"


@pytest.fixture
def core(patient: Patient) -> Path:
    """The whole set-up; the object that needs FFmpeg."""
    return set_up(patient, GUARDED)


def set_up(patient: Patient, export: str) -> Path:
    """The whole set-up with this line for the library path; the object that needs FFmpeg."""
    conda = make_root(patient.home / "miniconda3", auto_activate=True)
    (conda.path / "lib").mkdir(exist_ok=True)
    add_ffmpeg(conda)
    patient.install("uv")
    patient.prepares(needs_tool("uv"), "venv", "-q", "--no-config", "-p", sys.executable, ".venv")
    lines = (
        conda.block(),
        export.format(conda.path),
        "export UV_INSTALLER_GITHUB_BASE_URL=https://proxy.example/https://github.com",
        f"export UV_PYTHON_INSTALL_MIRROR={PYTHONS}",
        "export UV_DEFAULT_INDEX=https://mirror.example/simple PIP_INDEX_URL=https://mirror.example/simple",
        "export HF_ENDPOINT=https://hub.example",
    )
    (patient.home / ".bashrc").write_text("\n".join(lines) + "\n")
    (patient.home / ".profile").write_text("[ -f ~/.bashrc ] && . ~/.bashrc\n")
    patient.env["PIP_CONFIG_FILE"] = "/dev/null"
    return add_torchcodec(patient)


@pytest.mark.healthy("LIB001", "LIB002", "LIB005", "LIB012", "LIB013", "MIR001", "MIR002", "MIR003", "CND003")
def test_the_guides_set_up_is_met_as_a_friend(patient: Patient, core: Path) -> None:
    patient.does("source ~/.bashrc", "source .venv/bin/activate")
    assert patient.shell.run(f"python -c 'import ctypes; ctypes.CDLL(\"{core}\")'").status == 0
    seen = patient.examine()
    assert {problem[:6] for problem in seen.problems("warning")} == {"PIP001"}  # uv puts no pip into its environments
    assert "LIB012" not in seen.codes


@pytest.mark.healthy("LIB001", "LIB012", "TRM001", "TRM003", "CND001")
def test_a_pane_of_tmux_in_which_it_is_activated_again_is_healthy(patient: Patient, core: Path) -> None:
    with Tmux(patient) as tmux:
        pane = tmux.session()
        pane.types("source ~/.bashrc")
        pane.types("source .venv/bin/activate")
        assert pane.types(f"python -c 'import ctypes; ctypes.CDLL(\"{core}\")'") == 0
        problems = pane.examine().problems("warning")
        assert [problem for problem in problems if not problem.startswith("PIP001")] == []


@pytest.mark.sick("LIB002")
@pytest.mark.healthy("LIB001", "LIB005", "LIB012", "LIB013")
def test_the_export_as_the_guide_prints_it_leaves_an_empty_element_and_nothing_else(patient: Patient) -> None:
    core = set_up(patient, AS_PRINTED)
    avutil = sonames(RELEASE)["avutil"]
    stray = make_library(patient.project / avutil, ["avutil"])
    loads = f"python -c 'import ctypes; ctypes.CDLL(\"{core}\")'"
    patient.does("source ~/.bashrc", "source .venv/bin/activate", loads)
    conda = patient.home / "miniconda3/lib"
    assert patient.does("printenv LD_LIBRARY_PATH").stdout == f"{conda}:\n"
    # the harm: what lies in the working directory is loaded where conda's lib has no such file
    (conda / avutil).rename(conda / "aside")
    assert loaded(core, f"{conda}:", patient.project)[avutil] == str(stray)
    (conda / "aside").rename(conda / avutil)
    stray.unlink()
    before = patient.examine()
    assert {problem[:6] for problem in before.problems("warning")} == {"PIP001", "LIB002"}
    after = patient.cure("LIB002", before=before)
    assert {problem[:6] for problem in after.problems("warning")} == {"PIP001"}
    assert patient.does("printenv LD_LIBRARY_PATH").stdout == f"{conda}\n"
    patient.does(loads)
