from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import (
    StartupFiles,
)
from envdoctor.facts.shell.startup_lines import LineKind
from tests.facts.shell.startup_files_world import found_in, line, lines, write


@pytest.mark.parametrize(
    "text",
    [
        "case $- in\n  *i*) ;;\n  *) return;;\nesac",
        "case $- in *i*) ;; *) return;; esac",
        '[ -z "$PS1" ] && return',
        "[[ $- != *i* ]] && return",
        "[[ $- == *i* ]] || return 0",
        "if [[ ! -o interactive ]]; then\n  return\nfi",
    ],
)
def test_the_end_for_scripts_is_seen(text: str) -> None:
    found = lines(f"{text}\nexport PATH=/a:$PATH")
    assert [one.kind for one in found] == [LineKind.GUARD, LineKind.PATH]
    guard, path = found
    assert StartupFiles(lines=(guard, path)).guard_before(path) is guard
    assert StartupFiles(lines=(guard, path)).guard_before(guard) is None


def test_the_end_for_scripts_is_seen_in_fish() -> None:
    assert line("status is-interactive; or exit", fish=True).kind is LineKind.GUARD


def test_a_return_in_a_function_is_no_end() -> None:
    assert lines('f() { [ -z "$PS1" ] && return 1; }\nexec 2>/dev/null') == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("true\nreturn 0", 2),
        ("[ -n secret ] || exit", 1),
        ("if x; then\n  exec fish\nfi", 2),
        ("[[ $- == *i* ]] && exec zsh", 1),
        ("true\nexport A=b \\\n", 2),
        ("true\nexport A=b\\", 2),
    ],
)
def test_where_a_file_may_end_is_seen(text: str, number: int) -> None:
    stop = line(text)
    assert (stop.kind, stop.number) == (LineKind.STOP, number)
    assert "secret" not in stop.text
    assert StartupFiles(lines=(stop,)).stop_in("rc") is stop
    assert StartupFiles(lines=(stop,)).stop_in("other") is None


def test_what_is_for_interactive_shells_alone_is_seen() -> None:
    found = lines("if status is-interactive\n fish_add_path /a\nend\nfish_add_path /b", fish=True)
    assert [one.interactive_only for one in found] == [True, False]
    assert line("[[ $- == *i* ]] && PATH=/a:$PATH").interactive_only


def test_a_line_knows_whether_it_is_always_done() -> None:
    found = lines("PATH=/a:$PATH\nif x; then PATH=/b:$PATH; fi\nf() { PATH=/c:$PATH; }\n[ -d /d ] && PATH=/d:$PATH")
    assert [one.place for one in found] == [Place.TOP, Place.CONDITION, Place.FUNCTION, Place.CONDITION]


@pytest.mark.parametrize(
    ("rc", "more", "reads"),
    [
        (". ~/.bash_profile", "", True),
        ("[ -r ~/more ] && . ~/more", "source $HOME/.bash_profile", True),
        ("cd; . ./.bash_profile", "", True),
        ('for one in ~/.{bash_profile,path}; do . "$one"; done', "", True),
        ("f() { . ~/.bash_profile; }", "", True),
        (". ~/more", ". /usr/share/bash-completion/bash_completion", False),
        ("export DIR=~/x; . $DIR/y.sh; . ~/.bashrc", "", False),
    ],
)
def test_whether_a_file_may_read_another(rc: str, more: str, reads: bool, home: Path) -> None:
    write(home, **{".bashrc": rc, "more": more, ".bash_profile": "true\n"})
    found = found_in(home)
    assert found.may_read(f"{home}/.bashrc", f"{home}/.bash_profile") is reads
    assert not found.may_read(f"{home}/.bash_profile", f"{home}/.bashrc")
    assert found.may_read(f"{home}/.bashrc", f"{home}/.bashrc")
