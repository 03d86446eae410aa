"""Hostile tools on the search path: each examination ends, says honestly what it could not learn, and leaves nothing.

No test asserts on time: that the command comes back at all, with the right content, is the proof.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envdoctor.system import processes
from envdoctor.system.child_processes import MARKER
from tests.clinic.patient import TOOLS, Examination, Patient

COMMAND = TOOLS / "envdoctor"
ASKED = ("python", "python3", "pip", "pip3", "uv", "conda", "mamba", "tmux", "git", "poetry", "pipenv", "pyenv", "ldd")
ONE_SECOND = ("--timeout", "1")


def write_script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def left_over(patient: Patient) -> list[str]:
    """What still runs of this patient's children, by their marker."""
    children = {pid: found for pid in processes.running() if MARKER in (found := processes.environment(pid) or {})}
    return [f"{pid} {found[MARKER]}" for pid, found in children.items() if found.get("HOME") == str(patient.home)]


def failures(found: Examination) -> dict[str, tuple[str, str]]:
    """How each Python that gave no answer failed, by the name of its file."""
    return {
        os.path.basename(failure["path"]): (failure["kind"], failure["detail"])
        for failure in found.document["facts"]["Interpreters"]["failed"]
    }


def assert_nothing_crashed(document: dict[str, Any]) -> None:
    """No check crashed and no probe broke: what does, tells its place in the sources as the reason."""
    assert not [result for result in document["results"] if result["outcome"] == "crashed"]
    assert not [result["reason"] for result in document["results"] if ".py:" in (result["reason"] or "")]


def assert_survived(found: Examination, patient: Patient) -> None:
    """Nothing of envdoctor's own went wrong, and no process was left."""
    assert_nothing_crashed(found.document)
    assert left_over(patient) == []


HANGS = {
    "hangs": "sleep 1000",
    "ignores every signal that can be ignored": "trap '' TERM HUP INT QUIT\nwhile :; do sleep 1000; done",
    "closes its outputs and hangs": "exec >&- 2>&-\nsleep 1000",
    "forks without end": "for i in 1 2 3 4 5 6 7 8; do setsid sh -c 'sleep 1000 & sleep 1000' & done\nsleep 1000",
}


@pytest.mark.parametrize("body", HANGS.values(), ids=HANGS)
def test_every_tool_hangs(body: str, patient: Patient) -> None:
    for name in ASKED:
        write_script(patient.bin / name, body)
    patient.env |= {"CONDA_EXE": str(patient.bin / "conda"), "TMUX": f"{patient.home}/socket,1,0"}
    found = patient.examine(*ONE_SECOND)
    late = ("timed out", "gave no answer within 1 s")
    assert failures(found) == {"python": late, "python3": late}
    unsettled = [result for result in found.document["results"] if "no answer within 1 s" in (result["reason"] or "")]
    assert unsettled
    assert found.exit_code == (1 if found.problems("error") else 3)
    assert_survived(found, patient)


SILENT = "ended with status 0 and without an answer"
MUCH = "head -c 100000000 /dev/zero"
SOME = ("python", "python3", "uv", "tmux")  # each megabyte that a report keeps is masked several times here
FAILS = {
    "exits at once and says nothing": ("exit 0", SILENT),
    "exits with 1": ("exit 1", "ended with status 1 and without an answer"),
    "is killed by a real-time signal": ("kill -40 $$", "was killed by signal 40"),
    "leaves a grandchild that holds its outputs": ("sleep 1000 &\nexit 0", SILENT),
    "leaves a grandchild in a session of its own": ("(setsid sleep 1000 &)\nexit 0", SILENT),
    "leaves a daemon": ("(setsid sleep 1000 </dev/null >/dev/null 2>&1 &)\nexit 0", SILENT),
    "prints 100 MB": (MUCH, "printed without an end"),
    "complains without an end": ("yes >&2", "printed without an end"),
    "prints garbage": (
        r"head -c 5000 /dev/urandom; printf '\033[31merror\001\377\n' >&2; exit 1",
        "ended with status 1 and without an answer",
    ),
    "answers nonsense": ('for last; do :; done; printf "%s{\\"version\\": 1}%s" "$last" "$last"', SILENT),
    "answers a nested list": (
        'for last; do :; done; printf %s "$last"; head -c 20000 /dev/zero | tr "\\0" "["; printf %s "$last"',
        SILENT,
    ),
}


@pytest.mark.parametrize(("body", "detail"), FAILS.values(), ids=FAILS)
def test_every_tool_fails(body: str, detail: str, patient: Patient) -> None:
    for name in SOME if body == MUCH else ASKED:
        write_script(patient.bin / name, body)
    patient.env |= {"CONDA_EXE": str(patient.bin / "conda"), "TMUX": f"{patient.home}/socket,1,0"}
    found = patient.examine("--timeout", "5")
    assert failures(found) == {"python": ("failed", detail), "python3": ("failed", detail)}
    assert_survived(found, patient)


def test_what_a_tool_prints_does_not_drive_the_terminal(patient: Patient) -> None:
    write_script(patient.bin / "python", r"printf '\033]0;error\007\033[2J\n' >&2; exit 1")
    done = patient.shell.run(f"{COMMAND} check -v")
    assert done.stderr == ""
    assert not [character for character in done.stdout if not character.isprintable() and character != "\n"]


