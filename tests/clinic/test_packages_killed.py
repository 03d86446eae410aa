"""PKG: what uv and pip leave behind when they are killed in the midst of their work, and what then helps."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.clinic.projects import stock
from tests.clinic.test_packages import age, put, site_of, wheel, with_pip
from tests.support import needs_tool

MODULES = 3_000


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with a package of many files, in two versions, and one that requires it."""
    stock(patient)
    for version in ("1.0", "2.0"):
        modules = {f"big/m{number}.py": f"version = {version!r}\n" for number in range(MODULES)}
        wheel(patient, "big", version, **{"big/__init__.py": "", **modules})
    wheel(patient, "asks", "1.0", "big", **{"asks.py": "import big.m2999\n"})
    patient.env["UV_LINK_MODE"] = "copy"
    return patient


def killed(user: Patient, begun: Callable[[], bool], *argv: str | Path) -> None:
    """Kill a tool without a word as soon as its work has begun."""
    process = subprocess.Popen(
        ["nice", "-n", "19", *map(str, argv)],  # who looks on comes first, also on a busy machine
        env=user.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not begun():
        pass
    process.kill()
    assert process.wait() == -signal.SIGKILL, "it was too fast"


def count(directory: Path) -> int:
    try:
        return len(os.listdir(directory))
    except OSError:
        return 0


@pytest.mark.sick("PKG015")
def test_uv_killed_while_it_installs(user: Patient) -> None:
    root = with_pip(user, "delta")
    site = site_of(root)
    user.install("uv")
    uv = needs_tool("uv")
    killed(user, lambda: count(site / "big") > 10, uv, "pip", "install", "-q", "-p", root, "asks")
    assert count(site / "big") < MODULES
    user.does(f"uv pip install -p {root} --offline asks")  # it has nothing to do
    assert "compatible" in user.shell.run(f"uv pip check -p {root}").stderr
    assert user.shell.run("python -c 'import asks'").status == 1
    assert "PKG015" not in user.examine("--select", "PKG").codes  # an installer may be at work
    age(*site.iterdir())
    before = user.examine()
    assert "big 2.0" in before.finding("PKG015")["message"]
    assert before.finding("PKG015")["severity"] == "error"
    user.cure("PKG015", before=before)
    user.does("python -c 'import asks'")


@pytest.mark.sick("PKG002")
def test_pip_killed_while_it_upgrades(user: Patient) -> None:
    root = with_pip(user, "asks", "big==1.0")
    site = site_of(root)
    begun = lambda: any(name.startswith("~") for name in os.listdir(site))  # noqa: E731
    killed(user, begun, root / "bin/python", "-m", "pip", "install", "-q", "--no-compile", "big==2.0")
    age(*site.iterdir())
    before = user.examine()
    assert {"PKG002"} <= before.codes <= {"PKG002", "PKG011"}
    user.cure("PKG002", before=before)
    user.does("python -c 'import asks'", "python -m pip check")


@pytest.mark.healthy("PKG015")
def test_modules_that_nobody_misses_are_left_out_of_a_slim_image(user: Patient) -> None:
    wheel(user, "slim", "1.0", **{"slim/core.py": "", "slim/tests/test_it.py": "", "slim/docs/conf.py": ""})
    site = put(user, with_pip(user), "slim")
    user.does(f"rm -r {site}/slim/tests {site}/slim/docs")
    assert user.examine("--select", "PKG", "--deep").problems() == []
    (site / "slim/core.py").unlink()
    age(*site.iterdir())
    user.cure("PKG015", arguments=("--select", "PKG", "--deep"))
