"""Mirrors that are set wrongly, in a user's own shell: found, mended as printed, and accepted by the real uv."""

from __future__ import annotations

import pytest

from tests.clinic.patient import Patient
from tests.mirror_server import MirrorServer

pytestmark = pytest.mark.clinic


@pytest.mark.sick("MIR001")
def test_a_mirror_without_its_suffix_is_mended_and_uv_asks_for_the_release(
    patient: Patient, mirror: MirrorServer
) -> None:
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null"}
    value = f"{mirror.url}/gh/https://github.com/astral-sh/python-build-standalone"
    patient.does(f"export UV_PYTHON_INSTALL_MIRROR={value}")
    patient.cure("MIR001", arguments=("--select", "MIR"))
    mirror.take_paths()
    patient.shell.run("UV_HTTP_RETRIES=0 uv python install 3.12 --no-cache")
    asked = mirror.take_paths()
    assert asked
    assert asked[0].startswith("/gh/https://github.com/astral-sh/python-build-standalone/releases/download/2")


@pytest.mark.sick("MIR002")
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_the_installers_mirror_gets_its_companion(shell: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Patient(tmp_path_factory.mktemp("patient") / "p", shell) as patient:
        patient.env |= {"UV_INSTALLER_GITHUB_BASE_URL": "https://proxy.example/https://github.com"}
        patient.cure("MIR002", arguments=("--select", "MIR"))
        mirror = patient.does("printenv UV_PYTHON_INSTALL_MIRROR").stdout.strip()
    assert mirror == "https://proxy.example/https://github.com/astral-sh/python-build-standalone/releases/download"


@pytest.mark.sick("MIR009")
def test_an_endpoint_without_a_scheme(patient: Patient) -> None:
    patient.does("export HF_ENDPOINT=hub.example")
    patient.cure("MIR009", arguments=("--select", "MIR"))
    assert patient.does("printenv HF_ENDPOINT").stdout == "https://hub.example\n"
