"""A fleet for real: three machines behind sshd, one of them sick, collected and told apart by one command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.sshd import machines
from tests.support import needs_tool

pytestmark = pytest.mark.clinic

ENVDOCTOR = Path(sys.executable).parent / "envdoctor"
ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SICK = {"VIRTUAL_ENV": "/gone/environment"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with the configuration of ssh, and with a program that examines what the sick machine lacks."""
    directory = tmp_path_factory.mktemp("machines")
    program = directory / "examine"
    program.write_text(f'#!/bin/sh\nexec {ENVDOCTOR} "$@" --select ENV001\n')
    program.chmod(0o755)
    with machines(directory, {"m1": {"ROLE": "a"}, "m2": SICK, "m3": {"ROLE": "a"}}):
        yield directory


def collect(world: Path, nodes: str, output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    reached = ("--output", str(output), "--ssh-options", f"-F {world}/ssh_config", "--program", f"{world}/examine")
    command = [str(ENVDOCTOR), "fleet", "collect", nodes, *reached, "--fail-on", "warning", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "200"})


def test_three_machines_are_collected_and_told_apart_by_one_command(world: Path, tmp_path: Path) -> None:
    done = collect(world, "m[1-3],gone", tmp_path)
    assert done.returncode == 1, done.stderr
    first, second, *rest = done.stdout.splitlines()
    assert first == (
        "Examined: ssh command (bash, login) on 3 machines. "
        "These are facts of machines and accounts, not of anybody's terminal."
    )
    cause = "Examined.virtual_env = /gone/environment"
    assert second == f"ENV001 on 1 machine: {cause}, on 1 of these 1, on 0 of 2 without it"
    assert "           m[1,3]" in rest
    assert any(line.startswith("  gone: unreachable: ssh: ") for line in rest)
    assert sorted(os.listdir(tmp_path)) == ["gone.failed", "m1.json", "m2.json", "m3.json"]
    assert json.loads((tmp_path / "m2.json").read_text())["shared"] is True
    before = {name: os.stat(tmp_path / name).st_mtime_ns for name in ("m1.json", "m2.json", "m3.json")}
    again = json.loads(collect(world, "m[1-3]", tmp_path, "--format", "json").stdout)
    assert [group["machines"] for group in again["groups"]] == [["m1", "m3"], ["m2"]]
    assert {name: os.stat(tmp_path / name).st_mtime_ns for name in before} == before


def test_a_machine_without_envdoctor_is_named(world: Path, tmp_path: Path) -> None:
    done = collect(world, "m1", tmp_path, "--program", "no-such-envdoctor")
    assert done.returncode == 3
    assert "  m1: not installed: a login shell finds no envdoctor there" in done.stdout.splitlines()


def test_the_documented_loop_of_plain_ssh_does_the_same(world: Path, tmp_path: Path) -> None:
    block = next(text for text in FENCED.findall((ROOT / "docs/fleet.md").read_text()) if text.startswith("ask() {"))
    (tmp_path / "bin").mkdir()
    wrapper = tmp_path / "bin" / "ssh"
    wrapper.write_text(f'#!/bin/sh\nexec {needs_tool("ssh")} -F {world}/ssh_config "$@"\n')
    wrapper.chmod(0o755)
    (tmp_path / "machines").write_text("m1\nm2\ngone\n")
    loop = block.replace("'envdoctor check", f"'{world}/examine check")
    assert loop != block
    env = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    subprocess.run(["bash", "-c", loop], cwd=tmp_path, env=env, check=True)
    assert sorted(os.listdir(tmp_path / "reports")) == ["gone.failed", "m1.json", "m2.json"]
    told = subprocess.run([ENVDOCTOR, "fleet", tmp_path / "reports"], capture_output=True, text=True, check=False)
    assert told.returncode == 3
    assert told.stdout.splitlines()[0].startswith("Examined: ssh command (bash, login) on 2 machines.")
