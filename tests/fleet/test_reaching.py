from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.fleet.reaching import STDERR, Reply, Way, ask, command_line
from envdoctor.text import limits


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(bytearray(b"{}"), bytearray(b"a warning"), 1), ""),
        (Reply(timed_out=True), "timed out after 9 s"),
        (Reply(status=127), "not installed: a login shell finds no envdoctor there"),
        (Reply(complaint=bytearray(b"banner\nssh: no route\n"), status=255), "unreachable: ssh: no route"),
        (Reply(bytearray(b"\n"), bytearray(b"oops"), 0), "no report: oops"),
        (Reply(bytearray(b"x" * (limits.RECORDING + 1)), status=0), "no report: larger than 10,000,000 bytes"),
    ],
)
def test_why_there_is_no_report(reply: Reply, reason: str) -> None:
    assert reply.failure(9.0) == reason


@pytest.mark.tools
@pytest.mark.parametrize("shell", ["sh", "bash", "fish", "tcsh"])
def test_every_login_shell_runs_the_same(tmp_path: Path, shell: str) -> None:
    program = tmp_path / "a program's"
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [shell, "-c", command_line(str(program))], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "check --share --format json\n"
    missing = subprocess.run([shell, "-c", command_line("no-such")], env=environment, capture_output=True, check=False)
    assert missing.returncode == 127
    assert "--format json --pseudonym-key-file - | head" in command_line("x", keyed=True)


@pytest.mark.tools
def test_replies_of_many_machines_are_bounded_and_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of ssh a script that answers as each machine would: the last word but one is the machine."""
    monkeypatch.setattr(limits, "RECORDING", 50)
    script = tmp_path / "ssh"
    script.write_text(
        "#!/bin/bash\nwhile [ $# -gt 2 ]; do shift; done\n"
        'case $1 in m1) printf "a\\nb";; m2) yes | head -c 3000; yes | head -c 4000 >&2;;'
        " m5) cat;; m3) echo no >&2; exit 255;; m4) exec sleep 60;; esac\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    replies: dict[str, Reply] = {}
    ask(("m1", "m2", "m3"), "x", replies.__setitem__, Way(fanout=4))
    ask(("m4",), "x", replies.__setitem__, Way(timeout=0.5))
    assert bytes(replies["m1"].output) == b"a\nb\n"
    assert len(replies["m2"].output) == 51
    assert len(replies["m2"].complaint) <= STDERR
    assert replies["m3"].failure(9) == "unreachable: no"
    assert replies["m4"].timed_out
    ask(("m5",), "x", replies.__setitem__, Way(given=b"a key"))
    assert bytes(replies["m5"].output) == b"a key\n"
    assert len(replies) == 5
