"""A fleet for real: three machines behind sshd, one of them sick, collected and told apart by one command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from socket import gethostname

import pytest
import yaml

from tests.clinic.sshd import machines
from tests.fleet.world import content
from tests.support import needs_tool

pytestmark = pytest.mark.clinic

ENVDOCTOR = Path(sys.executable).parent / "envdoctor"
ROOT = Path(__file__).parents[2]
SICK = {"VIRTUAL_ENV": "/gone/environment"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with the configuration of ssh, and with a program that examines what the sick machine lacks."""
    directory = tmp_path_factory.mktemp("machines")
    program = directory / "examine"
    program.write_text(f'#!/bin/sh\necho "$*" > {directory}/examined\nexec {ENVDOCTOR} "$@" --select ENV001,NET001\n')
    program.chmod(0o755)
    here = {"PIP_INDEX_URL": "https://mirror.north.internal/simple"}
    there = {"PIP_INDEX_URL": "https://mirror.south.internal/simple"}
    with machines(directory, {"m1": here, "m2": SICK | there, "m3": here}):
        yield directory


Collected = tuple[subprocess.CompletedProcess[str], Path]


@pytest.fixture(scope="module")
def collected(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """What was said when three machines and one that is none were asked, and the directory of their reports."""
    directory: Path = tmp_path_factory.mktemp("reports")
    return collect(world, "m[1-3],gone", directory), directory


def collect(world: Path, nodes: str, output: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    reached = ("--output", str(output), "--ssh-options", f"-F {world}/ssh_config", "--program", f"{world}/examine")
    command = [str(ENVDOCTOR), "fleet", "collect", nodes, *reached, "--fail-on", "warning", *options]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "200"} | variables
    )


def test_three_machines_are_collected_and_told_apart_by_one_command(world: Path, collected: Collected) -> None:
    done, directory = collected
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
    assert sorted(os.listdir(directory)) == ["gone.failed", "m1.json", "m2.json", "m3.json"]
    assert json.loads((directory / "m2.json").read_text())["shared"] is True
    before = {name: os.stat(directory / name).st_mtime_ns for name in ("m1.json", "m2.json", "m3.json")}
    again = json.loads(collect(world, "m[1-3]", directory, "--format", "json").stdout)
    assert [group["machines"] for group in again["groups"]] == [["m1", "m3"], ["m2"]]
    assert {name: os.stat(directory / name).st_mtime_ns for name in before} == before


def stand_in(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)


def hosts(report: Path) -> set[str]:
    """What stands in a report for private hosts."""
    return set(re.findall(r"masked-host-\d+", report.read_text()))


def test_with_a_key_equal_names_are_equal_on_all_machines_also_behind_a_gateway(
    world: Path, collected: Collected, tmp_path: Path
) -> None:
    here = gethostname().partition(".")[0]
    (tmp_path / "topology.conf").write_text(f"[routes]\n{here}: m3\nm3: m[1-2],gone\n")
    stand_in(tmp_path / "gateway", f'echo "$*" >> {tmp_path}/gateways; exec {sys.executable} "$@"')
    key = tmp_path / "key"
    key.write_text("9f86d081884c7d659a2feaa0c55ad015")
    key.chmod(0o600)
    settings = {"CLUSTERSHELL_CFGDIR": str(tmp_path), "CLUSTERSHELL_GW_PYTHON_EXECUTABLE": f"{tmp_path}/gateway"}
    reports = tmp_path / "reports"
    done = collect(world, "m[1-3],gone", reports, "--pseudonym-key-file", str(key), **settings)
    assert sorted(os.listdir(reports)) == ["gone.failed", "m1.json", "m2.json", "m3.json"], done.stderr
    assert (tmp_path / "gateways").read_text() == "-m ClusterShell.Gateway -Bu\n"
    assert (reports / "gone.failed").read_text().startswith("unreachable: ssh: ")
    one, other, same = (hosts(reports / f"m{number}.json") for number in (1, 2, 3))
    assert one == same != other
    assert len(one) == len(other) == 1
    assert [hosts(collected[1] / f"m{number}.json") for number in (1, 2, 3)] == [{"masked-host-1"}] * 3
    assert "--pseudonym-key-file -" in (world / "examined").read_text()
    written = [path for top in (tmp_path, world) for path in top.rglob("*") if path.is_file() and path != key]
    assert [path for path in written if key.read_bytes() in path.read_bytes()] == []
    assert key.read_text() not in done.stdout + done.stderr


