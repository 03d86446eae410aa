"""What took an environment from the front of a pane's search path, and how is that kept from happening again?

There is no check in this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from envdoctor import Manual, Run
from envdoctor.facts.python.active import Answer
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.terminals.multiplexer import Multiplexer, MultiplexerKind
from envdoctor.facts.terminals.tmux import TmuxServer
from envdoctor.facts.venv.layout import LinkState, Venv
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.path_lines import (
    assignment,
    forgets,
    intruders,
    lines_read,
)

SHIMS = pattern(r"pyenv[^/]{0,255}\}?/shims/?$", re.IGNORECASE)
NO_LOGIN_SHELLS = 'set -g default-command "${SHELL}"'


class Cause(msgspec.Struct, frozen=True):
    """Why another Python answers.

    Attributes:
        clause: the same in words, for the end of a sentence.
        lines: the lines of start-up files that did it, in their order; none if they are not known, or none did.
        hidden: a line of each other file that replaces the search path too, and would do it without these.
        given: whether the pane already came without it.
    """

    clause: str
    lines: tuple[StartupLine, ...] = ()
    hidden: tuple[StartupLine, ...] = ()
    given: bool = False


def is_usable(venv: Venv | None) -> bool:
    """Whether there is an environment that could be activated; what is wrong with any other, ENV says."""
    return venv is not None and venv.base_exists and venv.python_state in (LinkState.SYMLINK, LinkState.REGULAR)


def place_of(venv: Venv, search_path: SearchPath) -> int | None:
    """The place of an environment's programs on the search path; None if they are not there."""
    return search_path.position(venv.scripts, f"{venv.real}/bin")


def is_passed_over(venv: Venv, answer: Answer, search_path: SearchPath) -> bool:
    """Whether `python` runs something else than this environment's own."""
    if answer.interpreter is not None:
        return answer.interpreter.root != venv.real
    place = place_of(venv, search_path)
    return place is None or (answer.hit is not None and answer.hit.position < place)


def cause_of(
    venv: Venv, answer: Answer, search_path: SearchPath, multiplexer: Multiplexer, startup: StartupFiles | None
) -> Cause:
    """Why this environment, whose variable the pane was given, does not answer there."""
    lines = tuple(_lines_of(multiplexer, startup)) if startup else ()
    directory = answer.hit.directory if answer.hit else ""
    if place_of(venv, search_path) is None:
        if multiplexer.gave(venv.scripts) is False:
            return Cause(f"because {multiplexer.name} gave this pane a search path without it", given=True)
        if line := assignment(lines, search_path):
            others = {other.file: other for other in lines if forgets(other) and other.file != line.file}
            later = tuple(after for after in lines[lines.index(line) + 1 :] if not forgets(after))
            return _forgotten(line, intruders(later, directory, answer), directory, tuple(others.values()))
        return Cause("because its directory is not on the search path")
    if before := intruders(lines, directory, answer):
        return Cause(f"because {before[-1].origin} puts {directory} before it", before)
    return Cause(f"because {directory} comes before it")


def _forgotten(
    line: StartupLine, later: tuple[StartupLine, ...], directory: str, hidden: tuple[StartupLine, ...]
) -> Cause:
    """The search path was replaced, and perhaps later lines put another Python first anyway.

    Of several lines that set it, as in the branches of Debian's /etc/profile, one explains what is seen: the others
    were not run, or were overruled.
    """
    clause = f"because {line.origin} replaces the search path"
    if not later:
        return Cause(clause, (line,), hidden)
    return Cause(f"{clause}, and {later[-1].origin} puts {directory} first", (line, *later), hidden)


def is_path_replaced(multiplexer: Multiplexer, startup: StartupFiles) -> bool:
    """Whether the shells of the pane forget the search path that they were given."""
    return any(forgets(line) for line in _lines_of(multiplexer, startup))


def _lines_of(multiplexer: Multiplexer, startup: StartupFiles) -> Iterator[StartupLine]:
    """What the shells of the pane have run at their start."""
    for shell in multiplexer.shells:
        yield from lines_read(startup, shell.name, login=shell.login, interactive=shell.interactive)


