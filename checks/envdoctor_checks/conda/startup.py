"""Is conda set up where this shell looks?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.shell_state import CondaLevel, CondaUnsetMarks
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.startup_files import Shell, StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor_checks.common.shell_words import in_quotes
from envdoctor_checks.common.startup_edits import reading

SHELLS = {"bash": Shell.BASH, "zsh": Shell.ZSH, "fish": Shell.FISH, "sh": Shell.SH}
BASH_LOGIN_FILES = (".bash_profile", ".bash_login", ".profile")


@check("CND014", severity=Severity.WARNING, since="0.1")
def conda_unset_mark_left(marks: CondaUnsetMarks) -> Iterator[Finding]:
    """A variable holds conda's own mark `***unset***` in place of being unset.

    ## Why it matters
    `conda env config vars unset NAME` writes the mark into the environment's file. In a shell where the environment is
    active, or is activated again, the variable gets the mark as its value, and every program takes it for one: pip
    looks for an index of that name, Python for a directory.

    ## How to fix
    Unset the variable in this shell. Activating the environment in a new shell does not set it.

    ## Not a problem when
    Nothing reads the variable. Every other check takes it for unset.
    """
    names = " and ".join(marks.names)
    yield Finding(
        f"conda left its mark `***unset***` as the value of {names}",
        Fix(f"Unset {names}", *(UnsetVariable(name) for name in marks.names)),
        marks.names[0],
        tuple(Evidence(f"{name}=***unset***", f"variable {name}") for name in marks.names),
    )


@check("CND011", severity=Severity.WARNING, since="0.1", where=("StartupFiles.blocks",))
def conda_block_unreachable(
    startup: StartupFiles, examined: Examined, commands: Commands, level: CondaLevel | None
) -> Iterator[Finding]:
    """The lines that set up conda stand in a file that a shell like this one never reads.

    ## Why it matters
    `conda` is "not found" here, and works in another window. tmux and macOS start login shells, which read
    `~/.bash_profile` and not `~/.bashrc`; zsh and fish read neither.

    ## How to fix
    Make the start-up file that is read source the other. For another shell, let conda set it up: `conda init zsh`.

    ## Not a problem when
    conda works in this shell anyway. The shell runs a script: that should call `conda run`.
    """
    shell = SHELLS.get(examined.shell or "")
    if shell is None or level is not None or commands.first("conda") or not examined.interactive:
        return
    blocks = [line for line in startup.mentions("conda", "mamba", kind=LineKind.BLOCK) if line.value]
    login = bool(examined.login)
    read = startup.read_by(shell, login=login, interactive=True)
    if not blocks or any(block.file in read for block in blocks):
        return
    block, kind = blocks[0], f"{'a login ' if login else ''}{shell.value}"
    instead = f"; it reads {', '.join(read)}" if read else ""
    yield Finding(
        f"conda is set up in {block.origin}, which {kind} does not read{instead}",
        _reach(block, shell, startup, login=login, home=examined.home or "~"),
        block.origin,
        (Evidence(block.text, block.origin), Evidence(f"{kind} is the shell of this session", "the process above")),
    )


def _reach(block: StartupLine, shell: Shell, startup: StartupFiles, *, login: bool, home: str) -> Fix:
    """Make the shell read the block, or have one written for it."""
    read = startup.read_by(shell, login=login, interactive=True)
    own = {path for file in startup.files if shell in file.shells for path in (file.path,)}
    if block.file not in own or shell is not Shell.BASH:
        command = Run(f"{block.value}/bin/conda", "init", shell.value)
        return Fix(f"Set up conda for {shell.value} too", command, safety=Safety.CHANGES_STATE)
    places = [f"{home}/{name}" for name in (BASH_LOGIN_FILES if login else (".bashrc",))]
    place = next((path for path in places if path in read), places[0])
    if (path := in_quotes(block.file)) is None:
        return Fix(f"Make {place} read {block.file}", Manual(f"Write a line into {place} that reads {block.file}"))
    return reading(block.file, f"[ -f {path} ] && . {path}", place, startup)