def recipe(kind: str, begins: str, world: Path) -> str:
    """A block of docs/fleet.md, with the program that examines what the sick machine lacks."""
    fenced = re.findall(rf"^```{kind}\n(.*?)^```$", (ROOT / "docs/fleet.md").read_text(), re.MULTILINE | re.DOTALL)
    block: str = next(text for text in fenced if text.startswith(begins))
    return block.replace("envdoctor check", f"{world}/examine check")


def told(directory: Path) -> list[str]:
    """What is said of the reports in a directory, in lines."""
    command = [str(ENVDOCTOR), "fleet", str(directory), "--fail-on", "warning"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


def test_a_machine_without_envdoctor_is_named(world: Path, tmp_path: Path) -> None:
    done = collect(world, "m1", tmp_path, "--program", "no-such-envdoctor")
    assert done.returncode == 3
    assert "  m1: not installed: a login shell finds no envdoctor there" in done.stdout.splitlines()


def test_the_documented_loop_of_plain_ssh_does_the_same(world: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    wrapper = tmp_path / "bin" / "ssh"
    wrapper.write_text(f'#!/bin/sh\nexec {needs_tool("ssh")} -F {world}/ssh_config "$@"\n')
    wrapper.chmod(0o755)
    (tmp_path / "machines").write_text("m1\nm2\ngone\n")
    env = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    subprocess.run(["bash", "-c", recipe("sh", "ask() {", world)], cwd=tmp_path, env=env, check=True)
    assert sorted(os.listdir(tmp_path / "reports")) == ["gone.failed", "m1.json", "m2.json"]
    assert told(tmp_path / "reports")[0].startswith("Examined: ssh command (bash, login) on 2 machines.")


def test_the_documented_playbook_of_ansible_does_the_same(world: Path, tmp_path: Path) -> None:
    (tmp_path / "playbook.yml").write_text(recipe("yaml", "- hosts: all", world))
    (tmp_path / "hosts").write_text("m2\ngone\n")
    (tmp_path / "reports").mkdir()
    settings = {"ANSIBLE_SSH_ARGS": f"-F {world}/ssh_config", "ANSIBLE_REMOTE_TMP": f"{tmp_path}/scratch"}
    env = os.environ | settings | {"ANSIBLE_HOME": f"{tmp_path}/home"}
    command = [needs_tool("ansible-playbook"), "-i", "hosts", "-e", f"reports={tmp_path}/reports", "playbook.yml"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert sorted(os.listdir(tmp_path / "reports")) == ["gone.failed", "m2.json"]
    lines = told(tmp_path / "reports")
    assert lines[0].startswith("Examined: ssh command (bash, login) on 1 machine.")
    assert "  warning ENV001 active-environment-gone: 1 machine" in lines
    assert any(line.startswith("  gone: ") and "Connection refused" in line for line in lines)


def test_the_documented_commands_of_slurm_and_kubernetes_do_the_same(tmp_path: Path) -> None:
    """No cluster is here: what the scheduler would start is started by stand-ins for its programs."""
    report = tmp_path / "report.json"
    report.write_bytes(content())
    stand_in(tmp_path / "examine", f'echo a word >&2; [ "$*" = "check --share --format json" ] && cat {report}; exit 1')
    stand_in(tmp_path / "sleep", 'echo "slept $1" >&2')
    each = 'for node in n1 n2; do SLURMD_NODENAME=$node "$@" > "${file/\\%N/$node}"; done'
    stand_in(
        tmp_path / "srun", f"while [[ $1 == -* ]]; do [[ $1 != --output=* ]] || file=${{1#*=}}; shift; done; {each}"
    )
    stand_in(
        tmp_path / "kubectl", f"case $1 in get) echo pod-a n4;; logs) [ $2 = pod-a ] && cat {tmp_path}/logged;; esac"
    )
    (tmp_path / "reports").mkdir()
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SLURMD_NODENAME": "n3"}
    manifest = yaml.safe_load(recipe("yaml", "apiVersion: apps/v1", tmp_path))
    spec = manifest["spec"]["template"]["spec"]
    with (tmp_path / "logged").open("w") as logged:  # what a container prints on either stream
        subprocess.run(spec["containers"][0]["command"], env=env, stdout=logged, stderr=logged, check=True)
    assert (tmp_path / "logged").read_bytes() == content() + b"slept infinity\n"
    for begins in ("srun", "timeout", "kubectl"):
        command = recipe("sh", begins, tmp_path).replace("/shared/", f"{tmp_path}/")
        subprocess.run(["bash", "-c", command], cwd=tmp_path, env=env, check=True)
    assert sorted(os.listdir(tmp_path / "reports")) == ["n1.json", "n2.json", "n3.json", "n4.json"]
    assert (tmp_path / "reports" / "n1.json").read_bytes() == content()
