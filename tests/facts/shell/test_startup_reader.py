from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from envdoctor.engine.finding import Evidence
from envdoctor.facts.shell.expansion import (
    Edit,
)
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import (
    Shell,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from tests.facts.shell.startup_files_world import HOME, found_in, line, lines
from tests.support import needs_tool


@pytest.mark.parametrize(
    ("text", "edit", "directories"),
    [
        ('export PATH="$HOME/bin:$PATH"', Edit.PREPEND, (f"{HOME}/bin",)),
        ("PATH=$PATH:~/bin", Edit.APPEND, (f"{HOME}/bin",)),
        ('PATH="~/bin:$PATH"', Edit.PREPEND, ("~/bin",)),
        ("PATH=~/bin:$PATH", Edit.PREPEND, (f"{HOME}/bin",)),
        ("export PATH=/a:/b", Edit.ASSIGN, ("/a", "/b")),
        ("PATH=/a:${PATH}:/b", Edit.PREPEND, ("/a", "/b")),
        ('PATH="$HOME/bin${PATH:+:${PATH}}"', Edit.PREPEND, (f"{HOME}/bin",)),
        ('PATH="${PATH:+${PATH}:}/a"', Edit.APPEND, ("/a",)),
        ("PATH+=:/a", Edit.APPEND, ("/a",)),
        ("declare -x PATH=/a:$PATH", Edit.PREPEND, ("/a",)),
        ("path=(~/bin /b $path)", Edit.PREPEND, (f"{HOME}/bin", "/b")),
        ("path+=(/a)", Edit.APPEND, ("/a",)),
        ("export PATH='/a b':$PATH # c", Edit.PREPEND, ("/a b",)),
        ("export PATH=$UNKNOWN/bin:$PATH", Edit.PREPEND, ("$UNKNOWN/bin",)),
    ],
)
def test_edits_of_the_search_path(text: str, edit: Edit, directories: tuple[str, ...]) -> None:
    found = line(text)
    assert (found.kind, found.name, found.edit, found.directories) == (LineKind.PATH, "PATH", edit, directories)


@pytest.mark.tools
@pytest.mark.parametrize(
    "text",
    [
        *("PATH=$PATH:~/bin", 'PATH="~/bin:$PATH"', "export PATH=~/a:'~/b':$PATH", "PATH=/a\\ b:$PATH:/c"),
        *('PATH="$HOME/bin${PATH:+:${PATH}}"', "PATH+=:/a", "A=/x; PATH=$A/bin:${A}/sbin:$PATH", "PATH='$HOME':$PATH"),
    ],
)
def test_bash_adds_the_same_directories(text: str) -> None:
    ask = [needs_tool("bash"), "--norc", "-c", f"{text}; echo $PATH"]
    done = subprocess.run(ask, env={"HOME": HOME, "PATH": "/old"}, capture_output=True, text=True, check=True)
    really = [element for element in done.stdout.strip().split(":") if element != "/old"]
    assert list(line(text).directories) == really


@pytest.mark.parametrize(
    ("text", "edit", "directories"),
    [
        ("fish_add_path ~/bin $HOME/b", Edit.PREPEND, (f"{HOME}/bin", f"{HOME}/b")),
        ("fish_add_path -gaP /a", Edit.APPEND, ("/a",)),
        ("set -gx PATH /a $PATH", Edit.PREPEND, ("/a",)),
        ("set --export PATH $PATH /a", Edit.APPEND, ("/a",)),
        ("set -a PATH /a", Edit.APPEND, ("/a",)),
        ("set -p PATH /a", Edit.PREPEND, ("/a",)),
        ("set PATH /a /b", Edit.ASSIGN, ("/a", "/b")),
    ],
)
def test_edits_of_the_search_path_in_fish(text: str, edit: Edit, directories: tuple[str, ...]) -> None:
    found = line(text, fish=True)
    assert (found.kind, found.name, found.edit, found.directories) == (LineKind.PATH, "PATH", edit, directories)


def test_a_variable_set_before_is_known() -> None:
    *_, found = lines('export PYENV_ROOT="$HOME/.pyenv"\nexport PATH="$PYENV_ROOT/bin:$PATH"')
    assert found.directories == (f"{HOME}/.pyenv/bin",)


def test_exports_of_interest_are_kept_and_others_forgotten() -> None:
    text = (
        "export SECRET=hunter2 UV_INDEX_URL='https://m/simple' API_KEY=hunter2\nTOKEN=hunter2\nFOO=hunter2 pip install"
    )
    found = line(text)
    assert found == StartupLine(
        file="rc",
        number=1,
        text="export UV_INDEX_URL='https://m/simple'",
        kind=LineKind.EXPORT,
        name="UV_INDEX_URL",
        value="https://m/simple",
    )
    assert found.evidence == Evidence("export UV_INDEX_URL='https://m/simple'", "rc:1")


def test_an_assignment_counts_as_an_export_once_it_is_exported() -> None:
    assert line("LD_LIBRARY_PATH=/a").kind is LineKind.ASSIGNMENT
    found = line("LD_LIBRARY_PATH=/opt/conda/lib:$LD_LIBRARY_PATH\nexport LD_LIBRARY_PATH")
    assert (found.kind, found.number, found.value) == (LineKind.EXPORT, 1, "/opt/conda/lib:$LD_LIBRARY_PATH")
    assert (found.edit, found.directories) == (Edit.PREPEND, ("/opt/conda/lib",))
    assert line("typeset LD_LIBRARY_PATH=/a").kind is LineKind.ASSIGNMENT
    assert line("typeset -gx LD_LIBRARY_PATH=/a").edit is Edit.ASSIGN


def test_exports_in_fish() -> None:
    found = line("set -Ux UV_DEFAULT_INDEX 'https://m'\nset -g PIP_USER 1\nset -gx SECRET x", fish=True)
    assert (found.name, found.value, found.text) == (
        *("UV_DEFAULT_INDEX", "https://m"),
        "set -Ux UV_DEFAULT_INDEX 'https://m'",
    )


@pytest.mark.parametrize(
    ("text", "name", "target"),
    [
        ("alias python=python3", "python", "python3"),
        ("alias ll='ls -l' pip='python -m pip'", "pip", "python -m pip"),
        ('alias -g python="/opt/py/bin/python"', "python", "/opt/py/bin/python"),
    ],
)
def test_aliases(text: str, name: str, target: str) -> None:
    found = line(text)
    assert (found.kind, found.name, found.value) == (LineKind.ALIAS, name, target)


@pytest.mark.parametrize("text", ["alias python python3", "alias python=python3", "alias python 'python3'"])
def test_aliases_of_fish(text: str) -> None:
    found = line(text, fish=True)
    assert (found.kind, found.name, found.value) == (LineKind.ALIAS, "python", "python3")


def test_functions() -> None:
    found = line('python() { /opt/python "$@"; }\nother() { x; }\n')
    assert (found.kind, found.name, found.place) == (LineKind.FUNCTION, "python", Place.TOP)
    found = line("function pip\n  command pip3 $argv\nend", fish=True)
    assert (found.kind, found.name) == (LineKind.FUNCTION, "pip")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('eval "$(pyenv init - --no-push-path)"', "pyenv", "pyenv init - --no-push-path"),
        ('eval "$(command pyenv virtualenv-init -)"', "pyenv-virtualenv", "pyenv virtualenv-init -"),
        ("eval `direnv hook bash`", "direnv", "direnv hook bash"),
        ('eval "$($HOME/.local/bin/mise activate zsh)"', "mise", f"{HOME}/.local/bin/mise activate zsh"),
        ("source <(mise activate zsh)", "mise", "mise activate zsh"),
        ("eval \"$('/opt/conda/bin/conda' 'shell.bash' hook)\"", "conda", "/opt/conda/bin/conda shell.bash hook"),
        ('eval "$(TOKEN=hunter2 brew shellenv)"', "brew", "brew shellenv"),
        ('eval "$(vault login hunter2)"', "vault", None),
    ],
)
def test_what_a_tool_prints_is_run(text: str, name: str, value: str | None) -> None:
    found = line(text)
    assert (found.kind, found.name, found.value) == (LineKind.INIT, name, value)
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("text", ["pyenv init - | source", "source (pyenv init - | psub)", "eval (pyenv init -)"])
def test_what_a_tool_prints_is_run_by_fish(text: str) -> None:
    found = line(text, fish=True)
    assert (found.kind, found.name) == (LineKind.INIT, "pyenv")


