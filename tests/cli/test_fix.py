from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools

SICK = {"VIRTUAL_ENV": "/gone", "LD_LIBRARY_PATH": "/nowhere", "PYTHONPATH": "/none", "UV_PREVIEW": "1"}
OPTIONS = ("--no-plugins", "--select", "ENV001,LIB002,PY006")


def test_the_plan_is_a_script_and_nothing_is_run(tmp_path: Path) -> None:
    done = run("fix", *OPTIONS, "--shell", "bash", home=tmp_path, **SICK)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "# 3 findings, 3 fixes, in this order. Nothing has been run."
    assert lines[2].startswith("# 1. ENV001 active-environment-gone: VIRTUAL_ENV is /gone")
    assert {"unset LD_LIBRARY_PATH", "unset PYTHONPATH"} <= set(lines)


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("fish", "set -e PYTHONPATH; or true"),
        ("tcsh", "unsetenv PYTHONPATH"),
        ("nu", "hide-env --ignore-errors PYTHONPATH"),
        ("xonsh", "_ = ${...}.pop('PYTHONPATH', None)"),
        ("powershell", "Remove-Item Env:PYTHONPATH"),
        ("zsh", "unset PYTHONPATH"),
    ],
)
def test_codes_narrow_it_and_a_shell_is_named(tmp_path: Path, shell: str, line: str) -> None:
    done = run("fix", "py006", "--no-plugins", "--shell", shell, home=tmp_path, **SICK)
    assert done.stdout.splitlines()[-1] == line
    assert "ENV001" not in done.stdout


def test_the_plan_as_json_is_that_of_the_report(tmp_path: Path) -> None:
    done = run("fix", *OPTIONS, "--format", "json", home=tmp_path, **SICK)
    document = json.loads(done.stdout)
    report = json.loads(run("check", *OPTIONS, "--format", "json", home=tmp_path, **SICK).stdout)
    assert document["plan"] == report["plan"]
    assert [item["code"] for item in document["plan"]] == ["ENV001", "LIB002", "PY006"]
    assert [item["finding"] for item in document["plan"]] == [0, 0, 0]
    assert document["plan"][0]["examine_again"] is True
    assert (document["schema"], document["recorded"]) == (1, None)


def test_a_recording_is_planned_for_that_machine(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run("check", *OPTIONS, "--output", f"json={report}", home=tmp_path, **SICK)
    done = run("fix", *OPTIONS, "--recording", str(report), home=tmp_path)
    first, *others = done.stdout.splitlines()
    assert first.startswith(f"# For that machine, not for this one: {report}, recorded at ")
    assert "unset PYTHONPATH" in others


def test_what_the_project_accepts_is_not_fixed(tmp_path: Path) -> None:
    suppress = '[[suppress]]\ncode = "PY006"\nreason = "on purpose"\n'
    (tmp_path / "envdoctor.toml").write_text(suppress)
    done = run("fix", *OPTIONS, home=tmp_path, **SICK)
    assert "ENV001" in done.stdout
    assert "PYTHONPATH" not in done.stdout


def test_an_empty_plan_is_one_line(tmp_path: Path) -> None:
    done = run("fix", "--no-plugins", "NET003", home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "envdoctor: there is nothing to fix\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("PIP0O1",), "did you mean PIP001"),
        (("--shell", "fsh"), "no fixes are written for 'fsh'; did you mean fish?"),
        (("--shell", "elvish-like-nothing"), "there are bash, zsh, fish"),
        (("--recording", "/no/such/file"), "/no/such/file: no such file"),
        (("--session", "--recording", "x"), "--session fixes this shell"),
        (("--session", "--format", "json"), "--session fixes this shell"),
    ],
)
def test_wrong_usage_names_what_is_near(tmp_path: Path, arguments: tuple[str, ...], hint: str) -> None:
    done = run("fix", *arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
