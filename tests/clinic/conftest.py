from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic import channel as conda_channel
from tests.clinic import wheelhouse as wheels
from tests.clinic.patient import Patient
from tests.clinic.proof import Register
from tests.clinic.wheelhouse import Wheelhouse
from tests.mirror_server import MirrorServer, make_authority
from tests.support import needs_tool

ORDINARY = 4242


@pytest.fixture(autouse=True)
def register(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, rewrite_golden: bool) -> None:
    """The record of proofs, for this test."""
    sick = [str(code) for mark in request.node.iter_markers("sick") for code in mark.args]
    monkeypatch.setattr(Patient, "register", Register(request.node.nodeid, sick, rewriting=rewrite_golden))


@pytest.fixture
def patient(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Patient]:
    """A user with bash, or with the shell that is the parameter."""
    with Patient(tmp_path / "patient", getattr(request, "param", "bash")) as patient:
        yield patient


@pytest.fixture
def ordinary(patient: Patient) -> Patient:
    """A user without root's rights, also where the tests are run by root: in a namespace in which they are not."""
    if os.geteuid() == 0:
        start = f"{needs_tool('unshare')} --user --map-user={ORDINARY} --map-group={ORDINARY}"
        (patient.bin / "bash").write_text(f'#!/bin/sh\nexec {start} /bin/bash "$@"\n')
        (patient.bin / "bash").chmod(0o755)
    assert patient.does("id -u").stdout.strip() != "0"
    return patient


def _shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The directory that all test processes of this session have in common."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Wheelhouse:
    """envdoctor's wheel and those of its dependencies, made once for all test processes of this session."""
    return wheels.build(_shared(tmp_path_factory, worker_id) / "wheelhouse")


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MirrorServer]:
    """A package index and download server on this machine, without encryption."""
    with MirrorServer(tmp_path_factory.mktemp("mirror")) as server:
        yield server


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The certificate of a private authority, and the pair that it has signed for the secure mirror."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def secure_mirror(tmp_path_factory: pytest.TempPathFactory, authority: tuple[Path, Path]) -> Iterator[MirrorServer]:
    """The same with https, and a certificate that only the private authority vouches for."""
    with MirrorServer(tmp_path_factory.mktemp("secure-mirror"), authority[1]) as server:
        yield server


@pytest.fixture(scope="session")
def python_with_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with pip, to be read only."""
    root = tmp_path_factory.mktemp("with-pip") / "env"
    subprocess.run([needs_tool("virtualenv"), "--quiet", "--no-download", str(root)], check=True)
    return root / "bin" / "python"


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A channel of conda packages on the disk, made once for all test processes of this session."""
    return conda_channel.build(_shared(tmp_path_factory, worker_id) / "conda" / "channel")
