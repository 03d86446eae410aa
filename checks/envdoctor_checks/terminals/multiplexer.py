"""TRM: activations that a terminal multiplexer tears apart: the variables come through, the search path does not."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import isabs

from envdoctor import (
    Activate,
    Deactivate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Scope,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.terminals.multiplexer import Multiplexer, MultiplexerKind
from envdoctor.facts.terminals.tmux import TmuxServer
from envdoctor.facts.terminals.tmux_environment import TmuxPlaces
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.path_causes import (
    cause_of,
    forget,
    is_passed_over,
    is_usable,
    place_of,
    remedies,
    restore,
)
from envdoctor_checks.common.wording import found, python_of

TOOL_PLACES = ("/uv/tools/", "/pipx/venvs/")


@check("TRM003", severity=Severity.ERROR, since="0.1")
def tmux_session_mixes_environments(
    multiplexer: Multiplexer, tmux: TmuxServer, active: ActiveVenv, answers: Answers, search_path: SearchPath
) -> Iterator[Finding]:
    """A tmux pane has `VIRTUAL_ENV` from the server and the search path from the terminal that asked for the pane.

    ## Why it matters
    tmux keeps the environment in which its server was started and gives it to every new session, but takes `PATH` from
    the terminal that makes the session. Where two virtual environments were active there, `uv pip` installs into one
    and `python` runs the other, and the prompt may name either.

    ## How to fix
    Activate the environment again inside the pane, and unset the server's own:
    `tmux set-environment -gu VIRTUAL_ENV`. Or hand it over when the session is made:
    `tmux new-session -e VIRTUAL_ENV="$VIRTUAL_ENV"`.

    ## Not a problem when
    The Python of another environment is called once by its full path, or both name the same environment.
    """
    venv, answer = active.venv, python_of(answers)
    other = answer.interpreter
    if (
        venv
        and other
        and is_usable(venv)
        and is_tmux(multiplexer)
        and mixed(multiplexer, venv, active.value, other, search_path)
    ):
        yield Finding(
            f"this tmux pane mixes two environments: VIRTUAL_ENV names {venv.root}, but `{answer.name}` runs that of "
            f"{other.prefix}",
            where="VIRTUAL_ENV",
            evidence=(
                Evidence(f"VIRTUAL_ENV={active.value}", "what the tmux server gave to this pane"),
                Evidence(other.bin, "PATH of the terminal that asked for this pane"),
                *((found(answer.name, answer.hit, other),) if answer.hit else ()),
            ),
            fix=Fix(
                f"Activate {other.prefix}, and unset the other in the tmux server",
                Activate(other.prefix),
                *forget(tmux),
                scope=Scope.SESSION,
                undo=(*restore(tmux), Deactivate(), SetVariable("VIRTUAL_ENV", active.value)),
            ),
        )


def is_tmux(multiplexer: Multiplexer) -> bool:
    """Whether the pane is tmux's own: inside a screen that runs in tmux, what tmux holds no longer matters."""
    return multiplexer.kind is MultiplexerKind.TMUX


def mixed(multiplexer: Multiplexer, venv: Venv, value: str, other: Interpreter, search_path: SearchPath) -> bool:
    """Whether the pane was given the variable of this environment with the search path of another."""
    return (
        multiplexer.virtual_env == value
        and other.is_venv
        and other.root != venv.real
        and place_of(venv, search_path) is None
        and multiplexer.gave(venv.scripts) is False
        and multiplexer.gave(other.bin) is True
    )


@check("TRM001", severity=Severity.ERROR, since="0.1", unless=("TRM003",))
def activation_lost_in_multiplexer(
    multiplexer: Multiplexer,
    active: ActiveVenv,
    answers: Answers,
    search_path: SearchPath,
    startup: StartupFiles | None,
) -> Iterator[Finding]:
    """Inside tmux, screen or zellij a virtual environment seems active, but another Python answers.

    ## Why it matters
    `VIRTUAL_ENV` reaches the pane, so `uv pip` works on the environment and a prompt may name it. The search path was
    replaced by the shell's start-up files, so `python` and `pip` belong elsewhere: packages go to two places.

    ## How to fix
    Activate the environment again inside the pane. To have it kept in new panes, let tmux start shells that are not
    login shells: `set -g default-command "${SHELL}"` in `~/.tmux.conf`.

    ## Not a problem when
    The pane was given the search path as well and nothing came before it: then `python` is the environment's own. In a
    pane without `VIRTUAL_ENV` nothing is active, and nothing was lost.
    """
    venv, answer = active.venv, python_of(answers)
    lost = multiplexer.virtual_env == active.value and venv is not None and is_passed_over(venv, answer, search_path)
    if venv and lost and is_usable(venv) and isabs(active.value):
        cause = cause_of(venv, answer, search_path, multiplexer, startup)
        runs = f"runs {answer.hit.path}" if answer.hit else "is not found"
        yield Finding(
            f"in this {multiplexer.name} pane VIRTUAL_ENV names {venv.root}, but `{answer.name}` {runs} {cause.clause}",
            where="PATH",
            evidence=(
                Evidence(f"VIRTUAL_ENV={active.value}", f"what {multiplexer.name} gave to this pane"),
                *(line.evidence for line in cause.lines),
                *((found(answer.name, answer.hit, answer.interpreter),) if answer.hit else ()),
            ),
            fix=Fix(
                "Activate the environment again",
                Activate(venv.root),
                *remedies(cause, multiplexer, startup),
                scope=Scope.SESSION,
            ),
        )