def remedies(cause: Cause, multiplexer: Multiplexer, startup: StartupFiles | None) -> tuple[Manual, ...]:
    """What keeps activations in the panes to come; all of it is needed."""
    places = "window" if multiplexer.kind is MultiplexerKind.SCREEN else "pane"
    texts = _remedies_for(cause, multiplexer, startup) if startup and cause.lines else ()
    texts = texts or (_remedy_without_line(cause, multiplexer),)
    return tuple(Manual(f"For every new {places}: {text}") for text in texts)


def _remedies_for(cause: Cause, multiplexer: Multiplexer, startup: StartupFiles) -> tuple[str, ...]:
    lines = (*cause.lines, *cause.hidden)
    certain = (*cause.lines, *(line for line in cause.hidden if line.place is Place.TOP))
    escaped = [line for line in lines if line.edit is Edit.ASSIGN and _is_for_login_alone(line, multiplexer, startup)]
    files = " and ".join(dict.fromkeys(line.file for line in escaped))
    without_login = (_without_login(multiplexer, files),) if escaped else ()
    return (*without_login, *(_remedy_for_line(line, multiplexer) for line in certain if line not in escaped))


def _is_for_login_alone(line: StartupLine, multiplexer: Multiplexer, startup: StartupFiles) -> bool:
    """Whether the pane's shell would not read this line's file if it were not started as a login shell."""
    if not multiplexer.login or multiplexer.kind is MultiplexerKind.ZELLIJ:
        return False
    plain = lines_read(startup, multiplexer.shells[0].name, login=False)
    return all(other.file != line.file for other in plain)


def _without_login(multiplexer: Multiplexer, files: str) -> str:
    if multiplexer.kind is MultiplexerKind.SCREEN:
        return f"take `shell -$SHELL` out of ~/.screenrc; the shells that screen starts then do not read {files}"
    return (
        f"add the line `{NO_LOGIN_SHELLS}` to ~/.tmux.conf and run `tmux source-file ~/.tmux.conf`; the shells "
        f"that tmux starts then do not read {files}"
    )


def _remedy_for_line(line: StartupLine, multiplexer: Multiplexer) -> str:
    if line.file.startswith("/etc/"):
        return f"start {multiplexer.name} first, and activate inside"
    if line.name == "pyenv":
        command = "pyenv init --path" if "--path" in (line.value or "") else "pyenv init -"
        return f"add `--no-push-path` to `{command}` in {line.origin}; it then leaves the order as it is"
    if any(SHIMS.search(directory) for directory in line.directories):
        command = "pyenv init - --no-push-path"
        written = f"{command} fish | source" if line.file.endswith(".fish") else f'eval "$({command})"'
        return f"in {line.origin}, write `{written}` instead; pyenv's shims have to stay before `$PATH`"
    if line.kind is LineKind.BLOCK:
        return (
            f"`conda config --set auto_activate_base false`; the block at {line.origin} then no longer puts base first"
        )
    return f"in {line.origin}, put the directories behind `$PATH`"


def _remedy_without_line(cause: Cause, multiplexer: Multiplexer) -> str:
    if cause.given and multiplexer.kind is MultiplexerKind.TMUX:
        return "`tmux set-environment -gu VIRTUAL_ENV`, then activate where it is needed"
    return f"start {multiplexer.name} first, and activate inside"


def forget(tmux: TmuxServer | None, name: str = "VIRTUAL_ENV") -> Iterator[Run]:
    """Have the tmux server forget a variable, so that new panes are not given it."""
    if tmux is None:
        return
    for each in _with_prompt(name):
        if any(held.name == each and held.value is not None for held in tmux.session_env):
            yield Run("tmux", "set-environment", "-u", each)
        if tmux.globally(each) is not None:
            yield Run("tmux", "set-environment", "-gu", each)


def restore(tmux: TmuxServer | None, name: str = "VIRTUAL_ENV") -> tuple[Run, ...]:
    """Give it back to the server."""
    return tuple(_restored(tmux, name)) if tmux else ()


def _restored(tmux: TmuxServer, name: str) -> Iterator[Run]:
    for each in _with_prompt(name):
        overlay = [held.value for held in tmux.session_env if held.name == each]
        for value, level in ((overlay[0] if overlay else None, ()), (tmux.globally(each), ("-g",))):
            if value is not None:
                yield Run("tmux", "set-environment", *level, "--", each, value)


def _with_prompt(name: str) -> tuple[str, ...]:
    return (name, f"{name}_PROMPT") if name == "VIRTUAL_ENV" else (name,)