CONDA_BLOCK = """
# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
__conda_setup="$('/opt/conda/bin/conda' 'shell.bash' 'hook' 2> /dev/null)"
if [ $? -eq 0 ]; then
    eval "$__conda_setup"
else
    if [ -f "/opt/conda/etc/profile.d/conda.sh" ]; then
        . "/opt/conda/etc/profile.d/conda.sh"
    else
        export PATH="/opt/conda/bin:$PATH"
    fi
fi
unset __conda_setup
# <<< conda initialize <<<
export PATH="/a:$PATH"
"""


def test_a_conda_block_is_one_thing() -> None:
    block, after = lines(CONDA_BLOCK)
    assert (block.kind, block.name, block.value) == (LineKind.BLOCK, "conda", "/opt/conda")
    assert (block.number, block.end) == (2, 15)
    assert (after.kind, after.number) == (LineKind.PATH, 16)


def test_a_mamba_block_has_its_own_root() -> None:
    body = "export MAMBA_EXE='/usr/bin/mamba';\nexport MAMBA_ROOT_PREFIX='/home/me/mamba';\n"
    found = line(f"# >>> mamba initialize >>>\n{body}# <<< mamba initialize <<<\n")
    assert (found.name, found.value, found.end) == ("mamba", "/home/me/mamba", 4)


