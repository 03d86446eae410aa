"""The occasions told by processes, as literal ones. For real: tests/clinic/test_occasions.py."""

from __future__ import annotations

import pytest

from envdoctor.facts.session.occasion import Occasion, by_processes
from envdoctor.system.processes import Process

TYPED = Process(9, "bash", "/bin/bash", ("-bash",), "/dev/pts/0")
COMMAND = Process(8, "sh", "/bin/dash", ("/bin/sh", "-c", "envdoctor; true"))
INIT = Process(1, "systemd", "/usr/lib/systemd/systemd")


def of(*above: Process) -> Occasion | None:
    return by_processes(above)


@pytest.mark.parametrize(
    ("name", "occasion"),
    [
        ("cron", Occasion.CRON_JOB),
        ("crond", Occasion.CRON_JOB),
        ("atd", Occasion.AT_JOB),
        ("sshd", Occasion.SSH_COMMAND),
        ("sshd-session", Occasion.SSH_COMMAND),
        ("slurmstepd", Occasion.BATCH_JOB),
        ("Runner.Worker", Occasion.CI_STEP),
    ],
)
def test_the_nearest_starter_tells_with_or_without_a_shell_between(name: str, occasion: Occasion) -> None:
    starter = Process(3, name, f"/usr/sbin/{name}")
    assert of(starter, INIT) is occasion
    assert of(COMMAND, starter, INIT) is occasion
    assert of(COMMAND, starter, TYPED) is occasion, "a runner that a person has started in a terminal"
    assert of(COMMAND, Process(4, "cron"), starter) is Occasion.CRON_JOB


def test_where_a_person_types_it_is_a_session() -> None:
    assert of(COMMAND, TYPED, Process(3, "sshd"), INIT) is Occasion.SESSION
    assert of(TYPED, Process(3, "tmux: server"), Process(2, "cron")) is Occasion.SESSION


def test_a_shell_with_a_command_is_not_typed_in_even_if_it_reads_what_an_interactive_one_reads() -> None:
    asked = Process(8, "bash", "/bin/bash", ("bash", "-lic", "envdoctor; exit $?"), "/dev/pts/1")
    assert of(asked, Process(3, "sshd"), INIT) is Occasion.SSH_COMMAND


def test_nothing_known_tells_nothing() -> None:
    assert of() is None
    assert of(COMMAND, INIT) is None
