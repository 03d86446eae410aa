"""The steps of one fix, carried out one after the other; the first that fails ends them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from envdoctor.apply import commanded, editing
from envdoctor.apply.blocks import Mismatch
from envdoctor.apply.change import Change
from envdoctor.apply.commanded import Before
from envdoctor.apply.state import Refused, State
from envdoctor.engine.fix import AnyAction, EditFile, Run
from envdoctor.facts.commands.resolve import is_executable
from envdoctor.shells.values import after, is_data
from envdoctor.system import child_processes
from envdoctor.system.child_processes import Completed, Ending
from envdoctor.system.session import Session
from envdoctor.system.trust import is_absolute

PATIENCE = 1800.0
"""Seconds that one command may take: an environment of hundreds of packages, over a slow line."""
LAST_LINES = 20
BEHIND_FUNCTIONS = {"conda": "CONDA_EXE", "mamba": "MAMBA_EXE", "micromamba": "MAMBA_EXE"}
"""Commands that are functions of the shell once it is set up, and the variables that name their programs."""


class Stopped(Exception):  # noqa: N818 - what there is to say, not a fault
    """A step was not carried out, or failed, and so the rest of its fix is not carried out.

    Attributes:
        output: the last lines of what it printed.
    """

    def __init__(self, reason: str, output: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.output = output


def carry_out(
    actions: Sequence[AnyAction],
    code: str,
    session: Session,
    state: State,
    watch: Callable[[Run], object],
    written: list[Change],
    earlier: Sequence[AnyAction] = (),
) -> None:
    """Carry out the steps that last; those of the shell itself only change what the next command is run with.

    Args:
        actions: the steps.
        code: the check whose fix they are.
        session: whose variables and directory commands are run with.
        state: where to keep a record of what is written.
        watch: told of each command before it is run.
        written: the changes of files are added to it.
        earlier: what the fixes before have set and unset: a command has the variables of a new shell.

    Raises:
        Stopped: a step was not carried out.
    """
    env = _changed(session.own_environment(), earlier)
    for place, action in enumerate(actions):
        if isinstance(action, Run):
            watch(action)
            was = commanded.before(action, env, session.home, session.cwd or "/")
            try:
                _run(action, env, session)
            finally:
                written += _recorded(was, state, code)
        elif isinstance(action, EditFile):
            try:
                written.append(editing.apply(state, action, code))
            except (Refused, Mismatch) as error:
                raise Stopped(str(error)) from error
        elif is_data(action):
            env = _changed(env, (action,))
        elif any(isinstance(step, Run) for step in actions[place:]):
            raise Stopped("the command after it needs a step of the shell itself")


def _recorded(was: Before, state: State, code: str) -> list[Change]:
    """What a command has written. Where no record can be kept of it, that is told."""
    try:
        return commanded.recorded(was, state, code)
    except Refused as error:
        return [
            Change("", written=False, told=(f"{code}: what its command has written cannot be taken back: {error}",))
        ]


def _changed(env: dict[str, str], actions: Sequence[AnyAction]) -> dict[str, str]:
    """The variables once those of these steps that only change variables have been taken."""
    values = after(tuple(action for action in actions if is_data(action)), env)
    return {name: value for name, value in env.items() if name not in values.unset} | values.set


def program_of(run: Run, session: Session, path: str) -> str:
    """The program that a command runs, found as the shell finds it. Raises Stopped where it may not be run."""
    name = run.argv[0]
    if name == "sudo":
        raise Stopped("it needs the rights of root: type it yourself")
    if os.sep in name:
        program = name if os.path.isabs(name) else ""
    else:
        places = (os.path.join(place, name) for place in path.split(os.pathsep) if is_absolute(place))
        program = next(filter(is_executable, places), "")
    program = program or _behind_function(name, session)
    if not program:
        typed = ": where it is a function of your shell, type the step there" if name in BEHIND_FUNCTIONS else ""
        raise Stopped(f"{name} is not found on the search path{typed}")
    if refusal := session.refusal(program):
        raise Stopped(str(refusal))
    return program


def _behind_function(name: str, session: Session) -> str:
    """The program behind the shell function of this name, where a variable names it and it may be run; or nothing."""
    program = session.env.get(BEHIND_FUNCTIONS.get(name, ""), "")
    runs = os.path.basename(program) == name and is_executable(program) and session.refusal(program) is None
    return program if runs else ""


def _run(run: Run, env: dict[str, str], session: Session) -> None:
    program = program_of(run, session, env.get("PATH", ""))
    directory = run.directory or session.cwd or "/"
    variables = {**env, **dict(run.variables)}
    argv = (program, *run.argv[1:])
    if not os.path.isdir(directory):
        raise Stopped(f"{directory} is not there")
    done = child_processes.run(argv, variables, directory, PATIENCE, endless=True)
    if not done.ok:
        raise Stopped(f"{run.argv[0]} {_failure(done)}", _last_lines(done))


def _failure(done: Completed) -> str:
    if done.ending is Ending.EXITED:
        status = done.status or 0
        return f"was ended by signal {-status}" if status < 0 else f"failed with exit status {status}"
    return (
        f"{done.ending.value}" if done.ending is Ending.NOT_STARTED else f"{done.ending.value} after {PATIENCE:.0f} s"
    )


def _last_lines(done: Completed) -> tuple[str, ...]:
    printed = f"{done.stdout}\n{done.stderr}".replace("\r", "\n").split("\n")
    return tuple(line for line in printed if line.strip())[-LAST_LINES:]
