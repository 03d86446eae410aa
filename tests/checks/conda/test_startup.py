from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    EditFile,
    Evidence,
    Fact,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.conda.shell_state import CondaLevel
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.startup_files import (
    Shell,
    StartupFile,
    StartupFiles,
    When,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.testing import assess
from envdoctor_checks.conda.startup import conda_block_unreachable
from tests.builders import make_examined

BASHRC = "/home/me/.bashrc"


BLOCK = StartupLine(
    file=BASHRC, number=9, text="# >>> conda initialize >>>", kind=LineKind.BLOCK, name="conda", value="/opt/conda"
)


READ_BY_OTHERS = StartupFile(BASHRC, (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN)


PROFILE = StartupFile("/home/me/.bash_profile", (Shell.BASH,), When.LOGIN)


FOLLOWED = StartupFile(BASHRC, (Shell.BASH,), When.LOGIN, "/home/me/.bash_profile:3")


LOGIN = make_examined(login=True)


def unreachable(files: tuple[StartupFile, ...], examined: Examined = LOGIN, *more: Fact) -> list[Finding]:
    return assess(conda_block_unreachable, StartupFiles(files, (BLOCK,)), examined, *(more or (Commands(),)))


@pytest.mark.sick("CND011")
def test_a_login_shell_does_not_read_the_file_of_the_others() -> None:
    assert unreachable((PROFILE, READ_BY_OTHERS)) == [
        Finding(
            "conda is set up in /home/me/.bashrc:9, which a login bash does not read; it reads /home/me/.bash_profile",
            Fix(
                "Make /home/me/.bash_profile read /home/me/.bashrc",
                EditFile("/home/me/.bash_profile", add=(f"[ -f {BASHRC} ] && . {BASHRC}",)),
                safety=Safety.CHANGES_STATE,
            ),
            "/home/me/.bashrc:9",
            (
                Evidence("# >>> conda initialize >>>", "/home/me/.bashrc:9"),
                Evidence("a login bash is the shell of this session", "the process above"),
            ),
        )
    ]


@pytest.mark.sick("CND011")
@pytest.mark.parametrize("also", [(), ("/home/me/.bashrc",)])
def test_a_shell_that_is_no_login_shell_reads_the_profile_unless_that_never_ends(also: tuple[str, ...]) -> None:
    sources = tuple(
        StartupLine(file=PROFILE.path, number=1, text=f". {name}", kind=LineKind.SOURCE, name=name) for name in also
    )
    startup = StartupFiles((PROFILE, READ_BY_OTHERS), (msgspec.structs.replace(BLOCK, file=PROFILE.path), *sources))
    plain = make_examined()
    [finding] = assess(conda_block_unreachable, startup, plain, Commands())
    [step] = finding.fix.actions
    reads = EditFile(BASHRC, add=(f"[ -f {PROFILE.path} ] && . {PROFILE.path}",))
    assert isinstance(step, Manual) if also else step == reads


@pytest.mark.sick("CND011")
def test_conda_was_set_up_for_another_shell() -> None:
    [finding] = unreachable((READ_BY_OTHERS,), make_examined(shell="zsh"))
    assert finding.message == "conda is set up in /home/me/.bashrc:9, which zsh does not read"
    assert finding.fix.actions == (Run("/opt/conda/bin/conda", "init", "zsh"),)


@pytest.mark.healthy("CND011")
def test_the_file_is_read_or_conda_is_here_anyway() -> None:
    assert unreachable((PROFILE, FOLLOWED, READ_BY_OTHERS)) == []
    assert unreachable((READ_BY_OTHERS,), make_examined()) == []
    assert unreachable((PROFILE, READ_BY_OTHERS), LOGIN, Commands(), CondaLevel("0", 0)) == []
    hit = Hit("conda", "/opt/conda/condabin/conda", 0, "/opt/conda/bin/conda", HitKind.SCRIPT)
    assert unreachable((PROFILE, READ_BY_OTHERS), LOGIN, Commands((hit,))) == []
    assert unreachable((PROFILE, READ_BY_OTHERS), msgspec.structs.replace(LOGIN, interactive=False)) == []
    assert unreachable((PROFILE, READ_BY_OTHERS), msgspec.structs.replace(LOGIN, shell="nu")) == []