def test_a_block_that_is_not_closed_hides_nothing() -> None:
    block, path = lines("# >>> conda initialize >>>\nPATH=/opt/conda/bin:$PATH\n")
    assert (block.end, block.value, path.kind) == (None, None, LineKind.PATH)


def test_comments_and_here_documents_say_nothing() -> None:
    assert lines("# export PATH=/a:$PATH\ncat <<E\nexport PATH=/a:$PATH\nE\necho 'x\nexport PATH=/a\n'") == []


BASH_FILES = (".bash_profile", ".bash_login", ".profile", ".bashrc")


@pytest.mark.tools
@pytest.mark.parametrize("present", [BASH_FILES, BASH_FILES[1:], BASH_FILES[2:], (".bashrc",)])
@pytest.mark.parametrize(("login", "interactive"), [(False, True), (True, False), (True, True), (False, False)])
def test_bash_reads_what_is_said(present: tuple[str, ...], login: bool, interactive: bool, home: Path) -> None:
    for name in present:
        (home / name).write_text(f'echo "read:$HOME/{name}"\n')
    (home / "script-env").write_text('echo "read:$HOME/script-env"\n')
    env = {"HOME": str(home), "BASH_ENV": f"{home}/script-env"}
    really = really_read([needs_tool("bash")], env, login=login, interactive=interactive)
    said = found_in(home, BASH_ENV=f"{home}/script-env")
    assert said.read_by(Shell.BASH, login=login, interactive=interactive) == really


@pytest.mark.tools
@pytest.mark.parametrize(("login", "interactive"), [(False, True), (True, False), (True, True), (False, False)])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_zsh_reads_what_is_said(login: bool, interactive: bool, elsewhere: bool, home: Path) -> None:
    zdotdir = home / "zsh" if elsewhere else home
    zdotdir.mkdir(exist_ok=True)
    for name in (".zshenv", ".zprofile", ".zshrc", ".zlogin"):
        (zdotdir / name).write_text(f'echo "read:{zdotdir}/{name}"\n')
    extra = {"ZDOTDIR": str(zdotdir)} if elsewhere else {}
    really = really_read([needs_tool("zsh")], {"HOME": str(home), **extra}, login=login, interactive=interactive)
    assert found_in(home, **extra).read_by(Shell.ZSH, login=login, interactive=interactive) == really


@pytest.mark.tools
def test_fish_reads_what_is_said(home: Path) -> None:
    for name in (".config/fish/conf.d/b.fish", ".config/fish/conf.d/a.fish", ".config/fish/config.fish"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f'echo "read:{home}/{name}"\n')
    really = really_read([needs_tool("fish")], {"HOME": str(home)}, login=False, interactive=False)
    assert found_in(home).read_by(Shell.FISH, login=False, interactive=False) == really


def really_read(shell: list[str], env: dict[str, str], *, login: bool, interactive: bool) -> tuple[str, ...]:
    """The files that say so when a real shell starts."""
    options = [*(["-l"] if login else []), *(["-i"] if interactive else []), "-c", "true"]
    parent, child = pty.openpty()  # an interactive shell wants a terminal
    try:
        done = subprocess.run(
            [*shell, *options], env={"PATH": "/usr/bin:/bin", "TERM": "dumb", **env}, stdin=child, capture_output=True,
            text=True, check=False, start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(parent)
        os.close(child)
    return tuple(line.removeprefix("read:") for line in done.stdout.splitlines() if line.startswith("read:"))


@pytest.mark.parametrize(
    "text",
    [
        "[[ $- != *i* && $LOGIN != hunter2 ]] && return",
        "alias pip='pip --login hunter2'",
        "alias pip='LOGIN=hunter2 pip'",
        'eval "$(pyenv init - --login hunter2)"',
        'eval "$(LOGIN=hunter2 pyenv init -)"',
    ],
)
def test_no_unknown_word_of_a_line_is_kept(text: str) -> None:
    found = lines(text)
    assert found
    assert "hunter2" not in repr(found)