def _write_foreign_program(path: Path) -> None:
    """An ELF file for a machine that does not exist."""
    path.write_bytes(b"\x7fELF\2\1\1" + b"\0" * 9 + b"\2\0\xf0\xf0" + b"\0" * 100)
    path.chmod(0o755)


def _write_without_header(path: Path) -> None:
    path.write_text("this is no program\n")
    path.chmod(0o755)


def _write_own_interpreter(path: Path) -> None:
    path.write_text(f"#!{path}\n")
    path.chmod(0o755)


PASSED_OVER: dict[str, Callable[[Path], None]] = {
    "directory": Path.mkdir,
    "FIFO": os.mkfifo,
    "dangling link": lambda path: path.symlink_to("/no/such/python"),
    "loop of links": lambda path: path.symlink_to(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "not executable": Path.touch,
}


@pytest.mark.parametrize("place", PASSED_OVER.values(), ids=PASSED_OVER)
def test_what_the_shell_passes_over_is_passed_over(place: Callable[[Path], None], patient: Patient) -> None:
    write_script(patient.root / "after" / "python", "exit 7")
    patient.env["PATH"] = f"{patient.bin}:{patient.root}/after:/usr/bin:/bin"
    for name in ASKED:
        place(patient.bin / name)
    found = patient.examine()
    assert failures(found)["python"] == ("failed", "ended with status 7 and without an answer")
    assert_survived(found, patient)


NO_PROGRAMS: dict[str, Callable[[Path], None]] = {
    "text without a header": _write_without_header,
    "empty": lambda path: path.touch(0o755),
    "for another machine": _write_foreign_program,
}


@pytest.mark.parametrize("write", NO_PROGRAMS.values(), ids=NO_PROGRAMS)
def test_what_the_system_cannot_start(write: Callable[[Path], None], patient: Patient) -> None:
    for name in ASKED:
        write(patient.bin / name)
    found = patient.examine()
    kind, detail = failures(found)["python"]
    assert (kind, detail.partition(":")[0]) == ("not executable", "cannot be started")
    assert_survived(found, patient)


def test_scripts_that_are_their_own_interpreter(patient: Patient) -> None:
    for name in ASKED:
        _write_own_interpreter(patient.bin / name)
    found = patient.examine()
    [hit] = [hit for hit in found.document["facts"]["Commands"]["hits"] if hit["path"] == str(patient.bin / "python")]
    assert (hit["runs"], hit["problem"]) == (None, f"{patient.bin}/python is reached through too many scripts")
    assert_survived(found, patient)


def test_nothing_is_run_from_a_relative_element(patient: Patient) -> None:
    mark = patient.root / "was-run"
    for directory in ("relative", ".", "~/bin"):
        for name in (*ASKED, "ldconfig", "getconf", "uname", "ffmpeg", "sh", "bash", "zsh"):
            write_script(patient.project / directory / name, f'echo "$0" >>{mark}')
    patient.does(
        "PATH='relative:.::./relative:~/bin:../project:'$PATH",
        "export CONDA_EXE=relative/conda PYENV_ROOT=relative SHELL=relative/bash TMUX=relative/socket,1,0",
    )
    found = patient.examine()
    assert found.document["facts"]["SearchPath"]["entries"][0]["text"] == "relative"
    assert not mark.exists(), mark.read_text()
    assert_survived(found, patient)


def snapshot(root: Path) -> dict[str, Any]:
    """Every file below a directory with what would change if it were written, links not followed."""
    seen = {str(path.relative_to(root)): path.lstat() for path in (root, *root.rglob("*"))}
    return {path: (status.st_mode, status.st_mtime_ns, status.st_size) for path, status in seen.items()}


def test_nothing_is_written(patient: Patient, python_with_pip: Path) -> None:
    """Interpreters, pip and uv are asked for real; none of them may leave even a byte of compiled code."""
    patient.install("uv")
    patient.prepares(python_with_pip, "-m", "venv", "--without-pip", patient.project / ".venv")
    library = next((patient.project / ".venv" / "lib").glob("python*/site-packages"))
    (library / "slow.pth").write_text("import started\n")
    (library / "started.py").write_text("began = True\n")
    (patient.project / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\ndependencies = ["click"]\n')
    (patient.home / ".condarc").write_text("channels: [conda-forge]\n")
    patient.does(". .venv/bin/activate")
    before = snapshot(patient.home)
    found = patient.examine()
    assert found.document["facts"]["ActivePython"]["interpreter"]["prefix"] == str(patient.project / ".venv")
    assert snapshot(patient.home) == before


def test_without_a_network_the_report_is_the_same(patient: Patient) -> None:
    if patient.shell.run("unshare --net --map-root-user true").status:
        pytest.skip("unshare cannot make a network namespace here")
    write_script(patient.bin / "python", "exit 1")
    usual = patient.examine()
    done = patient.shell.run(f"unshare --net --map-root-user {COMMAND} --format json")
    assert done.stderr == ""
    assert _timeless(json.loads(done.stdout)) == _timeless(usual.document)
    assert done.status == usual.exit_code


def _timeless(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**result, "seconds": None} for result in document["results"]]
