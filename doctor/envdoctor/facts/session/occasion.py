"""On what occasion does a command run: is it typed by a person, or started by cron, sshd, a CI service …?

Between the command and what started it stands no shell that takes its commands from a person. Often there is no shell
at all: bash and dash replace themselves with the last command that they were given.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from envdoctor.system import calling_shell
from envdoctor.system.processes import Process


class Occasion(enum.Enum):
    """What a command is part of. `SESSION` is a person's shell, and whatever cannot be told."""

    SESSION = "session"
    CI_STEP = "CI step"
    CRON_JOB = "cron job"
    AT_JOB = "at job"
    SSH_COMMAND = "ssh command"
    BATCH_JOB = "batch job"
    BUILD_STEP = "container build step"
    CONTAINER_COMMAND = "container command"
    NOTEBOOK_COMMAND = "notebook command"
    SERVICE = "service"


# by the names of the processes: those of Debian, Fedora, Alpine and macOS; sshd is split in two since OpenSSH 9.8
STARTERS = {
    **dict.fromkeys(("cron", "crond", "anacron", "fcron"), Occasion.CRON_JOB),
    **dict.fromkeys(("atd", "atrun"), Occasion.AT_JOB),
    **dict.fromkeys(("sshd", "sshd-session", "dropbear"), Occasion.SSH_COMMAND),
    **dict.fromkeys(("slurmstepd", "pbs_mom", "sge_shepherd"), Occasion.BATCH_JOB),
    **dict.fromkeys(("Runner.Worker", "Agent.Worker", "gitlab-runner", "buildkite-agent"), Occasion.CI_STEP),
}
SERVICE_MANAGERS = ("systemd", "launchd", "runit", "runsv", "s6-supervise", "supervisord")


def by_processes(above: Sequence[Process]) -> Occasion | None:
    """The occasion that the processes above tell, nearest first; None where they tell of none."""
    for process in above:
        if _is_typed_in(process):
            return Occasion.SESSION
        if starter := STARTERS.get(process.name):
            return starter
    return None


def _is_typed_in(process: Process) -> bool:
    """Whether a process is a shell that a person types in, which one of `bash -ic COMMAND` is not."""
    shell = calling_shell.find((process,))
    if shell is None or not shell.interactive:
        return False
    asked = calling_shell.invocation(shell.name, process.argv)
    return "command" not in asked.flags and asked.script is None


def is_service(above: Sequence[Process]) -> bool:
    """Whether a service manager itself started the command, or the script that it stands in."""
    outermost = next((process for process in above if calling_shell.name_of(process) is None), None)
    return outermost is not None and outermost.name in SERVICE_MANAGERS
