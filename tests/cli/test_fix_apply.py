"""`envdoctor fix --apply`: what lasts is carried out, examined again and told."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from envdoctor import Activate, EditFile, Fix, Manual, Run, Safety, UnsetVariable
from envdoctor.cli import fix_apply
from envdoctor.cli.choices import Choices
from envdoctor.cli.examine import Prepared
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.report.report import Report
from tests.cli.command import ENVDOCTOR, PATH, run
from tests.plan.world import result
from tests.support import make_session

pytestmark = pytest.mark.tools


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".config" / "pip").mkdir(parents=True)
    (home / ".config" / "pip" / "pip.conf").write_text("[global]\nno-cache-dir = perhaps\n")
    return home


def conf(home: Path) -> Path:
    return home / ".config" / "pip" / "pip.conf"


SICK_CONF = "[global]\nno-cache-dir = perhaps\n"
CURED_CONF = "[global]\n# >>> envdoctor PIP007 >>>\n# no-cache-dir = perhaps\n# <<< envdoctor PIP007 <<<\n"


def test_a_fix_is_applied_and_its_finding_is_resolved(home: Path) -> None:
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "✓ PIP007: resolved"
    assert "-no-cache-dir = perhaps" in done.stdout
    assert done.stderr == "envdoctor: `envdoctor fix --undo` takes back what was written into files\n"
    assert conf(home).read_text() == CURED_CONF
    again = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "envdoctor: there is nothing to apply\n")


def test_each_fault_of_one_file_has_its_turn(home: Path) -> None:
    before = "[global]\nno-cache-dir = perhaps\nno-input = perhaps\ntimeout = soon"
    conf(home).write_text(before)
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert (done.returncode, done.stdout.count("✓ PIP007: resolved\n")) == (0, 3)
    assert run("check", "--no-plugins", "--select", "PIP007", home=home).returncode == 0
    assert run("fix", "--undo", home=home).returncode == 0
    assert conf(home).read_text() == before


def test_a_dry_run_shows_everything_and_changes_nothing(home: Path) -> None:
    done = run("fix", "--apply", "--dry-run", "--no-plugins", "--select", "PIP007", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"+++ {conf(home)}" in done.stdout
    assert "+# >>> envdoctor PIP007 >>>" in done.stdout
    assert conf(home).read_text() == SICK_CONF
    assert not (home / ".local").exists()


def test_where_nobody_can_answer_nothing_is_applied(home: Path) -> None:
    done = run("fix", "--apply", home=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody can answer here; --yes applies them" in done.stderr
    assert conf(home).read_text() == SICK_CONF


def test_codes_narrow_it_and_an_unknown_one_is_said(home: Path) -> None:
    done = run("fix", "--apply", "--yes", "UV003", "--no-plugins", home=home)
    assert done.stderr.endswith("there is nothing to apply\n")
    assert conf(home).read_text() == SICK_CONF
    wrong = run("fix", "--apply", "--yes", "PIP0007", "--no-plugins", home=home)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean PIP007?" in wrong.stderr


def test_what_the_shell_has_is_told_with_its_line(home: Path) -> None:
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home, PIP_NO_INPUT="perhaps")
    assert done.stdout.startswith(
        'For this shell, with eval "$(envdoctor fix --session)":\n  PIP007: Remove the value\n'
    )
    assert conf(home).read_text() == CURED_CONF


def test_what_is_accepted_is_not_applied(home: Path) -> None:
    (home / "envdoctor.toml").write_text('[[suppress]]\ncode = "PIP007"\nreason = "on purpose"\n')
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert (done.returncode, done.stderr) == (0, "envdoctor: there is nothing to apply\n")
    assert conf(home).read_text() == SICK_CONF


def test_what_cannot_be_applied_is_said_and_fails(home: Path) -> None:
    conf(home).chmod(0o444)
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == f"✗ PIP007: not applied: {conf(home)} is read-only"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a directory away")
def test_another_users_home_is_left_alone(home: Path) -> None:
    os.chown(home, 12345, -1)
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert done.returncode == 2
    assert f"the home directory {home} belongs to user 12345: run it as that user, without sudo" in done.stderr
    assert conf(home).read_text() == SICK_CONF


def test_a_secret_in_a_file_is_not_shown(home: Path) -> None:
    conf(home).write_text(
        "[global]\nindex-url = https://ada:hunter22hunter@mirror.example/simple\nno-input = perhaps\n"
    )
    done = run("fix", "--apply", "--yes", "--no-plugins", "--select", "PIP007", home=home)
    assert done.returncode == 0
    assert "hunter22" not in done.stdout + done.stderr
    assert "hunter22" in conf(home).read_text()


class Terminal:
    """`envdoctor` in a terminal of its own."""

    def __init__(self, home: Path, *arguments: str, **env: str) -> None:
        self.seen = ""
        variables = {"HOME": str(home), "PATH": PATH, "LANG": "C.UTF-8", "TERM": "dumb", **env}
        self.process, self.terminal = self._started([str(ENVDOCTOR), *arguments], variables, home)

    @staticmethod
    def _started(command: list[str], env: dict[str, str], home: Path) -> tuple[subprocess.Popen[bytes], int]:
        ours, theirs = pty.openpty()
        code = (
            "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
        )
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", code, *command],
            env=env,
            cwd=home,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        return process, ours

    def until(self, text: str) -> None:
        """Read until this has been printed."""
        deadline = time.monotonic() + 60
        while text not in self.seen:
            assert select.select((self.terminal,), (), (), deadline - time.monotonic())[0], self.seen
            self.seen += os.read(self.terminal, 65_536).decode()
        self.seen = self.seen.partition(text)[2]

    def types(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def ends(self) -> int:
        """Its exit status, and the rest of what it says in `seen`."""
        try:
            while chunk := os.read(self.terminal, 65_536):
                self.seen += chunk.decode()
        except OSError:  # nobody holds the other side any more
            pass
        os.close(self.terminal)
        return self.process.wait(30)


@pytest.mark.parametrize(
    ("answer", "after", "said"), [("y\n", CURED_CONF, "resolved"), ("\n", SICK_CONF, "left as it is")]
)
def test_on_a_terminal_each_fix_is_asked_for_and_no_is_the_default(
    home: Path, answer: str, after: str, said: str
) -> None:
    typed = Terminal(home, "fix", "--apply", "--no-plugins", "--select", "PIP007")
    typed.until("Apply this fix of PIP007? [y/N]: ")
    assert conf(home).read_text() == SICK_CONF
    typed.types(answer)
    assert typed.ends() == 0
    assert f"PIP007: {said}" in typed.seen
    assert conf(home).read_text() == after


@pytest.mark.parametrize(("key", "status"), [("\x03", 130), ("\x04", 130)])
def test_a_question_can_be_broken_off(home: Path, key: str, status: int) -> None:
    typed = Terminal(home, "fix", "--apply", "--no-plugins", "--select", "PIP007")
    typed.until("[y/N]: ")
    typed.types(key)
    assert typed.ends() == status
    assert conf(home).read_text() == SICK_CONF


def fake_uv(directory: Path, script: str) -> str:
    """A search path on which `uv` answers to `--version`, and to anything else does this."""
    directory.mkdir()
    uv = directory / "uv"
    uv.write_text(f'#!/bin/sh\n[ "$1" = --version ] && {{ echo "uv 0.9.9"; exit; }}\n{script}\n')
    uv.chmod(0o755)
    return f"{directory}:{PATH}"


def project(home: Path) -> Path:
    root = home / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')
    return root


def is_alive(pid: str) -> bool:
    """Whether a process does anything any more."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_ctrl_c_ends_the_command_and_its_children(home: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    path = fake_uv(tmp_path / "bin", f"sleep 987 & echo $! > {child}.new; mv {child}.new {child}; wait")
    typed = Terminal(project(home), "fix", "--apply", "--yes", "PIP006", "--no-plugins", PATH=path, HOME=str(home))
    deadline = time.monotonic() + 60
    while not child.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    typed.types("\x03")
    assert typed.ends() == 130
    while is_alive(child.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_step_that_fails_is_told_with_its_output(home: Path, tmp_path: Path) -> None:
    path = fake_uv(tmp_path / "bin", "echo no space left >&2; exit 3")
    done = run("fix", "--apply", "--yes", "PIP006", "--no-plugins", home=project(home), PATH=path, HOME=str(home))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-2:] == ["✗ PIP006: failed: uv failed with exit status 3", "    | no space left"]


