"""What a check offers to undo is undone: in real shells, in directories whose names are commands.

The steps are those that the checks' own helpers make, or that stand in them literally; a list says which has which.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor import EditFile, Run, SetVariable
from envdoctor.engine.fix import AnyAction
from envdoctor.facts.libraries.ffmpeg import FfmpegPlace
from envdoctor.facts.terminals.tmux import Held, TmuxServer
from envdoctor.shells.dialects import Shell, commands
from envdoctor_checks.common.moves import moved_back
from envdoctor_checks.common.path_causes import restore
from envdoctor_checks.libraries._fixes import link_actions, removed_links
from tests.support import needs_tool

Steps = tuple[tuple[AnyAction, ...], tuple[AnyAction, ...]]

SHELLS = {Shell.BASH: ("--norc",), Shell.ZSH: ("-f",), Shell.FISH: ("--no-config",)}
PLACES = ("plain", "$(touch PWN)", "a b'c\"d", "`touch PWN`\n; touch PWN #", "\\'$(touch PWN)\"", "--", "é!*?~")
SOURCE = Path(__file__).parents[2] / "checks/envdoctor_checks"
VARIABLE = "LD_LIBRARY_PATH"


def moved(place: str) -> Steps:
    moves = tuple(Run("mv", "--", f"{place}/{name}", f"{place}/{name}.old") for name in ("lock", "-n"))
    return moves, moved_back(*moves)


def linked(place: str) -> Steps:
    return (Run("ln", "-s", "python3", f"{place}/python"),), (Run("rm", f"{place}/python"),)


def disabled(place: str) -> Steps:
    return (Run("chmod", "-x", f"{place}/script"),), (Run("chmod", "+x", f"{place}/script"),)


def repinned(place: str) -> Steps:
    pinned = Run("sh", "-c", 'echo 3.12 > "$1/pin"', "sh", place)  # what `pyenv local` and `uv python pin` do
    return (pinned,), (EditFile(f"{place}/pin", remove=("3.12",), add=("3.99", "3.98")),)


def narrowed(place: str) -> Steps:
    ffmpeg = FfmpegPlace(place, (7,), links=(f"{place}/lock", f"{place}/pin"), private=f"{place}/links")
    return link_actions(ffmpeg), (*removed_links(ffmpeg), SetVariable(VARIABLE, f"{place}:/opt/lib"))


CASES: dict[Callable[[str], Steps], tuple[str, ...]] = {
    moved: (
        *("conda/packages.py", "environments/usage.py", "project/managers.py", "project/refused.py"),
        "project/workspaces.py",
        "python/leaks.py",
    ),
    linked: ("python/names.py", "python/search_path.py"),
    disabled: ("pip/launcher.py", "python/broken.py"),
    repinned: ("pyenv/python_pins.py",),
    narrowed: ("libraries/_fixes.py", "libraries/packages.py"),
}
OF_TMUX = ("terminals/multiplexer.py",)


def tree(root: Path) -> dict[str, tuple[int, str]]:
    """Every file with its mode and what is in it; not the copies that an edit leaves beside it."""
    files = (path for path in sorted(root.rglob("*")) if ".before-envdoctor" not in path.name)
    return {
        str(path): (path.lstat().st_mode, os.readlink(path) if path.is_symlink() else path.read_text())
        for path in files
        if not path.is_dir()
    }


def run(shell: Shell, lines: tuple[str, ...], place: Path) -> str:
    """What a real shell prints that reads these lines."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(place.parent), "LANG": "C.UTF-8", VARIABLE: f"{place}:/opt/lib"}
    command = [needs_tool(shell.value), *SHELLS[shell], "-c", "\n".join(lines)]
    done = subprocess.run(command, env=environment, cwd=place.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.mark.tools
@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.value)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_files_and_variables_are_as_before(
    case: Callable[[str], Steps], shell: Shell, name: str, tmp_path: Path
) -> None:
    place = tmp_path / name
    place.mkdir()
    for file, text in (("lock", "x"), ("-n", "y"), ("python3", ""), ("script", "#!/bin/sh\n"), ("pin", "3.99\n3.98\n")):
        (place / file).write_text(text)
    (place / "script").chmod(0o755)
    before = tree(tmp_path)
    fix, undo = (commands(steps, shell) for steps in case(str(place)))
    run(shell, fix, place)
    assert tree(tmp_path) != before
    run(shell, undo, place)
    assert tree(tmp_path) == before
    shown = run(shell, (*fix, *undo, f'printf %s "${VARIABLE}"'), place)
    assert shown.splitlines()[-1:] == f"{place}:/opt/lib".splitlines()[-1:]
    assert tree(tmp_path) == before


@pytest.mark.tools
@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.value)
def test_tmux_is_given_back_what_it_held(shell: Shell, name: str, tmp_path: Path) -> None:
    """The words that tmux is given are the very values; what it does with them, the clinic shows."""
    held = (Held("VIRTUAL_ENV", f"/opt/{name}"), Held("VIRTUAL_ENV_PROMPT", name))
    server = TmuxServer(socket="/s", pid=1, session="0", global_env=held)
    program = tmp_path / "tmux"
    program.write_text('#!/bin/sh\nfor word; do printf "%s|" "$word"; done\n')
    program.chmod(0o755)
    steps = tuple(Run(str(program), *step.argv[1:]) for step in restore(server))
    values = [("VIRTUAL_ENV", f"/opt/{name}"), ("VIRTUAL_ENV_PROMPT", name)]
    expected = "".join(f"set-environment|-g|--|{variable}|{value}|" for variable, value in values)
    assert run(shell, commands(steps, shell), tmp_path / "x") == expected
    assert list(tmp_path.rglob("PWN")) == []


def test_every_check_that_can_be_undone_is_proven() -> None:
    proven = sorted((*(module for modules in CASES.values() for module in modules), *OF_TMUX))
    files = SOURCE.rglob("*.py")
    assert proven == sorted(str(f.relative_to(SOURCE)) for f in files if "undo=" in f.read_text(encoding="utf-8"))
