"""A pane of a real terminal multiplexer: lines are typed into it, and what they do is read from files."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from tests.clinic.patient import TOOLS, Examination, Patient, assert_replay_agrees
from tests.clinic.shell import Done
from tests.support import needs_tool

PATIENCE = 30.0
DIALECT = {"sh": "bash", "dash": "bash"}


class Server(Protocol):
    """What holds panes, and can type into one."""

    patient: Patient

    def type(self, pane: str, line: str) -> None:
        """Type a line and press return."""


class Pane:
    """One pane, in which a shell waits for lines.

    Args:
        server: what holds it.
        name: how the server calls it.
        shell: the shell in it.
    """

    def __init__(self, server: Server, name: str, shell: str = "bash") -> None:
        self.server = server
        self.name = name
        self.shell = shell
        self._scratch = Path(tempfile.mkdtemp(dir=server.patient.scratch))

    def types(self, line: str) -> int:
        """Type a line as a user does, wait for its end, and give back its exit status."""
        status, written = self._scratch / "status", self._scratch / "status.new"
        status.unlink(missing_ok=True)
        self.server.type(self.name, line)
        result = "$status" if self.shell == "fish" else "$?"
        self.server.type(self.name, f"echo {result} > {written}; mv {written} {status}")
        deadline = time.monotonic() + PATIENCE
        while not status.exists():
            assert time.monotonic() < deadline, f"no answer to: {line}"
            time.sleep(0.02)
        return int(status.read_text())

    def says(self, line: str) -> str:
        """Type a line, and read what it prints."""
        output = self._scratch / "output"
        self.types(f"{line} > {output} 2>&1")
        return output.read_text().strip()

    def _done(self, line: str) -> Done:
        """Type a line, and read what came of it."""
        output, errors = self._scratch / "output", self._scratch / "errors"
        status = self.types(f"{line} > {output} 2> {errors}")
        return Done(status, output.read_text(), errors.read_text())

    def examine(self, *arguments: str) -> Examination:
        """Type `envdoctor --format json` into the pane. Every examination is also replayed and compared."""
        output = self._scratch / "report"
        errors = self._scratch / "errors"
        status = self.types(f"{TOOLS / 'envdoctor'} --format json {' '.join(arguments)} > {output} 2> {errors}")
        assert errors.read_text() == ""
        document = json.loads(output.read_text())
        assert document["exit_code"] == status
        assert_replay_agrees(document)
        if self.server.patient.register:
            self.server.patient.register.sees(self.shell, document)
        return Examination(document, status)

    def cure(self, code: str, *, hints: Iterable[str] = ()) -> Examination:
        """Type the steps of the one finding of this code as they are printed, examine again: gone, nothing is new.

        `hints` are codes of advice that may come with the cure.
        """
        before = self.examine()
        fix = before.finding(code)["fix"]
        lines = fix["commands"][DIALECT.get(self.shell, self.shell)]
        typed = [line for line, step in zip(lines, fix["actions"], strict=True) if step["kind"] != "manual"]
        assert typed, lines
        patient = self.server.patient
        if patient.register and patient.register.wants(code, self.shell):
            patient.takes(code, before, self._done, self.shell)
        else:
            for line in typed:
                assert self.types(line) == 0, line
        after = self.examine()
        assert code not in after.codes, after.problems()
        assert after.codes <= before.codes | set(hints), f"new: {after.problems()}"
        return after


class Tmux:
    """A tmux server of the patient's own, on a private socket. It is started by the first `session`.

    Args:
        patient: the user.
        config: the lines of their `~/.tmux.conf`.
    """

    def __init__(self, patient: Patient, *config: str) -> None:
        self.program = needs_tool("tmux")
        self.patient = patient
        self._directory = Path(tempfile.mkdtemp(prefix="tmux-"))  # a socket's path must be short
        self.socket = self._directory / "socket"
        self.config = patient.home / ".tmux.conf"
        self.config.write_text("".join(f"{line}\n" for line in config))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._directory)

    def kill(self) -> None:
        """End the server, if it runs."""
        subprocess.run([self.program, "-S", self.socket, "kill-server"], capture_output=True, check=False)

    def command(self, *words: str) -> str:
        """A command to this server as a line of a shell."""
        return shlex.join([self.program, "-S", str(self.socket), "-f", str(self.config), *words])

    def session(self, name: str = "work", shell: str = "bash", *options: str) -> Pane:
        """Make a session from the patient's shell, as it is now."""
        size = ("-x", "250", "-y", "50")
        self.patient.does(self.command("new-session", "-d", "-s", name, *size, *options))
        return self._ready(Pane(self, name, shell))

    def window(self, session: str = "work", shell: str = "bash") -> Pane:
        """Make a new window in a session from the patient's shell, as it is now."""
        target = self.patient.does(self.command("new-window", "-d", "-P", "-t", f"{session}:")).stdout.strip()
        return self._ready(Pane(self, target, shell))

    def type(self, pane: str, line: str) -> None:
        """Type a line into a pane."""
        for words in (("-l", line), ("Enter",)):
            subprocess.run([self.program, "-S", self.socket, "send-keys", "-t", pane, *words], check=True)

    @staticmethod
    def _ready(pane: Pane) -> Pane:
        pane.types("true")
        return pane


class Screen:
    """One session of GNU screen of the patient's own.

    Args:
        patient: the user.
        config: the lines of their `~/.screenrc`.
    """

    def __init__(self, patient: Patient, *config: str) -> None:
        self.program = needs_tool("screen")
        self.patient = patient
        self._directory = Path(tempfile.mkdtemp(prefix="screen-"))
        self._directory.chmod(0o700)
        self._name = f"envdoctor-{self._directory.name}"
        (patient.home / ".screenrc").write_text("".join(f"{line}\n" for line in config))
        self._directories = f"SCREENDIR={self._directory}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tell("quit")
        shutil.rmtree(self._directory, ignore_errors=True)

    def session(self, shell: str = "bash") -> Pane:
        """Make the session from the patient's shell, as it is now."""
        self.patient.does(shlex.join(["env", self._directories, self.program, "-dmS", self._name]))
        deadline = time.monotonic() + PATIENCE
        while not any(self._directory.iterdir()):
            assert time.monotonic() < deadline, "screen has made no socket"
            time.sleep(0.02)
        pane = Pane(self, "0", shell)
        pane.types("true")
        return pane

    def type(self, pane: str, line: str) -> None:
        """Type a line into the window."""
        text = line.replace("\\", "\\\\").replace("$", "\\$").replace("^", "\\^") + "\n"
        self._tell("stuff", text, pane=pane)

    def _tell(self, *words: str, pane: str = "0") -> None:
        command = ["env", self._directories, self.program, "-S", self._name, "-p", pane, "-X", *words]
        subprocess.run(command, capture_output=True, check=False)