def test_advice_is_not_applied_unasked(home: Path, tmp_path: Path) -> None:
    path = fake_uv(tmp_path / "bin", f"touch {tmp_path}/reached")
    done = run(
        "fix", "--apply", "--yes", "--no-plugins", "--select", "PIP006", home=project(home), PATH=path, HOME=str(home)
    )
    assert "Info, which is applied if you name it:\n  PIP006: " in done.stdout
    assert not (tmp_path / "reached").exists()


class Examinations:
    """What each examination finds, one after the other; the last for all that follow."""

    def __init__(self, home: Path, *reports: Report) -> None:
        self._reports = list(reports)
        session = make_session({"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin"}, cwd=home)
        self.prepared = Prepared(session, lambda _facts: Facts({}), Choices(), None)

    def unmasked(self, *_: object, **__: object) -> Report:
        return self._reports.pop(0) if len(self._reports) > 1 else self._reports[0]


def report(*results: Result) -> Report:
    return Report("2026-11-29T15:00:00Z", results, Facts({}))


def applied(monkeypatch: pytest.MonkeyPatch, home: Path, *reports: Report, yes: bool = True) -> int:
    examinations = Examinations(home, *reports)
    monkeypatch.setattr(fix_apply, "unmasked", examinations.unmasked)
    return fix_apply.apply(lambda: examinations.prepared, (), yes=yes, dry_run=False)


TRUE = Fix("Do nothing", Run("true"), safety=Safety.CHANGES_STATE)
SICK = result("A001", TRUE)


def cured(sick: Result) -> Result:
    return msgspec.structs.replace(sick, outcome=Outcome.OK, findings=())


CURED = cured(SICK)


