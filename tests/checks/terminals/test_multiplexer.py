"""Activations in multiplexers, as literal facts."""

from __future__ import annotations

import pytest
from msgspec import structs

from envdoctor import (
    Activate,
    Deactivate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Scope,
    SetVariable,
    Severity,
)
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.python.active import Answer
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import (
    Shell,
    StartupFile,
    StartupFiles,
    When,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.terminals.multiplexer import MultiplexerKind, PaneShell
from envdoctor.facts.terminals.tmux_environment import GivenEnvironment, TmuxPlaces
from envdoctor.facts.venv.layout import LinkState
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.terminals.multiplexer import (
    activation_lost_in_multiplexer,
    tmux_server_environment_stale,
    tmux_session_mixes_environments,
)
from tests.builders import (
    make_active,
    make_answer,
    make_answers,
    make_hit,
    make_python,
    make_search_path,
    make_venv_python,
)
from tests.checks.panes import PROFILE, RESET, ROOT, SYSTEM, SYSTEM_PATH, in_pane, server

OTHER = "/q/.venv"
ACTIVE = make_active(ROOT)


def messages(findings: list[Finding]) -> list[str]:
    return [finding.message for finding in findings]


def steps_by_hand(findings: list[Finding]) -> list[str]:
    return [action.text for finding in findings for action in finding.fix.actions if isinstance(action, Manual)]


@pytest.mark.sick("TRM001")
def test_a_login_shell_that_set_the_path_anew() -> None:
    pane, answers = in_pane(), make_answers(SYSTEM)
    assert assess(activation_lost_in_multiplexer, pane, ACTIVE, answers, SYSTEM_PATH, PROFILE) == [
        Finding(
            "in this tmux pane VIRTUAL_ENV names /p/.venv, but `python3` runs /usr/bin/python3 because /etc/profile:7 "
            "replaces the search path",
            where="PATH",
            evidence=(
                Evidence("VIRTUAL_ENV=/p/.venv", "what tmux gave to this pane"),
                Evidence("PATH=/usr/bin:/bin", "/etc/profile:7"),
                Evidence("/usr/bin/python3", "`python3` on the search path"),
            ),
            fix=Fix(
                "Activate the environment again",
                Activate(ROOT),
                Manual(
                    'For every new pane: add the line `set -g default-command "${SHELL}"` to ~/.tmux.conf and run '
                    "`tmux source-file ~/.tmux.conf`; the shells that tmux starts then do not read /etc/profile"
                ),
                scope=Scope.SESSION,
            ),
        )
    ]


@pytest.mark.sick("TRM001")
@pytest.mark.parametrize(
    ("name", "shell", "when"),
    [
        (".bashrc", "bash", When.ALWAYS),
        (".zshenv", "zsh", When.ALWAYS),
        (".zshrc", "zsh", When.INTERACTIVE),
        (".config/fish/config.fish", "fish", When.ALWAYS),
    ],
)
def test_a_file_that_every_shell_reads_is_not_escaped_by_doing_without_login_shells(
    name: str, shell: str, when: When
) -> None:
    path = f"/home/ann/{name}"
    startup = StartupFiles((StartupFile(path, (Shell(shell),), when),), (structs.replace(RESET, file=path),))
    pane = in_pane(shells=(PaneShell(shell, login=True),))
    found = assess(activation_lost_in_multiplexer, pane, ACTIVE, make_answers(SYSTEM), SYSTEM_PATH, startup)
    assert steps_by_hand(found) == [f"For every new pane: in {path}:7, put the directories behind `$PATH`"]


@pytest.mark.sick("TRM001")
def test_what_would_set_the_path_anew_without_the_culprit_is_remedied_too() -> None:
    rc = "/home/ann/.bashrc"
    startup = StartupFiles(
        (*PROFILE.files, StartupFile(rc, (Shell.BASH,), When.ALWAYS)), (RESET, structs.replace(RESET, file=rc))
    )
    found = assess(activation_lost_in_multiplexer, in_pane(), ACTIVE, make_answers(SYSTEM), SYSTEM_PATH, startup)
    assert f"because {rc}:7 replaces the search path" in messages(found)[0]
    without_login, behind = steps_by_hand(found)
    assert without_login.endswith("then do not read /etc/profile")
    assert behind == f"For every new pane: in {rc}:7, put the directories behind `$PATH`"


@pytest.mark.sick("TRM001")
def test_no_python_at_all_is_left() -> None:
    [finding] = assess(activation_lost_in_multiplexer, in_pane(), ACTIVE, make_answers(), SYSTEM_PATH)
    assert finding.message == (
        "in this tmux pane VIRTUAL_ENV names /p/.venv, but `python3` is not found because its directory is not on the "
        "search path"
    )


@pytest.mark.sick("TRM001")
def test_the_line_that_fits_what_is_seen_is_blamed() -> None:
    other = StartupLine(
        file="/etc/profile",
        number=9,
        text="PATH=/games",
        kind=LineKind.PATH,
        name="PATH",
        edit=Edit.ASSIGN,
        directories=("/games",),
    )
    profile = StartupFiles(PROFILE.files, (RESET, other))
    [message] = messages(
        assess(activation_lost_in_multiplexer, in_pane(), ACTIVE, make_answers(SYSTEM), SYSTEM_PATH, profile)
    )
    assert "/etc/profile:7" in message


@pytest.mark.sick("TRM001")
def test_both_causes_are_named_and_remedied() -> None:
    block = StartupLine(
        file="/home/ann/.bashrc", number=9, text="# conda", kind=LineKind.BLOCK, name="conda", value="/conda", end=20
    )
    rc = StartupFile("/home/ann/.bashrc", (Shell.BASH,), When.LOGIN)
    startup = StartupFiles((*PROFILE.files, rc), (RESET, block))
    answers = make_answers(make_answer("python", "/conda/bin/python", make_python("/conda")))
    path = make_search_path("/conda/bin", "/usr/bin", "/bin")
    found = assess(activation_lost_in_multiplexer, in_pane(), ACTIVE, answers, path, startup)
    assert messages(found)[0].endswith(
        "because /etc/profile:7 replaces the search path, and /home/ann/.bashrc:9 puts /conda/bin first"
    )
    assert ["default-command" in steps_by_hand(found)[0], "auto_activate_base" in steps_by_hand(found)[1]] == [True] * 2


@pytest.mark.sick("TRM001")
def test_of_two_branches_that_set_the_path_anew_the_one_that_fits_is_the_cause() -> None:
    """Debian's /etc/profile assigns another path for root than for everybody else: only one of the two was run."""
    fits = structs.replace(RESET, place=Place.CONDITION)
    other = structs.replace(fits, number=9, directories=("/usr/bin", "/games"))
    startup = StartupFiles(PROFILE.files, (fits, other))
    [found] = assess(activation_lost_in_multiplexer, in_pane(), ACTIVE, make_answers(SYSTEM), SYSTEM_PATH, startup)
    assert found.message.endswith("because /etc/profile:7 replaces the search path")
    assert [proof.origin for proof in found.evidence if proof.origin.startswith("/etc/")] == ["/etc/profile:7"]


@pytest.mark.sick("TRM001")
def test_every_line_that_puts_the_shims_first_is_named_and_no_other() -> None:
    shims, rc = "/home/ann/.pyenv/shims", "/home/ann/.bashrc"
    hit = make_hit("python", f"{shims}/python", None, kind=HitKind.SHIM, manager=ShimManager.PYENV)
    prepend = structs.replace(RESET, file=rc, number=20, edit=Edit.PREPEND, directories=("/home/ann/.pyenv/bin", shims))
    init = StartupLine(file=rc, number=21, text='eval "$(pyenv init -)"', kind=LineKind.INIT, name="pyenv")
    plugin = structs.replace(init, number=22, name="pyenv-virtualenv")
    behind = structs.replace(prepend, number=23, edit=Edit.APPEND)
    files = (*PROFILE.files, StartupFile(rc, (Shell.BASH,), When.LOGIN))
    startup = StartupFiles(files, (RESET, prepend, init, plugin, behind))
    path = make_search_path(shims, "/usr/bin", "/bin")
    found = assess(
        activation_lost_in_multiplexer, in_pane(), ACTIVE, make_answers(Answer("python", hit)), path, startup
    )
    assert messages(found)[0].endswith(
        f"because /etc/profile:7 replaces the search path, and {rc}:21 puts {shims} first"
    )
    origins = [proof.origin for proof in found[0].evidence]
    assert [origin for origin in origins if origin.startswith(rc)] == [f"{rc}:20", f"{rc}:21"]
    by_hand = steps_by_hand(found)
    assert [f"{rc}:20, write `eval" in by_hand[1], f"`pyenv init -` in {rc}:21" in by_hand[2]] == [True] * 2
    assert len(by_hand) == 3


@pytest.mark.sick("TRM001")
def test_screen_and_a_shim_in_front() -> None:
    shims = "/home/ann/.pyenv/shims"
    hit = make_hit("python", f"{shims}/python", None, kind=HitKind.SHIM, manager=ShimManager.PYENV)
    line = StartupLine(
        file="/home/ann/.bashrc", number=3, text='eval "$(pyenv init -)"', kind=LineKind.INIT, name="pyenv"
    )
    startup = StartupFiles((StartupFile("/home/ann/.bashrc", (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN),), (line,))
    pane = in_pane(kind=MultiplexerKind.SCREEN, shells=(PaneShell("bash"),))
    path = make_search_path(shims, f"{ROOT}/bin", "/usr/bin")
    found = assess(activation_lost_in_multiplexer, pane, ACTIVE, make_answers(Answer("python", hit)), path, startup)
    assert messages(found) == [
        (
            f"in this screen pane VIRTUAL_ENV names /p/.venv, but `python` runs {shims}/python because "
            f"/home/ann/.bashrc:3 puts {shims} before it"
        )
    ]
    assert steps_by_hand(found) == [
        (
            "For every new window: add `--no-push-path` to `pyenv init -` in /home/ann/.bashrc:3; it then leaves the "
            "order as it is"
        )
    ]


@pytest.mark.sick("TRM001")
def test_a_pane_that_was_given_another_path() -> None:
    pane = in_pane(search_path=("/usr/bin", "/bin"))
    found = assess(activation_lost_in_multiplexer, pane, ACTIVE, make_answers(SYSTEM), SYSTEM_PATH, PROFILE)
    assert "because tmux gave this pane a search path without it" in messages(found)[0]
    assert "tmux set-environment -gu VIRTUAL_ENV" in steps_by_hand(found)[0]


@pytest.mark.healthy("TRM001")
def test_an_activation_that_came_through_or_is_not_the_panes_or_cannot_be_made_is_left_alone() -> None:
    whole = make_search_path(f"{ROOT}/bin", "/usr/bin")
    own = make_answers(make_answer("python", f"{ROOT}/bin/python", make_venv_python(ROOT)))
    assert not assess(activation_lost_in_multiplexer, in_pane(), ACTIVE, own, whole, PROFILE)
    lost = (make_answers(SYSTEM), SYSTEM_PATH, PROFILE)
    assert not assess(activation_lost_in_multiplexer, in_pane(virtual_env=None), ACTIVE, *lost)
    assert not assess(activation_lost_in_multiplexer, in_pane(virtual_env="/elsewhere"), ACTIVE, *lost)
    broken = make_active(ROOT, python_state=LinkState.DANGLING)
    assert not assess(activation_lost_in_multiplexer, in_pane(), broken, *lost)


@pytest.mark.sick("TRM003")
def test_the_variable_of_one_environment_with_the_path_of_another() -> None:
    pane = in_pane(search_path=(f"{OTHER}/bin", "/usr/bin"))
    answers = make_answers(make_answer("python", f"{OTHER}/bin/python", make_venv_python(OTHER)))
    path, tmux = make_search_path(f"{OTHER}/bin", "/usr/bin"), server(VIRTUAL_ENV=ROOT, VIRTUAL_ENV_PROMPT="p")
    assert assess(tmux_session_mixes_environments, pane, tmux, ACTIVE, answers, path) == [
        Finding(
            "this tmux pane mixes two environments: VIRTUAL_ENV names /p/.venv, but `python` runs that of /q/.venv",
            where="VIRTUAL_ENV",
            evidence=(
                Evidence("VIRTUAL_ENV=/p/.venv", "what the tmux server gave to this pane"),
                Evidence("/q/.venv/bin", "PATH of the terminal that asked for this pane"),
                Evidence("/q/.venv/bin/python", "`python` on the search path"),
            ),
            fix=Fix(
                "Activate /q/.venv, and unset the other in the tmux server",
                Activate(OTHER),
                Run("tmux", "set-environment", "-gu", "VIRTUAL_ENV"),
                Run("tmux", "set-environment", "-gu", "VIRTUAL_ENV_PROMPT"),
                scope=Scope.SESSION,
                undo=(
                    Run("tmux", "set-environment", "-g", "--", "VIRTUAL_ENV", "/p/.venv"),
                    Run("tmux", "set-environment", "-g", "--", "VIRTUAL_ENV_PROMPT", "p"),
                    Deactivate(),
                    SetVariable("VIRTUAL_ENV", "/p/.venv"),
                ),
            ),
        )
    ]


@pytest.mark.healthy("TRM003")
def test_a_start_up_file_that_puts_another_environment_first_mixes_no_session() -> None:
    answers = make_answers(make_answer("python", f"{OTHER}/bin/python", make_venv_python(OTHER)))
    path = make_search_path(f"{OTHER}/bin", f"{ROOT}/bin")
    assert not assess(tmux_session_mixes_environments, in_pane(), server(VIRTUAL_ENV=ROOT), ACTIVE, answers, path)


def given(name: str, value: str, *, exists: bool = True) -> TmuxPlaces:
    return TmuxPlaces((GivenEnvironment(name, value, value, exists),))


@pytest.mark.sick("TRM002")
def test_the_server_gives_an_environment_that_is_gone() -> None:
    gone = "/gone/.venv"
    tmux, here = server(VIRTUAL_ENV=gone), in_pane(virtual_env=gone)
    active = make_active(gone)
    [finding] = assess(tmux_server_environment_stale, tmux, given("VIRTUAL_ENV", gone, exists=False), active, here)
    assert finding == Finding(
        "the tmux server gives every new pane VIRTUAL_ENV=/gone/.venv, which does not exist",
        where="VIRTUAL_ENV",
        evidence=(
            Evidence("VIRTUAL_ENV=/gone/.venv", "tmux show-environment -g VIRTUAL_ENV"),
            Evidence("/gone/.venv", "does not exist"),
        ),
        fix=Fix(
            "Unset the variable in the tmux server and in this pane",
            Run("tmux", "set-environment", "-gu", "VIRTUAL_ENV"),
            *deactivation(gone),
            scope=Scope.SESSION,
            undo=(
                Run("tmux", "set-environment", "-g", "--", "VIRTUAL_ENV", "/gone/.venv"),
                SetVariable("VIRTUAL_ENV", "/gone/.venv"),
            ),
        ),
        severity=Severity.ERROR,
    )


@pytest.mark.sick("TRM002")
def test_the_server_gives_another_environment_or_that_of_a_tool() -> None:
    [other] = assess(
        tmux_server_environment_stale, server(VIRTUAL_ENV=OTHER), given("VIRTUAL_ENV", OTHER), ACTIVE, in_pane()
    )
    assert other.message == f"the tmux server gives every new pane VIRTUAL_ENV={OTHER}, while {ROOT} is in use here"
    assert (other.severity, other.fix.safety, other.fix.scope) == (None, Safety.CHANGES_STATE, Scope.LASTING)
    tool = "/home/ann/.local/share/uv/tools/tmuxp"
    [hint] = assess(tmux_server_environment_stale, server(VIRTUAL_ENV=tool), given("VIRTUAL_ENV", tool), in_pane())
    assert hint.severity is Severity.INFO


@pytest.mark.healthy("TRM002")
def test_the_server_gives_what_is_in_use_or_conda_another_environment() -> None:
    tmux = server(VIRTUAL_ENV=ROOT, CONDA_PREFIX="/conda")
    in_screen = in_pane(kind=MultiplexerKind.SCREEN)
    gone = given("VIRTUAL_ENV", "/gone", exists=False)
    assert not assess(tmux_server_environment_stale, tmux, gone, ACTIVE, in_screen)
    for places in (given("VIRTUAL_ENV", ROOT), given("CONDA_PREFIX", "/conda"), TmuxPlaces()):
        assert not assess(tmux_server_environment_stale, tmux, places, ACTIVE, in_pane())
    assert not assess(tmux_server_environment_stale, tmux, given("VIRTUAL_ENV", ROOT), in_pane())
