"""uv for tests: the newest, which is installed beside the tests, and old ones from the package index."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import needs_tool

OLD = ("0.8.17", "0.11.33", "0.12.5")


def newest_uv() -> str:
    """The uv that is installed beside the tests."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else needs_tool("uv")


def old_uv(version: str, shared: Path) -> str:
    """A uv of a certain version, downloaded once into a directory that all workers of a test run share."""
    target = shared / f"uv-{version}"
    program = target / "bin" / "uv"
    try:
        target.mkdir(parents=True)
    except FileExistsError:
        wait_for(target / "done")
        return str(program)
    command = [newest_uv(), "pip", "install", "--quiet", "--no-deps", "--target", str(target), f"uv=={version}"]
    done = subprocess.run([*command, "--python", sys.executable], capture_output=True, text=True, check=False)
    (target / "done").write_text(done.stderr)
    if done.returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail(f"uv {version} cannot be installed: {done.stderr}")
        pytest.skip(f"uv {version} cannot be installed")
    return str(program)


def version_of(program: Path) -> tuple[int, ...]:
    """Which version this uv is, by its own word."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return tuple(map(int, done.stdout.split()[1].split(".")))


def install_uv(version: str, prefix: Path) -> None:
    """Install a certain uv into an environment, as pip does. What the tests themselves may reach is reached."""
    command = [newest_uv(), "pip", "install", "--quiet", "--no-deps", "--python", str(prefix), f"uv=={version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail(f"uv {version} cannot be installed: {done.stderr}")
        pytest.skip(f"uv {version} cannot be installed")


def wait_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{path} never came")


def target_of(uv: str, directory: Path, env: dict[str, str], cache: Path) -> str | None:
    """Where this uv installs, by its own word; None if it refuses. Nothing is installed."""
    done = subprocess.run(
        [uv, "pip", "install", "--dry-run", "--offline", "--verbose", "--requirement", os.devnull],
        cwd=directory,
        env={"UV_CACHE_DIR": str(cache), "UV_PYTHON_DOWNLOADS": "never", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"Using Python \S+ environment at:? (.+)", done.stderr)
    if "No virtual environment found" in done.stderr or not found:
        return None
    return os.path.normpath(os.path.join(directory, found[-1]))


def run_target_of(uv: str, directory: Path, env: dict[str, str], cache: Path) -> str:
    """The prefix in which this uv runs Python."""
    done = subprocess.run(
        [uv, "run", "--offline", "--no-sync", "python", "-c", "import sys; print(sys.prefix)"],
        cwd=directory,
        env={"UV_CACHE_DIR": str(cache), "UV_PYTHON_DOWNLOADS": "never", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
