"""Start-up files, held against what the real shells do with them."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.engine.finding import Evidence
from envdoctor.facts.shell.expansion import (
    Edit,
    expand,
    marked,
    split_list,
    unquoted,
)
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import (
    Shell,
    Skipped,
    StartupFile,
    StartupFiles,
    When,
    collect,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.shell.startup_reader import read_lines
from envdoctor.facts.shell.tokenizer import Broken
from tests.support import make_session, needs_tool

HOME = "/home/me"


def lines(text: str, *, fish: bool = False) -> list[StartupLine]:
    return list(read_lines("rc", text, {"HOME": HOME}, fish=fish))


def line(text: str, *, fish: bool = False) -> StartupLine:
    [found] = lines(text, fish=fish)
    return found


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


def test_comments_and_here_documents_say_nothing() -> None:
    assert lines("# export PATH=/a:$PATH\ncat <<E\nexport PATH=/a:$PATH\nE\necho 'x\nexport PATH=/a\n'") == []


@given(st.text("ab/$PATH{}:+-~ \"'\\\0", max_size=40))
def test_no_value_makes_it_raise(value: str) -> None:
    expand(marked(unquoted(value)), {"PATH": "/x"})
    split_list("PATH", value)
    with contextlib.suppress(Broken):
        list(read_lines("rc", f"export PATH={value}\n", {}))


# --- the files


def write(home: Path, **files: str) -> Path:
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def found_in(home: Path, **env: str) -> StartupFiles:
    return collect(make_session({"HOME": str(home), **env}), f"{home.parent}/etc")


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


def test_debians_profile_leads_to_bashrc_and_aliases(home: Path) -> None:
    profile = 'if [ -n "$BASH_VERSION" ]; then\n  if [ -f "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi\nfi\n'
    write(home, **{".profile": profile, ".bashrc": ". ~/.bash_aliases\n", ".bash_aliases": "alias python=python3\n"})
    said = found_in(home)
    in_order = tuple(f"{home}/{name}" for name in (".profile", ".bashrc", ".bash_aliases"))
    assert said.read_by(Shell.BASH, login=True, interactive=False) == in_order
    assert said.read_by(Shell.BASH, login=False, interactive=True) == in_order[1:]
    assert said.read_by(Shell.SH, login=True, interactive=False) == in_order[:1]
    [alias] = said.mentions("python", kind=LineKind.ALIAS)
    assert alias.origin == f"{home}/.bash_aliases:1"
    assert said.mentions("python", kind=LineKind.FUNCTION) == ()


def test_bash_profile_hides_profile_and_what_it_reads(home: Path) -> None:
    write(home, **{".bash_profile": "", ".profile": ". ~/.bashrc\n", ".bashrc": "alias pip=x\n"})
    said = found_in(home)
    assert said.read_by(Shell.BASH, login=True, interactive=True) == (f"{home}/.bash_profile",)
    [profile] = [file for file in said.files if file.path.endswith("/.profile")]
    assert profile == StartupFile(
        *(f"{home}/.profile", (Shell.SH, Shell.BASH), When.LOGIN), hidden_by=f"{home}/.bash_profile"
    )


def test_the_systems_files_are_read(home: Path) -> None:
    write(
        home.parent / "etc",
        environment='PATH="/usr/bin:/bin"\nLD_LIBRARY_PATH=/a\nSECRET=hunter2\n',
        profile="PATH=/usr/bin\n",
    )
    (home.parent / "etc/profile.d").mkdir()
    (home.parent / "etc/profile.d/x.sh").write_text("export PYTHONPATH=/p\n")
    said = found_in(home)
    assert [(one.name, one.value) for one in said.lines] == [
        *(("PATH", "/usr/bin:/bin"), ("LD_LIBRARY_PATH", "/a")),
        *(("PATH", "/usr/bin"), ("PYTHONPATH", "/p")),
    ]
    assert len(said.read_by(Shell.BASH, login=True, interactive=False)) == 3


def test_a_ring_of_files_comes_to_an_end(home: Path) -> None:
    write(home, **{".bashrc": ". ~/other\nalias pip=x\n", "other": ". ~/.bashrc\n. ~/other\n"})
    assert len(found_in(home).mentions("pip")) == 1


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


def test_what_cannot_be_read_is_skipped_with_the_reason(home: Path) -> None:
    (home / ".bashrc").write_bytes(b"alias pip=x\n\xff\n")
    (home / ".zshrc").write_bytes(b"\0")
    (home / ".zshenv").symlink_to(".zshenv")
    os.mkfifo(home / ".profile")
    with (home / ".zprofile").open("wb") as file:
        file.truncate(100_000_000)
    (home / ".zlogin").write_text("alias pip=y\necho 'open\n")
    said = found_in(home)
    assert set(said.skipped) == {
        Skipped(f"{home}/.bashrc", "line 2 is not UTF-8"),
        Skipped(f"{home}/.zshrc", "a binary file"),
        Skipped(f"{home}/.zshenv", "too many levels of symbolic links"),
        Skipped(f"{home}/.profile", "not a regular file"),
        Skipped(f"{home}/.zprofile", "larger than 200,000 bytes"),
        Skipped(f"{home}/.zlogin", "a quotation is still open at line 2"),
    }
    assert [one.value for one in said.lines] == ["y"]


def test_only_small_files_of_home_and_system_are_followed(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "opt", program="alias pip=x\n")
    (home / "large").write_text("alias pip=y\n" + "#" * 40_000)
    (home / ".bashrc").write_text(f". {tmp_path}/opt/program\n. ~/large\n. ~/gone\n. $UNKNOWN/x\n")
    said = found_in(home)
    assert said.mentions("pip") == ()
    assert said.skipped == (Skipped(f"{home}/large", "larger than 30,000 bytes"),)


def test_nothing_there_is_nothing(home: Path) -> None:
    assert found_in(home) == StartupFiles()