@pytest.mark.parametrize(
    ("after", "status", "said"),
    [
        (report(CURED), 0, "✓ A001: resolved\n"),
        (report(SICK), 1, "✗ A001: unchanged\n"),
        (
            report(CURED, result("B001", Fix("Ask", Manual("Ask")))),
            1,
            "✗ A001: worse\n    new: B001 sick: B001 is wrong\n",
        ),
        (
            report(msgspec.structs.replace(CURED, outcome=Outcome.CRASHED, reason="broken")),
            3,
            "? A001: not known: broken\n",
        ),
        (report(result("A001", Fix("Unset X", UnsetVariable("X")))), 0, "✓ A001: resolved for new shells\n"),
    ],
)
def test_the_exit_status_says_what_came_of_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    after: Report,
    status: int,
    said: str,
) -> None:
    assert applied(monkeypatch, tmp_path, report(SICK), after) == status
    out = capsys.readouterr()
    assert out.out.endswith(said)
    assert ("this shell still has what it had" in out.err) is ("new shells" in said)


def test_what_only_the_shell_can_do_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fix = Fix("Make it", Run("true"), Activate("/p/.venv"), safety=Safety.CHANGES_STATE)
    assert applied(monkeypatch, tmp_path, report(result("A001", fix)), report(CURED)) == 0
    assert capsys.readouterr().err == "envdoctor: to be typed in this shell: source /p/.venv/bin/activate\n"


def test_what_a_fix_that_failed_has_not_made_is_not_to_be_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fix = Fix("Make it", Run("false"), Activate("/p/.venv"), safety=Safety.CHANGES_STATE)
    assert applied(monkeypatch, tmp_path, report(result("A001", fix)), report(CURED)) == 1
    assert capsys.readouterr().err == ""


def test_what_has_still_to_be_entered_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sick = result("A001", Fix("Make it", Run("true"), Activate("/p/.venv")))
    assert applied(monkeypatch, tmp_path, report(sick), report(sick)) == 3
    said = capsys.readouterr()
    assert said.out.endswith("? A001: to be completed in this shell\n")
    assert said.err == "envdoctor: to be typed in this shell: source /p/.venv/bin/activate\n"


def test_how_commands_are_taken_back_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = result("A001", Fix("Move it", Run("true"), undo=(Run("mv", "b", "a"),)))
    files = result("B001", Fix("Write it", EditFile(str(tmp_path / "f"), add=("x",)), Run("true")))
    reports = (report(known, files), report(CURED, files), report(CURED, cured(files)))
    assert applied(monkeypatch, tmp_path, *reports) == 0
    assert capsys.readouterr().err.splitlines() == [
        "envdoctor: `envdoctor fix --undo` takes back what was written into files",
        "envdoctor: A001 is taken back by: mv b a",
        "envdoctor: what else commands have done stays: B001",
    ]


def test_a_command_that_only_writes_a_file_leaves_nothing_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f"#!/bin/sh\necho 3.12 > {tmp_path}/.python-version\n")
    uv.chmod(0o755)
    pin = Fix("Pin it", Run("uv", "python", "pin", "3.12", directory=str(tmp_path)))
    assert applied(monkeypatch, tmp_path, report(result("A001", pin)), report(CURED)) == 0
    said = ["envdoctor: `envdoctor fix --undo` takes back what was written into files"]
    assert capsys.readouterr().err.splitlines() == said


def test_what_the_next_plan_holds_is_applied_too_and_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = result("B001", TRUE)
    assert applied(monkeypatch, tmp_path, report(SICK), report(CURED, other), report(CURED, cured(other))) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line[:1] in "✓✗"] == [
        "✗ A001: worse",
        "✓ B001: resolved",
    ]


def test_a_fix_that_fails_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fails = result("A001", Fix("Fail", Run("false"), Run("touch", str(tmp_path / "reached"))))
    other = result("B001", TRUE)
    assert applied(monkeypatch, tmp_path, report(fails, other), report(fails, other), report(fails, cured(other))) == 1
    said = capsys.readouterr().out
    assert "✗ A001: failed: false failed with exit status 1\n" in said
    assert "✓ B001: resolved\n" in said
    assert not (tmp_path / "reached").exists()


def test_what_removes_something_is_never_applied_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "precious").write_text("")
    removal = Fix("Remove it", Run("rm", str(tmp_path / "precious")), safety=Safety.DESTRUCTIVE)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert applied(monkeypatch, tmp_path, report(result("A001", removal))) == 1
    assert (
        "A001: not applied: it removes something, and is only applied where you can be asked" in capsys.readouterr().out
    )
    assert (tmp_path / "precious").exists()


@pytest.mark.parametrize(("answer", "left"), [("y\n", False), ("\n", True)])
def test_what_removes_something_is_asked_for_with_yes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: bool
) -> None:
    (tmp_path / "precious").write_text("")
    removal = Fix("Remove it", Run("rm", str(tmp_path / "precious")), safety=Safety.DESTRUCTIVE)
    stdin = io.StringIO(answer)
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert applied(monkeypatch, tmp_path, report(result("A001", removal)), report(CURED)) == 0
    assert (tmp_path / "precious").exists() is left
