from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.packages import gpu
from envdoctor.facts.packages.gpu import NvidiaDriver, probe_nvidia_driver
from tests.support import make_session

OLD = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version:  12\n"
OPEN = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(gpu, "FILES", (f"{tmp_path}/sys", f"{tmp_path}/proc"))
    monkeypatch.setattr(gpu, "DEVICES", (f"{tmp_path}/nvidiactl",))
    monkeypatch.setattr(gpu, "WSL_LIBRARY", f"{tmp_path}/libcuda")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "version"),
    [("sys", "550.54.14\n", "550.54.14"), ("proc", OLD, "535.183.01"), ("proc", OPEN, "580.65.06")],
)
def test_files_tell_the_version(machine: Path, file: str, text: str, version: str) -> None:
    (machine / "nvidiactl").touch()
    (machine / file).write_text(text)
    assert probe_nvidia_driver(make_session()) == NvidiaDriver(version, f"{machine}/{file}")


def test_a_container_without_a_device_sees_the_module_of_its_host(machine: Path) -> None:
    (machine / "sys").write_text("550.54.14\n")
    with pytest.raises(Unavailable, match="no NVIDIA device"):
        probe_nvidia_driver(make_session())


def test_in_wsl_no_file_tells_the_version(machine: Path) -> None:
    (machine / "nvidiactl").touch()
    with pytest.raises(Unavailable, match="no NVIDIA driver"):
        probe_nvidia_driver(make_session())
    (machine / "libcuda").touch()
    assert probe_nvidia_driver(make_session()) == NvidiaDriver(None, f"{machine}/libcuda")


@pytest.mark.parametrize(("value", "hidden"), [("", True), ("-1", True), ("0,1", False)])
def test_the_variables_of_uv_and_of_cuda_count(machine: Path, value: str, hidden: bool) -> None:
    assert machine.exists()
    seen = probe_nvidia_driver(make_session({"UV_CUDA_DRIVER_VERSION": "550.1", "CUDA_VISIBLE_DEVICES": value}))
    assert seen == NvidiaDriver("550.1", "UV_CUDA_DRIVER_VERSION", hidden)
