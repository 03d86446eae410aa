"""What the shells in multiplexers hold or lack, as literal facts."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Activate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Scope,
    SetVariable,
    UnsetVariable,
)
from envdoctor.facts.session.context import Examined, Marker, Place
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.startup_files import (
    Shell,
    Skipped,
    StartupFile,
    StartupFiles,
    When,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.terminals.tmux_differences import Difference, TmuxDifferences
from envdoctor.testing import assess
from envdoctor_checks.terminals.startup import inherited_activation, library_path_differs_in_tmux, login_shell_skips_rc
from tests.builders import make_active, make_answer, make_answers, make_venv_python
from tests.checks.panes import PROFILE as PATH_REPLACED
from tests.checks.panes import ROOT, in_pane, server

HOME = "/home/ann"
OLD, NEW = "http://old.example:8080", "http://new.example:8080"


def session(**changes: Any) -> Examined:
    facts: dict[str, Any] = {
        "shell": "bash",
        "login": False,
        "interactive": True,
        "shell_started": None,
        "cwd": "/p",
        "home": HOME,
        "search_path": ("/usr/bin",),
        "virtual_env": None,
        "user_id": 1000,
        "effective_user_id": 1000,
        "system": "Linux",
        "machine": "x86_64",
        "launched_as": "plain",
    }
    return Examined(**{**facts, **changes})


def line(file: str, number: int, kind: LineKind, name: str, **more: Any) -> StartupLine:
    return StartupLine(file=f"{HOME}/{file}", number=number, text=f"about {name}", kind=kind, name=name, **more)


@pytest.mark.sick("TRM004")
def test_the_server_holds_another_value_than_this_shell() -> None:
    differences = TmuxDifferences((Difference("https_proxy", OLD, NEW, None),))
    assert assess(library_path_differs_in_tmux, in_pane(), server(https_proxy=OLD), differences, session()) == [
        Finding(
            "https_proxy in tmux: new panes are given another value than this shell has",
            where="https_proxy",
            evidence=(
                Evidence(f"https_proxy={OLD}", "tmux show-environment -g https_proxy"),
                Evidence(f"https_proxy={NEW}", "this shell"),
            ),
            fix=Fix(
                "Set the tmux server's values to those of this shell",
                Run("tmux", "set-environment", "-g", "https_proxy", NEW),
                safety=Safety.CHANGES_STATE,
                scope=Scope.LASTING,
                undo=(Run("tmux", "set-environment", "-g", "--", "https_proxy", OLD),),
            ),
        )
    ]


@pytest.mark.sick("TRM004")
def test_the_terminal_outside_decides_where_it_is_known() -> None:
    differences = TmuxDifferences((Difference("LD_LIBRARY_PATH", None, None, "/opt/cuda/lib64"),), client=77)
    [finding] = assess(library_path_differs_in_tmux, in_pane(), server(), differences, session())
    assert finding.fix.actions == (
        Run("tmux", "set-environment", "-g", "LD_LIBRARY_PATH", "/opt/cuda/lib64"),
        SetVariable("LD_LIBRARY_PATH", "/opt/cuda/lib64"),
    )
    assert finding.fix.undo == (
        Run("tmux", "set-environment", "-gu", "LD_LIBRARY_PATH"),
        UnsetVariable("LD_LIBRARY_PATH"),
    )
    assert finding.fix.scope is Scope.SESSION


@pytest.mark.healthy("TRM004")
def test_what_is_only_added_set_here_alone_by_modules_direnv_or_a_start_up_file_is_fine() -> None:
    added = TmuxDifferences(
        (Difference("LD_LIBRARY_PATH", "/a", "/b:/a", None), Difference("HF_ENDPOINT", None, "x", None))
    )
    assert not assess(library_path_differs_in_tmux, in_pane(), server(), added, session())
    changed = (Difference("https_proxy", OLD, NEW, None),)
    assert not assess(
        library_path_differs_in_tmux, in_pane(), server(), TmuxDifferences(changed, set_by="direnv"), session()
    )
    cluster = session(markers=(Marker(Place.CLUSTER, "Lmod", "LMOD_CMD"),))
    assert not assess(library_path_differs_in_tmux, in_pane(), server(), TmuxDifferences(changed), cluster)
    startup = StartupFiles(lines=(line(".bashrc", 1, LineKind.EXPORT, "https_proxy"),))
    assert not assess(library_path_differs_in_tmux, in_pane(), server(), TmuxDifferences(changed), session(), startup)
    own = (Difference("https_proxy", OLD, "http://third.example", NEW),)
    assert not assess(library_path_differs_in_tmux, in_pane(), server(), TmuxDifferences(own, client=77), session())


@pytest.mark.healthy("TRM004")
@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("https_proxy", OLD, f"{OLD}/"),
        ("LD_LIBRARY_PATH", "/conda/envs/ml/lib/extra", None),
        ("LD_LIBRARY_PATH", "/a:/conda/envs/ml/lib", "/a/"),
    ],
)
def test_what_conda_brings_and_a_final_slash_make_no_difference(name: str, inside: str, outside: str | None) -> None:
    differences = TmuxDifferences(
        (Difference(name, inside, inside, outside),), client=77, environments=("/conda/envs/ml",)
    )
    assert not assess(library_path_differs_in_tmux, in_pane(), server(), differences, session())


RC = StartupFile(f"{HOME}/.bashrc", (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN)
PROFILE = StartupFile(f"{HOME}/.bash_profile", (Shell.BASH,), When.LOGIN)
PYENV = line(".bashrc", 4, LineKind.INIT, "pyenv")


@pytest.mark.sick("TRM005")
def test_the_set_up_stands_where_login_shells_never_look() -> None:
    assert assess(login_shell_skips_rc, StartupFiles((PROFILE, RC), (PYENV,)), session()) == [
        Finding(
            "login shells, as tmux starts them, do not set up pyenv: /home/ann/.bash_profile does not read "
            "/home/ann/.bashrc",
            where="/home/ann/.bash_profile",
            evidence=(Evidence("about pyenv", "/home/ann/.bashrc:4"),),
            fix=Fix(
                "Make /home/ann/.bash_profile read /home/ann/.bashrc",
                EditFile("/home/ann/.bash_profile", add=("[ -f ~/.bashrc ] && . ~/.bashrc",)),
                safety=Safety.CHANGES_STATE,
            ),
        )
    ]


@pytest.mark.sick("TRM005")
@pytest.mark.parametrize("name", [PROFILE.path, "/elsewhere/.bash_profile", "$file"])
def test_a_profile_that_is_read_by_the_rc_must_not_read_it_in_turn(name: str) -> None:
    source = line(".bashrc", 1, LineKind.SOURCE, name)
    [finding] = assess(login_shell_skips_rc, StartupFiles((PROFILE, RC), (source, PYENV)), session())
    assert finding.fix == Fix(
        "Move the setup to the file that is read",
        Manual(
            "Move the lines from /home/ann/.bashrc to /home/ann/.bash_profile: /home/ann/.bashrc may read that one, "
            "and must not be read by it in turn"
        ),
    )


@pytest.mark.sick("TRM005")
def test_nothing_is_appended_where_it_may_not_be_read() -> None:
    stop = line(".bash_profile", 7, LineKind.STOP, "return")
    [finding] = assess(login_shell_skips_rc, StartupFiles((PROFILE, RC), (stop, PYENV)), session())
    text = "Write `[ -f ~/.bashrc ] && . ~/.bashrc` into /home/ann/.bash_profile, above line 7, where the file may end"
    assert finding.fix.actions == (Manual(text),)
    broken = StartupFiles((PROFILE, RC), (PYENV,), (Skipped(PROFILE.path, "line 3: a quote is open"),))
    [finding] = assess(login_shell_skips_rc, broken, session())
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert step.text.endswith("which could not be read here: line 3: a quote is open")


@pytest.mark.sick("TRM005")
def test_without_any_profile_it_shows_in_a_login_shell_of_a_multiplexer() -> None:
    startup = StartupFiles((RC,), (PYENV,))
    assert not assess(login_shell_skips_rc, startup, session())
    [finding] = assess(login_shell_skips_rc, startup, session(), in_pane())
    assert finding.message.endswith("nothing makes them read /home/ann/.bashrc")


@pytest.mark.healthy("TRM005")
def test_a_profile_that_reads_it_or_sets_up_the_same_or_another_shell_is_fine() -> None:
    reads = StartupFile(RC.path, RC.shells, When.LOGIN, f"{PROFILE.path}:1")
    assert not assess(login_shell_skips_rc, StartupFiles((PROFILE, reads, RC), (PYENV,)), session())
    both = (PYENV, line(".bash_profile", 2, LineKind.INIT, "pyenv"))
    assert not assess(login_shell_skips_rc, StartupFiles((PROFILE, RC), both), session())
    assert not assess(login_shell_skips_rc, StartupFiles((PROFILE, RC), (PYENV,)), session(shell="zsh"))
    path: dict[str, Any] = {"edit": Edit.PREPEND, "directories": (f"{HOME}/.local/bin",)}
    lines = (
        line(".bashrc", 1, LineKind.PATH, "PATH", **path),
        line(".bash_profile", 1, LineKind.PATH, "PATH", **path),
        line(".bashrc", 2, LineKind.ALIAS, "python"),
    )
    assert not assess(login_shell_skips_rc, StartupFiles((PROFILE, RC), lines), session())


OWN = make_answers(make_answer("python", f"{ROOT}/bin/python", make_venv_python(ROOT)))


@pytest.mark.sick("TRM006")
def test_an_activation_that_a_pane_inherited() -> None:
    here = session(search_path=(f"{ROOT}/bin", "/usr/bin"))
    [finding] = assess(inherited_activation, in_pane(), make_active(ROOT), OWN, here, StartupFiles())
    assert finding.message == "this tmux pane inherited /p/.venv from its parent shell, and has no `deactivate`"
    assert finding.fix == Fix("Activate the environment again", Activate(ROOT))


@pytest.mark.healthy("TRM006")
def test_activated_again_or_first_in_the_pane_or_in_fish_is_fine() -> None:
    twice = session(search_path=(f"{ROOT}/bin", f"{ROOT}/bin", "/usr/bin"))
    once = session(search_path=(f"{ROOT}/bin", "/usr/bin"))
    active = make_active(ROOT)
    assert not assess(inherited_activation, in_pane(), active, OWN, twice, StartupFiles())
    assert not assess(
        inherited_activation, in_pane(virtual_env=None, search_path=("/usr/bin",)), active, OWN, once, StartupFiles()
    )
    fish = session(search_path=once.search_path, shell="fish")
    assert not assess(inherited_activation, in_pane(), active, OWN, fish, StartupFiles())
    assert not assess(inherited_activation, in_pane(), active, OWN, once, PATH_REPLACED)
