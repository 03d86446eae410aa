"""A user with a home of their own and a real shell: made sick with real tools, examined, cured as printed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec

from envdoctor.cli.brought import guarded
from envdoctor.cli.conda_client import spoken
from envdoctor.cli.judging import SHOWN
from envdoctor.engine.check import Check
from envdoctor.engine.judge import facts_for, judge
from envdoctor.engine.reference import Facts
from envdoctor.engine.registry import Registry
from envdoctor.facts.conda.client import CondaClient
from envdoctor.facts.project.brought import BroughtEnvironments
from envdoctor.render import json as json_report
from envdoctor.report import recording
from envdoctor.report.redaction import redact
from envdoctor.report.report import Report
from envdoctor.report.sharing import SharedMasks, share
from envdoctor.text.identity import Identity
from tests.clinic.proof import Register
from tests.clinic.shell import Done, LiveShell
from tests.clinic.treatment import Types, options_of, taken
from tests.clinic.tree import changed, outside, tree_of
from tests.support import needs_tool

TOOLS = Path(sys.executable).parent
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


class Examination:
    """What `envdoctor --format json` said.

    Attributes:
        document: the whole report.
        exit_code: the exit status of the command.
    """

    def __init__(self, document: dict[str, Any], exit_code: int) -> None:
        self.document = document
        self.exit_code = exit_code

    @property
    def codes(self) -> set[str]:
        """The codes of all findings."""
        return {result["code"] for result in self.document["results"] if result["findings"]}

    def result(self, code: str) -> dict[str, Any]:
        """How the check with this code ended."""
        return next(result for result in self.document["results"] if result["code"] == code)

    def finding(self, code: str) -> dict[str, Any]:
        """The only finding of this code."""
        [finding] = self.result(code)["findings"]
        assert isinstance(finding, dict)
        return finding

    def problems(self, at_least: str = "info") -> list[str]:
        """`CODE: message` of every finding that is at least this bad."""
        order = ["info", "warning", "error"]
        return [
            f"{result['code']}: {finding['message']}"
            for result in self.document["results"]
            for finding in result["findings"]
            if order.index(finding["severity"]) >= order.index(at_least)
        ]


class Patient:
    """A user: a home, an environment of nothing but what a login gives, a working directory, one open shell.

    Args:
        root: an empty directory; home, project and outputs are made in it.
        shell: bash, zsh, fish or sh. It skips all start-up files unless `shell_arguments` say otherwise.

    Attributes:
        command: how the user types `envdoctor`.
        register: the record of what is proven by the running test; None outside of tests.
    """

    register: ClassVar[Register | None] = None

    def __init__(self, root: Path, shell: str = "bash") -> None:
        self.root = root.resolve()
        self.home = self.root / "home"
        self.project = self.home / "project"
        self.bin = self.home / ".local" / "bin"
        self.scratch = self.root / "scratch"
        for directory in (self.project, self.bin, self.scratch):
            directory.mkdir(parents=True)
        self.cwd = self.project
        self.shell_name = shell
        self.shell_arguments: Sequence[str] | None = None
        self.command = str(TOOLS / "envdoctor")
        self.env = {
            "HOME": str(self.home),
            "USER": "patient",
            "LOGNAME": "patient",
            "SHELL": f"/bin/{shell}",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "PATH": f"{self.bin}:{SYSTEM_PATH}",
        }
        self._shell: LiveShell | None = None
        self._is_shared = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_shell()

    @property
    def shell(self) -> LiveShell:
        """The open shell; it starts when it is first used, with `env` and `cwd` as they are then."""
        if self._shell is None:
            needs_tool(self.shell_name)
            self._shell = LiveShell(self.shell_name, self.env, self.cwd, self.scratch, self.shell_arguments)
        return self._shell

    def close_shell(self) -> None:
        """End the shell; the next line starts a new one."""
        if self._shell is not None:
            self._shell.__exit__(None, None, None)
            self._shell = None

    def install(self, *names: str) -> None:
        """Put tools of the test environment (uv, poetry …) into the user's own bin directory, by link."""
        for name in names:
            if not (TOOLS / name).exists():
                needs_tool(name)
            (self.bin / name).symlink_to(TOOLS / name)

    def does(self, *lines: str) -> Done:
        """Type lines into the shell; each must succeed."""
        done = Done(0, "", "")
        for line in lines:
            done = self.shell.run(line)
            assert done.status == 0, f"{line}: exit {done.status}\n{done.stdout}{done.stderr}"
        return done

    def prepares(self, *argv: str | Path, **variables: str) -> str:
        """Run a tool beside the shell, as somebody who builds the environment; it must succeed. Its stdout."""
        done = subprocess.run(
            [str(word) for word in argv],
            env={**self.env, **variables},
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def examine(self, *arguments: str) -> Examination:
        """Type `envdoctor --format json` and read what it says.

        Every examination is also replayed and compared; the first of a patient as it is shared, too.
        """
        done = self.shell.run(f"{self.command} --format json {' '.join(arguments)}")
        assert done.stderr == "", done.stderr
        document = json.loads(done.stdout)
        assert document["exit_code"] == done.status
        replayed = assert_replay_agrees(document)
        if not self._is_shared:
            assert_shared_replay_agrees(replayed, self)
            self._is_shared = True
        if self.register:
            self.register.sees(self.shell_name, document)
        return Examination(document, done.status)

    def cure(
        self,
        code: str,
        *,
        before: Examination | None = None,
        arguments: Sequence[str] = (),
        unmasked: Iterable[str] = (),
    ) -> Examination:
        """Run the fixes of all findings of this code as they are printed, examine again: all gone, nothing new.

        In the case that proves the check in this shell (see `tests.clinic.proof`) they are taken from `envdoctor fix`.
        Advice may follow on a cure: who has left a broken environment is told where to work instead. `unmasked` are
        codes of worse that the sickness had masked, such as the missing pip of an environment that could not start.
        """
        before = before or self.examine(*arguments)
        fixes = [finding["fix"] for finding in before.result(code)["findings"]]
        assert fixes, f"{code} is not found: {before.problems()}"
        for fix in fixes:
            by_hand = [
                step["kind"] == "manual" for step in fix["actions"]
            ]  # what is to be done for new shells comes last
            assert not by_hand[0], f"{code} is not mended by commands: {fix}"
            assert by_hand == sorted(by_hand), f"a step of {code} builds on what is done by hand: {fix}"
        if self.register and self.register.wants(code, self.shell_name):
            self.takes(code, before, self.shell.run, self.shell_name, options_of(arguments))
        else:
            self.does(*(line for fix in fixes for line in fix["commands"][self._dialect]))
        after = self.examine(*arguments)
        assert code not in after.codes, after.problems()
        new = {problem.partition(":")[0] for problem in after.problems("warning")} - before.codes - set(unmasked)
        assert not new, after.problems()
        return after

    def takes(
        self, code: str, before: Examination, types: Types, shell: str, options: str = "", result: str = "gone"
    ) -> None:
        """Take the fixes of a check from `envdoctor fix` in a shell: no file changes but those that they name."""
        assert self.register
        fixes = [finding["fix"] for finding in before.result(code)["findings"]]
        was = tree_of([str(self.root)], [str(self.scratch)])
        way = taken(types, self.command, shell, code, fixes, options)
        paths = changed(was, tree_of([str(self.root)], [str(self.scratch)]))
        assert outside(paths, fixes, str(self.home), before.document["session"]["cwd"] or "/") == [], fixes
        self.register.note(code, shell, before.document, way, result)

    @property
    def _dialect(self) -> str:
        return "bash" if self.shell_name == "sh" else self.shell_name


def assert_replay_agrees(document: dict[str, Any]) -> Report:
    """The recorded facts, judged again, give the recorded results. What they give, before anything is masked."""
    checks, known = _recorded(document)
    results = judge(checks, known, among=_registry().checks)
    report = redact(Report(document["created"], spoken(guarded(results, known), known), known))
    replayed = json.loads(json_report.render(report))
    own = [result for result in document["results"] if any(check.code == result["code"] for check in checks)]
    assert _timeless(replayed["results"]) == _timeless(own)
    assert msgspec.to_builtins(replayed["facts"]) == {
        name: fact for name, fact in document["facts"].items() if name in replayed["facts"]
    }
    return Report("", results, known)


def assert_shared_replay_agrees(original: Report, patient: Patient) -> None:
    """The facts as they are shared give the same results, as they are shared, and do not name the home."""
    identity = Identity((str(patient.home),), (patient.env["USER"],), ("Ada Lovelace",), ("engine.patient.example",))
    shared = share(original, SharedMasks(original, identity))
    checks = tuple(result.check for result in original.results)
    again = Report("", judge(checks, shared.known, among=_registry().checks), shared.known)
    replayed = share(again, SharedMasks(again, Identity()))
    said = json_report.render(shared)
    assert _timeless(json.loads(json_report.render(replayed))["results"]) == _timeless(json.loads(said)["results"])
    assert str(patient.home) not in said


def _recorded(document: dict[str, Any]) -> tuple[tuple[Check[Any], ...], Facts]:
    """The checks that have judged, of envdoctor's own, and what they were given."""
    registry = _registry()
    codes = {result["code"] for result in document["results"]}
    checks = tuple(check for check in registry.checks if check.code in codes)
    needed = facts_for(checks, among=registry.checks, shown=(*SHOWN, BroughtEnvironments, CondaClient))
    return checks, recording.from_document(document, needed, "the recording")


def _timeless(results: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**result, "seconds": None} for result in results]


@cache
def _registry() -> Registry:
    return Registry.load(third_party=False)
