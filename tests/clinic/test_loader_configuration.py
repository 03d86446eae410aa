"""The loader's own configuration, changed in a mount namespace with a copy of /etc, where nobody else sees it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.conda import make_prefix
from tests.clinic.patient import Patient
from tests.native import make_library
from tests.support import needs_tool

pytestmark = [
    pytest.mark.clinic,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount, and run ldconfig for all"),
]


@pytest.fixture
def root(patient: Patient) -> Iterator[Patient]:
    """A user who may change the loader's configuration, which is a copy that goes with the shell."""
    copy = patient.scratch / "etc"
    shutil.copytree("/etc", copy, symlinks=True)
    start = patient.bin / "bash"
    start.write_text(f'#!/bin/sh\nexec {needs_tool("unshare")} --mount --propagation private /bin/bash "$@"\n')
    start.chmod(0o755)
    patient.does(f"mount --bind {copy} /etc", f"rm {start}")
    before = Path("/etc/ld.so.cache").read_bytes()
    yield patient
    patient.close_shell()
    assert Path("/etc/ld.so.cache").read_bytes() == before
    assert not Path("/etc/ld.so.conf.d/0-conda.conf").exists()


@pytest.mark.sick("LIB014")
def test_condas_libraries_for_everybody_go_and_bash_starts_again(root: Patient) -> None:
    conda = make_prefix(root.home / "miniconda3", python=False)
    make_library(conda / "lib" / "libtinfo.so.6")
    root.does(f"echo {conda}/lib > /etc/ld.so.conf.d/0-conda.conf", "/sbin/ldconfig", "PATH=$PATH:/usr/sbin:/sbin")
    assert "symbol lookup error" in root.shell.run("bash -c :").stderr
    before = root.examine("--select LIB")
    finding = before.finding("LIB014")
    assert finding["severity"] == "error"
    assert finding["where"] == "/etc/ld.so.conf.d/0-conda.conf:1"
    assert finding["message"].startswith(f"{conda}/lib (conda's) in /etc/ld.so.conf.d/0-conda.conf breaks bash")
    root.cure("LIB014", before=before, arguments=["--select LIB"])
    assert root.does("bash -c :").stderr == ""


@pytest.mark.healthy("LIB014")
def test_a_drivers_directory_and_libraries_that_fit_do_no_harm(root: Patient) -> None:
    conda = make_prefix(root.home / "miniconda3", python=False)
    make_library(root.home / "rocm" / "lib" / "libamdhip64.so.6")
    (conda / "lib").mkdir(exist_ok=True)
    for soname in ("libtinfo.so.6", "libz.so.1"):
        found = [line.split()[-1] for line in root.does("/sbin/ldconfig -p").stdout.splitlines() if soname in line]
        shutil.copy(found[0], conda / "lib" / soname)
    root.does(f"printf '%s\\n' {conda}/lib {root.home}/rocm/lib > /etc/ld.so.conf.d/0-conda.conf", "/sbin/ldconfig")
    assert f"{conda}/lib/libtinfo.so.6" in root.does("/sbin/ldconfig -p").stdout
    assert root.examine("--select LIB").problems() == []
