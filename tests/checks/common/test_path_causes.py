"""Why an environment does not answer in a pane, and what keeps that from happening again."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from envdoctor import Run
from envdoctor.facts.shell.startup_files import Shell, StartupFile, StartupFiles, When
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.terminals.multiplexer import Multiplexer, MultiplexerKind, PaneShell
from envdoctor.facts.terminals.tmux import Held
from envdoctor.facts.venv.layout import LinkState
from envdoctor_checks.common.path_causes import (
    Cause,
    cause_of,
    forget,
    is_passed_over,
    is_path_replaced,
    is_usable,
    place_of,
    remedies,
    restore,
)
from tests.builders import make_answer, make_hit, make_search_path, make_venv, make_venv_python
from tests.checks.panes import PROFILE, RESET, ROOT, SYSTEM, SYSTEM_PATH, in_pane, server

VENV = make_venv(ROOT)
RC = "/home/ann/.bashrc"
BLOCK = StartupLine(file=RC, number=9, text="# conda", kind=LineKind.BLOCK, name="conda", value="/conda", end=20)
BOTH = StartupFiles((*PROFILE.files, StartupFile(RC, (Shell.BASH,), When.ALWAYS)), (RESET, BLOCK))
IN_CONDA = make_answer("python", "/conda/bin/python", None)


def test_an_environment_that_could_be_activated() -> None:
    assert is_usable(VENV)
    assert not is_usable(None)
    assert not is_usable(make_venv(ROOT, base_exists=False))
    assert not is_usable(make_venv(ROOT, python_state=LinkState.DANGLING))


def test_an_environment_is_on_the_search_path_by_either_name() -> None:
    linked = make_venv(ROOT, real="/real/.venv")
    assert place_of(linked, make_search_path("/usr/bin", f"{ROOT}/bin")) == 1
    assert place_of(linked, make_search_path("/usr/bin", "/bin", "/real/.venv/bin")) == 2
    assert place_of(linked, SYSTEM_PATH) is None


def test_an_environment_is_passed_over() -> None:
    behind, before = make_search_path("/usr/bin", f"{ROOT}/bin"), make_search_path(f"{ROOT}/bin", "/usr/bin")
    own = make_answer("python", f"{ROOT}/bin/python", make_venv_python(ROOT))
    unknown = structs.replace(IN_CONDA, hit=make_hit("python", "/usr/bin/python"))
    assert is_passed_over(VENV, SYSTEM, before)
    assert not is_passed_over(VENV, own, SYSTEM_PATH)
    assert is_passed_over(VENV, unknown, SYSTEM_PATH)
    assert is_passed_over(VENV, unknown, behind)
    assert not is_passed_over(VENV, unknown, before)


@pytest.mark.parametrize(
    ("pane", "startup", "cause"),
    [
        (
            in_pane(search_path=("/usr/bin",)),
            PROFILE,
            Cause("because tmux gave this pane a search path without it", given=True),
        ),
        (in_pane(), PROFILE, Cause("because /etc/profile:7 replaces the search path", (RESET,))),
        (in_pane(search_path=None), PROFILE, Cause("because /etc/profile:7 replaces the search path", (RESET,))),
        (in_pane(), None, Cause("because its directory is not on the search path")),
        (
            in_pane(shells=(PaneShell("bash"),)),
            PROFILE,
            Cause("because its directory is not on the search path"),
        ),
    ],
)
def test_why_an_environment_is_gone_from_the_search_path(
    pane: Multiplexer, startup: StartupFiles | None, cause: Cause
) -> None:
    assert cause_of(VENV, SYSTEM, SYSTEM_PATH, pane, startup) == cause


def test_what_replaces_the_search_path_may_hide_another_that_does() -> None:
    other = structs.replace(RESET, file=RC)
    startup = StartupFiles(BOTH.files, (other, RESET))
    found = cause_of(VENV, SYSTEM, SYSTEM_PATH, in_pane(), startup)
    assert (found.lines, found.hidden) == ((other,), (RESET,))


def test_why_another_comes_first() -> None:
    replaced = make_search_path("/conda/bin", "/usr/bin", "/bin")
    found = cause_of(VENV, IN_CONDA, replaced, in_pane(), BOTH)
    assert found == Cause(
        f"because /etc/profile:7 replaces the search path, and {RC}:9 puts /conda/bin first", (RESET, BLOCK)
    )
    behind = make_search_path("/conda/bin", f"{ROOT}/bin")
    assert cause_of(VENV, IN_CONDA, behind, in_pane(), BOTH) == Cause(
        f"because {RC}:9 puts /conda/bin before it", (BLOCK,)
    )
    assert cause_of(VENV, IN_CONDA, behind, in_pane(), PROFILE) == Cause("because /conda/bin comes before it")


def test_only_what_the_shells_of_the_pane_read_replaces_its_search_path() -> None:
    assert is_path_replaced(in_pane(), PROFILE)
    assert not is_path_replaced(in_pane(shells=(PaneShell("bash"),)), PROFILE)


def line(**changes: Any) -> StartupLine:
    return structs.replace(RESET, file=RC, number=3, **changes)


@pytest.mark.parametrize(
    ("found", "remedy"),
    [
        (line(), f"in {RC}:3, put the directories behind `$PATH`"),
        (structs.replace(RESET, file="/etc/bash.bashrc"), "start tmux first, and activate inside"),
        (
            line(kind=LineKind.INIT, name="pyenv", value="init --path"),
            f"add `--no-push-path` to `pyenv init --path` in {RC}:3; it then leaves the order as it is",
        ),
        (
            line(directories=("/home/ann/.pyenv/shims",)),
            (
                f'in {RC}:3, write `eval "$(pyenv init - --no-push-path)"` instead; pyenv\'s shims have to stay before '
                "`$PATH`"
            ),
        ),
        (
            BLOCK,
            f"`conda config --set auto_activate_base false`; the block at {RC}:9 then no longer puts base first",
        ),
    ],
)
def test_each_line_has_its_remedy(found: StartupLine, remedy: str) -> None:
    pane = in_pane(shells=(PaneShell("bash"),))
    [step] = remedies(Cause("", (found,)), pane, PROFILE)
    assert step.text == f"For every new pane: {remedy}"


def test_a_file_for_login_shells_is_escaped_by_doing_without_them() -> None:
    screen = in_pane(kind=MultiplexerKind.SCREEN)
    [step] = remedies(Cause("", (RESET,)), screen, PROFILE)
    assert step.text == (
        "For every new window: take `shell -$SHELL` out of ~/.screenrc; the shells that screen starts then do not "
        "read /etc/profile"
    )
    [step] = remedies(Cause("", (RESET,)), in_pane(), PROFILE)
    assert "`set -g default-command" in step.text
    [step] = remedies(Cause("", (RESET,)), in_pane(kind=MultiplexerKind.ZELLIJ), PROFILE)
    assert step.text == "For every new pane: start zellij first, and activate inside"


def test_without_a_line_there_is_a_remedy_too() -> None:
    [given] = remedies(Cause("", given=True), in_pane(), None)
    assert given.text == (
        "For every new pane: `tmux set-environment -gu VIRTUAL_ENV`, then activate where it is needed"
    )
    [unknown] = remedies(Cause(""), in_pane(), PROFILE)
    assert unknown.text == "For every new pane: start tmux first, and activate inside"


def test_a_server_forgets_what_it_holds_and_gets_it_back() -> None:
    held = (Held("VIRTUAL_ENV", None), Held("VIRTUAL_ENV_PROMPT", "-p"), Held("CONDA_PREFIX", "/c"))
    tmux = structs.replace(server(VIRTUAL_ENV="/v", CONDA_PREFIX="/d"), session_env=held)
    assert list(forget(tmux)) == [
        Run("tmux", "set-environment", "-gu", "VIRTUAL_ENV"),
        Run("tmux", "set-environment", "-u", "VIRTUAL_ENV_PROMPT"),
    ]
    assert restore(tmux) == (
        Run("tmux", "set-environment", "-g", "--", "VIRTUAL_ENV", "/v"),
        Run("tmux", "set-environment", "--", "VIRTUAL_ENV_PROMPT", "-p"),
    )
    assert list(forget(tmux, "CONDA_PREFIX")) == [
        Run("tmux", "set-environment", "-u", "CONDA_PREFIX"),
        Run("tmux", "set-environment", "-gu", "CONDA_PREFIX"),
    ]
    assert (list(forget(None)), restore(None)) == ([], ())
