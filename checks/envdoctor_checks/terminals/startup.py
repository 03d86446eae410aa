"""TRM: what the shells in a multiplexer hold or lack, although the Python that answers is the right one."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Run,
    Safety,
    Scope,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.shell.parser import Place as Within
from envdoctor.facts.shell.startup_files import Shell, StartupFile, StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.terminals.multiplexer import Multiplexer, MultiplexerKind
from envdoctor.facts.terminals.tmux import TmuxServer
from envdoctor.facts.terminals.tmux_differences import Difference, TmuxDifferences
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor_checks.common.path_causes import forget, is_path_replaced, restore
from envdoctor_checks.common.startup_edits import reading
from envdoctor_checks.common.wording import python_of

PROFILES = (".bash_profile", ".bash_login", ".profile")
READS_RC = "[ -f ~/.bashrc ] && . ~/.bashrc"
SET_UP_BY = frozenset({"pyenv", "conda", "mamba", "micromamba", "mise", "asdf", "pixi"})


@check("TRM004", severity=Severity.WARNING, since="0.1")
def library_path_differs_in_tmux(
    multiplexer: Multiplexer,
    tmux: TmuxServer,
    differences: TmuxDifferences,
    startup: StartupFiles | None,
    examined: Examined,
) -> Iterator[Finding]:
    """A tmux server holds another library path, proxy or mirror than the terminal outside.

    ## Why it matters
    tmux keeps the variables of the shell that started its server. When `LD_LIBRARY_PATH`, a proxy or a mirror is
    changed later, panes go on with the old value: a program works in one terminal and fails in another.

    ## How to fix
    Give the server the value that is right, `tmux set-environment -g NAME VALUE`, or unset the variable there,
    `tmux set-environment -gu NAME`. Panes that are open must be told themselves.

    ## Not a problem when
    A start-up file or direnv sets the variable in every shell anyway, or this shell only adds to what it was given.
    Environment modules are loaded, or an active conda environment brings the path: each for its own shell. Addresses
    that differ by a final `/` are the same.
    """
    by_modules = differences.client is None and examined.at(Place.CLUSTER) is not None
    if multiplexer.kind is not MultiplexerKind.TMUX or differences.set_by or by_modules:
        return
    outside = differences.client is not None
    stale = [one for one in differences.variables if _is_stale(one, differences, startup)]
    if stale:
        other = "the terminal outside" if outside else "this shell"
        names = " and ".join(one.name for one in stale)
        steps = [step for one in stale for step in _brought_in_line(tmux, one, outside=outside)]
        yield Finding(
            f"{names} in tmux: new panes are given another value than {other} has",
            where=stale[0].name,
            evidence=tuple(_proofs(stale, outside=outside)),
            fix=Fix(
                f"Set the tmux server's values to those of {other}",
                *steps,
                safety=Safety.SAFE if outside else Safety.CHANGES_STATE,
                scope=Scope.SESSION if outside else Scope.LASTING,
                undo=tuple(step for one in stale for step in _taken_back(tmux, one, outside=outside)),
            ),
        )


def _is_stale(one: Difference, differences: TmuxDifferences, startup: StartupFiles | None) -> bool:
    if startup and startup.mentions(one.name, kind=LineKind.EXPORT):
        return False
    given, here, outside = (_elements(value, differences.environments) for value in (one.given, one.here, one.outside))
    if differences.client is not None:
        return given != outside and here in (given, outside)
    return not set(given) <= set(here)


def _elements(value: str | None, environments: tuple[str, ...]) -> list[str]:
    """What a list holds, or an address, but for a final `/` and what belongs to an active conda environment."""
    elements = [element.rstrip("/") for element in (value or "").split(":") if element]
    return [element for element in elements if not any(f"{element}/".startswith(f"{env}/") for env in environments)]


def _brought_in_line(
    tmux: TmuxServer, one: Difference, *, outside: bool
) -> Iterator[Run | SetVariable | UnsetVariable]:
    wanted = (one.outside if outside else one.here) or None
    if wanted is None:
        yield from forget(tmux, one.name)
    else:
        yield Run("tmux", "set-environment", "-g", one.name, wanted)
    if outside and (one.here or None) != wanted:
        yield SetVariable(one.name, wanted) if wanted else UnsetVariable(one.name)


def _taken_back(tmux: TmuxServer, one: Difference, *, outside: bool) -> Iterator[Run | SetVariable | UnsetVariable]:
    """What the server and this shell had before."""
    wanted = (one.outside if outside else one.here) or None
    if wanted is not None and tmux.globally(one.name) is None:
        yield Run("tmux", "set-environment", "-gu", one.name)
    yield from restore(tmux, one.name)
    if outside and (one.here or None) != wanted:
        yield SetVariable(one.name, one.here) if one.here else UnsetVariable(one.name)


def _proofs(stale: list[Difference], *, outside: bool) -> Iterator[Evidence]:
    for one in stale:
        yield Evidence(_shown(one.name, one.given), f"tmux show-environment -g {one.name}")
        if outside:
            yield Evidence(_shown(one.name, one.outside), "the terminal outside")
        else:
            yield Evidence(_shown(one.name, one.here), "this shell")


def _shown(name: str, value: str | None) -> str:
    return f"{name}={value}" if value else f"{name} is not set"


@check("TRM005", severity=Severity.WARNING, since="0.1", unless=("CND011",))
def login_shell_skips_rc(
    startup: StartupFiles, examined: Examined, multiplexer: Multiplexer | None
) -> Iterator[Finding]:
    """Login shells, as tmux starts them, never read the file in which the environment is set up.

    ## Why it matters
    A login bash reads the first of `~/.bash_profile`, `~/.bash_login` and `~/.profile`, and not `~/.bashrc`. Where that
    first one does not read `~/.bashrc` in turn, `conda` or `pyenv` work in a plain terminal, and not in tmux or over
    ssh. Installers that create a `~/.bash_profile` hide a `~/.profile` that had done so.

    ## How to fix
    Make the file that is read source `~/.bashrc` too. If `~/.bashrc` sources that file in turn, this would never end:
    then the set-up belongs in the file that login shells read.

    ## Not a problem when
    The same is set up in the file that login shells read, or the shell is not bash: zsh reads `~/.zshrc` in both.
    """
    home = examined.home
    if examined.shell != "bash" or home is None:
        return
    login = startup.read_by(Shell.BASH, login=True, interactive=True)
    plain = startup.read_by(Shell.BASH, login=False, interactive=True)
    rc = f"{home}/.bashrc"
    skipped = [path for path in plain if path not in login and path.startswith(f"{home}/")]
    present = [
        file for name in PROFILES for file in startup.files if file.path == f"{home}/{name}" and _is_direct(file)
    ]
    if rc not in skipped or not (present or (multiplexer and multiplexer.login)):
        return
    lines = [line for line in startup.lines if line.file in skipped and _sets_up(line)]
    if missing := [
        line for line in lines if not any(_same(line, other) for other in startup.lines if other.file in login)
    ]:
        read = present[0].path if present else f"{home}/.bash_profile"
        hides = f", and hides {present[1].path}" if len(present) > 1 else ""
        yield Finding(
            f"login shells, as tmux starts them, do not set up {_what(missing)}: {read} does not read {rc}{hides}"
            if present
            else f"login shells, as tmux starts them, do not set up {_what(missing)}: nothing makes them read {rc}",
            where=read,
            evidence=tuple(line.evidence for line in missing),
            fix=reading(rc, READS_RC, read, startup),
        )


def _is_direct(file: StartupFile) -> bool:
    return file.sourced_by is None


def _sets_up(line: StartupLine) -> bool:
    """Whether a line is about where Python and its tools come from."""
    if line.place is Within.FUNCTION:
        return False
    if line.kind is LineKind.INIT:
        return line.name in SET_UP_BY
    if line.kind is LineKind.BLOCK:
        return True
    return line.kind is LineKind.PATH and any("$" not in directory for directory in line.directories)


def _same(line: StartupLine, other: StartupLine) -> bool:
    """Whether the other line sets up the same thing."""
    if line.kind is LineKind.PATH:
        return other.kind is LineKind.PATH and set(line.directories) <= set(other.directories)
    return line.name == other.name and other.kind in (LineKind.INIT, LineKind.BLOCK)


def _what(lines: list[StartupLine]) -> str:
    names = [line.name if line.kind is not LineKind.PATH else ":".join(line.directories) for line in lines]
    return " and ".join(dict.fromkeys(names))


@check("TRM006", severity=Severity.INFO, since="0.1")
def inherited_activation(
    multiplexer: Multiplexer, active: ActiveVenv, answers: Answers, examined: Examined, startup: StartupFiles
) -> Iterator[Finding]:
    """The active environment was inherited by this pane, which has no `deactivate`.

    ## Why it matters
    `deactivate` is a function of the shell in which the environment was activated. A pane inherits the variables and
    not the function, so `deactivate` is not found there, and the prompt may not name the environment.

    ## How to fix
    Activate the environment again in the pane; after that it can be left with `deactivate`.

    ## Not a problem when
    The environment was entered with `poetry shell`, `pipenv shell` or `uv run`: `exit` leaves it.
    """
    venv, python = active.venv, python_of(answers).interpreter
    if venv is None or python is None or python.root != venv.real or not examined.interactive:
        return
    if examined.shell == "fish" or is_path_replaced(multiplexer, startup):
        return  # what activating again leaves behind cannot be told from what was inherited
    given = multiplexer.search_path or ()
    times = given.count(venv.scripts)
    if multiplexer.virtual_env == active.value and times and times == examined.search_path.count(venv.scripts):
        yield Finding(
            f"this {multiplexer.name} pane inherited {venv.root} from its parent shell, and has no `deactivate`",
            where="VIRTUAL_ENV",
            evidence=(
                Evidence(f"VIRTUAL_ENV={active.value}", f"what {multiplexer.name} gave to this pane"),
                Evidence(dirname(venv.python), f"the search path that {multiplexer.name} gave to this pane"),
            ),
            fix=Fix("Activate the environment again", Activate(venv.root)),
        )
