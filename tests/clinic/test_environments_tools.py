"""Tools of uv and pipx whose Python is taken away, and installed anew as printed."""

from __future__ import annotations

import os
import sys

import pytest

from tests.clinic.patient import Patient
from tests.wheels import write_command_wheel

BASE = os.path.realpath(sys.executable)
BASE_MINOR = f"python3.{sys.version_info[1]}"


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user of uv and pipx who installs from a directory of wheels, on a Python that can be taken away."""
    patient.install("uv", "pipx")
    wheels = patient.home / "wheels"
    wheels.mkdir()
    for name in ("alpha", "beta"):
        write_command_wheel(wheels, name)
    config = patient.home / ".config/uv/uv.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'no-index = true\nfind-links = ["{wheels}"]\n')
    base = patient.home / "base" / BASE_MINOR
    base.parent.mkdir()
    base.symlink_to(BASE)
    return patient


@pytest.mark.sick("ENV013")
def test_uv_tools_whose_python_is_gone_are_reinstalled_with_what_they_were_installed_with(user: Patient) -> None:
    base = user.home / "base" / BASE_MINOR
    user.prepares("uv", "tool", "install", "-p", base, "alpha>=1", "--with", "beta")
    assert "ENV013" not in user.examine().codes
    base.unlink()
    assert user.shell.run("alpha").status in (126, 127)
    before = user.examine()
    assert before.finding("ENV013")["severity"] == "error"
    user.cure("ENV013", before=before)
    assert user.does("alpha").stdout.strip().endswith("uv/tools/alpha")
    receipt = (user.home / ".local/share/uv/tools/alpha/uv-receipt.toml").read_text()
    assert '{ name = "beta" }' in receipt


@pytest.mark.sick("ENV013")
def test_a_pipx_tool_whose_python_is_gone_is_reinstalled(user: Patient) -> None:
    base = user.home / "base" / BASE_MINOR
    user.prepares("pipx", "install", "--backend", "uv", "--python", base, "beta")
    assert "ENV013" not in user.examine().codes
    base.unlink()
    user.cure("ENV013")
    assert user.does("beta").stdout.strip().endswith("pipx/venvs/beta")


@pytest.mark.sick("ENV013")
def test_launchers_that_nothing_can_run_are_removed(patient: Patient) -> None:
    for name in ("flask", "isort"):
        (patient.bin / name).write_text("#!/gone/bin/python3.9\n")
        (patient.bin / name).chmod(0o755)
    (patient.bin / "other").write_text("#!/bin/sh\n")
    before = patient.examine()
    assert before.finding("ENV013")["severity"] == "warning"
    patient.cure("ENV013", before=before)
    assert sorted(os.listdir(patient.bin)) == ["other"]


@pytest.mark.healthy("ENV013")
def test_launchers_that_run_and_links_to_other_things_are_fine(patient: Patient) -> None:
    (patient.bin / "direct").write_text(f"#!{BASE}\n")
    (patient.bin / "by-name").write_text("#!/usr/bin/env python\n")
    (patient.bin / "dangling").symlink_to("/gone/program")
    assert "ENV013" not in patient.examine().codes


@pytest.mark.sick("ENV015")
def test_tools_that_the_shell_cannot_find(user: Patient) -> None:
    user.does("export UV_TOOL_BIN_DIR=$HOME/tools")
    user.does("uv tool install alpha")
    assert user.shell.run("alpha").status == 127
    before = user.examine()
    assert before.finding("ENV015")["severity"] == "warning"
    user.cure("ENV015", before=before)
    user.does("alpha")


@pytest.mark.healthy("ENV015")
def test_tools_that_the_shell_finds_through_a_link(user: Patient) -> None:
    (user.home / "tools").mkdir()
    (user.home / "link").symlink_to("tools")
    user.does("export UV_TOOL_BIN_DIR=$HOME/tools PATH=$HOME/link:$PATH", "uv tool install alpha", "alpha")
    assert "ENV015" not in user.examine().codes


@pytest.mark.sick("ENV015")
def test_tools_of_pipx_that_the_shell_cannot_find(user: Patient) -> None:
    user.does("export PIPX_BIN_DIR=$HOME/tools")
    user.prepares("pipx", "install", "--backend", "uv", "beta", PIPX_BIN_DIR=f"{user.home}/tools")
    assert user.shell.run("beta").status == 127
    before = user.examine("--select", "ENV015")
    assert f"{user.home}/tools" in before.finding("ENV015")["message"]
    user.cure("ENV015", before=before, arguments=("--select", "ENV015"))
    user.does("beta")


@pytest.mark.healthy("ENV015")
def test_tools_of_pipx_on_the_path(user: Patient) -> None:
    user.prepares("pipx", "install", "--backend", "uv", "beta")
    user.does("beta")
    assert "ENV015" not in user.examine("--select", "ENV015").codes