@check(
    "TRM002",
    severity=Severity.WARNING,
    since="0.1",
    unless=("TRM001", "TRM003"),
)
def tmux_server_environment_stale(
    tmux: TmuxServer, places: TmuxPlaces, active: ActiveVenv | None, multiplexer: Multiplexer
) -> Iterator[Finding]:
    """The tmux server gives every new pane an environment that is gone, or another than the one in use.

    ## Why it matters
    tmux remembers the environment of the shell that started its server, for as long as it runs. Long after that
    environment was removed or exchanged, each new pane is still told that it is active; start-up files look clean.

    ## How to fix
    Unset the variable in the server: `tmux set-environment -gu VIRTUAL_ENV`, then open a new pane. Panes that are
    open keep what they have. `tmux kill-server` forgets everything, and ends every session.

    ## Not a problem when
    tmux was started inside a project's environment on purpose, and that is the one in use.
    """
    for place in places.environments if is_tmux(multiplexer) else ():
        here = active.value if active and place.name == "VIRTUAL_ENV" else None
        if not place.exists:
            yield _gone(tmux, place.name, place.value, here)
        elif active and active.venv and is_usable(active.venv) and here and place.real != active.venv.real:
            yield _other(tmux, place.name, place.value, active.venv.root)
        elif place.name == "VIRTUAL_ENV" and any(part in place.value for part in TOOL_PLACES):
            yield _of_a_tool(tmux, place.value, multiplexer)


def _gone(tmux: TmuxServer, name: str, value: str, here: str | None) -> Finding:
    inherited = name == "VIRTUAL_ENV" and here == value
    return Finding(
        f"the tmux server gives every new pane {name}={value}, which does not exist",
        where=name,
        evidence=(_held(tmux, name, value), Evidence(value, "does not exist")),
        fix=Fix(
            "Unset the variable in the tmux server and in this pane"
            if inherited
            else "Unset the variable in the tmux server",
            *forget(tmux, name),
            *(deactivation(value) if inherited else ()),
            safety=Safety.SAFE if inherited else Safety.CHANGES_STATE,
            scope=Scope.SESSION if inherited else Scope.LASTING,
            # a directory that does not exist need not come back to the search path
            undo=(*restore(tmux, name), *((SetVariable(name, value),) if inherited else ())),
        ),
        severity=Severity.ERROR,
    )


def _other(tmux: TmuxServer, name: str, value: str, used: str) -> Finding:
    return Finding(
        f"the tmux server gives every new pane {name}={value}, while {used} is in use here",
        where=name,
        evidence=(_held(tmux, name, value), Evidence(f"{name}={used}", "this shell")),
        fix=Fix(
            "Unset the variable in the tmux server",
            *forget(tmux, name),
            safety=Safety.CHANGES_STATE,
            undo=restore(tmux, name),
        ),
    )


def _of_a_tool(tmux: TmuxServer, value: str, multiplexer: Multiplexer) -> Finding:
    return Finding(
        f"tmux was started by a program from the environment of a tool, {value}, which every new pane takes for active",
        where="VIRTUAL_ENV",
        evidence=(_held(tmux, "VIRTUAL_ENV", value), Evidence(f"process {multiplexer.server}", "the tmux server")),
        fix=Fix(
            "Unset the variable in the tmux server",
            *forget(tmux),
            Manual("Start the tmux server before the program, or without VIRTUAL_ENV"),
            safety=Safety.CHANGES_STATE,
            undo=restore(tmux),
        ),
        severity=Severity.INFO,
    )


def _held(tmux: TmuxServer, name: str, value: str) -> Evidence:
    option = "-g " if tmux.globally(name) == value else ""
    return Evidence(f"{name}={value}", f"tmux show-environment {option}{name}")
