"""What a fix offers to undo is undone: every one that the tests of the checks produce, in real shells.

The paths of each are moved into a tree of its own, in a directory whose name is a command. A tool that writes files, as
pyenv and uv do, is a stand-in that writes something else into them. Behind the undo every file is as before, with its
bytes, its mode and its links, and nothing else is there.
"""

from __future__ import annotations

import ast
import functools
import json
import operator
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from envdoctor import SetVariable, UnsetVariable
from envdoctor.engine.fix import Action, Activate, AnyAction, Manual, Run
from envdoctor.shells.dialects import Shell, commands
from tests.shells import undo_recorder
from tests.support import needs_tool

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "checks/envdoctor_checks"
SHELLS = {Shell.BASH: ("--norc",), Shell.ZSH: ("-f",), Shell.FISH: ("--no-config",)}
PLACES = ("plain", "$(touch PWN)", "a b'c\"d", "`touch PWN`\n; touch PWN #", "\\'$(touch PWN)\"", "--", "é!*?~")
LIST = "LD_LIBRARY_PATH"
ROOTS = frozenset({"sudo", "mount", "chown"})
STAND_INS = ("conda", "pdm", "pipenv", "pixi", "poetry", "pyenv", "uv")
WRITER = """#!/bin/sh
case "${0##*/} $1" in "pyenv install") exit ;; esac
[ -z "$WRITES" ] || echo "written by $0" > "$WRITES"
"""
TMUX = """#!/bin/sh
shift; level=session; unset=
while case $1 in -*) ;; *) false ;; esac; do
  case $1 in -g) level=global ;; -u) unset=1 ;; -gu) level=global; unset=1 ;; --) shift; break ;; esac
  shift
done
if [ "$unset" ]; then rm "$TMUX_STATE/$level-$1"; else printf %s "$2" > "$TMUX_STATE/$level-$1"; fi
"""
Tree = dict[str, tuple[int, str]]


class Offer(msgspec.Struct, frozen=True):
    """A fix and what undoes it, made by a function of a module."""

    made_by: tuple[str, str]
    fix: tuple[AnyAction, ...]
    undo: tuple[AnyAction, ...]

    @property
    def form(self) -> tuple[object, ...]:
        """What it has in common with the offers of the same function that differ in paths and versions only."""
        steps = (*self.fix, *self.undo)
        return self.made_by, *((type(step), step.argv[0] if isinstance(step, Run) else "") for step in steps)

    def moved(self, root: str) -> Offer:
        """The same with its files below this directory."""
        return Offer(self.made_by, *(tuple(_moved(step, root) for step in steps) for steps in (self.fix, self.undo)))


def _moved(step: Any, root: str) -> Any:
    if isinstance(step, str):
        return root + step if step.startswith("/") else step
    if isinstance(step, Run):
        argv = (os.path.basename(step.argv[0]), *(_moved(word, root) for word in step.argv[1:]))
        return Run(*argv, variables=step.variables, directory=_moved(step.directory, root))
    if isinstance(step, msgspec.Struct):
        return type(step)(**{name: _moved(getattr(step, name), root) for name in step.__struct_fields__})
    return step


def _step(encoded: dict[str, Any]) -> AnyAction:
    if encoded["kind"] == "run":
        return Run(*encoded["argv"], directory=encoded["directory"])
    return msgspec.convert(encoded, functools.reduce(operator.or_, Action.__subclasses__()))  # type: ignore[return-value]


@pytest.fixture
def offers(tmp_path_factory: pytest.TempPathFactory) -> list[Offer]:
    """Every fix with an undo that the literal tests produce."""
    record = tmp_path_factory.mktemp("undo") / "record"
    tests = (ROOT / "tests/checks").rglob("test_*.py")
    makers = {module.stem for module in SOURCE.rglob("*.py") if "undo=" in module.read_text(encoding="utf-8")}
    chosen = [file for file in tests if file.stem.removeprefix("test_") in makers or "undo=" in file.read_text("utf-8")]
    plugins = ("-p", "no:cacheprovider", "-p", undo_recorder.__name__)
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *map(str, chosen)]
    env = {**os.environ, "UNDO_RECORD": str(record)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    every = [Offer((path, name), *(tuple(map(_step, steps)) for steps in both)) for path, name, *both in lines]
    # what only root may do (mount, chown) is proven where there are such disks: tests/clinic/test_disks.py
    own = (offer for offer in every if not ROOTS & {step.argv[0] for step in offer.fix if isinstance(step, Run)})
    return list({offer.form: offer for offer in own}.values())


class Case:
    """An offer in a tree of its own, below a directory with this name."""

    def __init__(self, offer: Offer, root: Path, *, linked: bool) -> None:
        self.offer, self.root, self.linked = offer.moved(str(root)), root, linked
        self.written = ""
        (root / "tmux").mkdir(parents=True)
        for step in self.offer.fix:
            self._needed_by(step)
        for step in self.offer.undo:
            self._left_by(step)
        lists = (step.value for step in self.offer.undo if isinstance(step, SetVariable) and step.name == LIST)
        unset = UnsetVariable(LIST) in self.offer.undo
        self.list = "" if unset else next(lists, f"{root}/lib:/opt/lib")
        self.before = tree(root)

    def lines(self, shell: Shell, copy: Path, shown: Path) -> Iterator[str]:
        """The fix, a copy of the tree, the undo, and what the list variable holds then."""
        variables = {
            "WRITES": self.written,
            "TMUX_STATE": f"{self.root}/tmux",
            **({LIST: self.list} if self.list else {}),
        }
        yield from commands((UnsetVariable(LIST),), shell)
        yield from commands(tuple(SetVariable(*item) for item in variables.items()), shell)
        yield from commands(tuple(step for step in self.offer.fix if not isinstance(step, Manual)), shell)
        yield from commands((Run("cp", "-a", "--", str(self.root), str(copy)),), shell)
        yield from commands(self.offer.undo, shell)
        yield f"printenv {LIST} > {shown} || true"

    def _needed_by(self, step: AnyAction) -> None:
        match step:
            case Activate():
                for name in ("activate", "activate.fish"):
                    self._file(f"{step.environment}/bin/{name}", "")
            case Run(argv=("cp" | "mv", *_, path, _)):
                self.written = self.written or path
                self._file(path)
            case Run(argv=("chmod", _, path)):
                self._file(path)
            case Run(argv=("ln", "-s", name, link)):
                self._file(f"{os.path.dirname(link)}/{name}")
            case Run(argv=("ln", "-sf", *files, _)):
                for path in files:
                    self._file(path)
            case Run(argv=("touch", "--", path)):
                Path(path).parent.mkdir(parents=True)
            case Run() if step.directory:
                Path(step.directory).mkdir(parents=True, exist_ok=True)
            case _:
                pass

    def _left_by(self, step: AnyAction) -> None:
        match step:
            case Run(argv=("chmod", mode, path)):
                Path(path).chmod(int(mode, 8))
            case Run(argv=("rmdir", *_, highest)):
                Path(highest).parent.mkdir(parents=True, exist_ok=True)
            case Run(argv=("tmux", "set-environment", *level, "--", name, value)):
                (self.root / "tmux" / f"{'global' if level else 'session'}-{name}").write_text(value)
            case _:
                pass

    def _file(self, path: str, text: str = "# a comment\n\n3.99  # another\r\nthe last line has no end") -> None:
        file = Path(f"{path}.target" if self.linked else path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        file.chmod(0o640)
        if self.linked:
            Path(path).symlink_to(file.name)


def tree(root: Path) -> Tree:
    """Everything below a directory with its mode and what is in it."""
    return {str(path.relative_to(root)): (path.lstat().st_mode, _content(path)) for path in sorted(root.rglob("*"))}


def _content(path: Path) -> str:
    if path.is_symlink():
        return os.readlink(path)
    return "" if path.is_dir() else path.read_bytes().decode()


@pytest.mark.tools
def test_every_undo_leaves_files_and_variables_as_before(offers: list[Offer], tmp_path: Path) -> None:
    by_root_alone = {("disks/_fixes.py", "remounted")}
    assert {offer.made_by for offer in offers} == set(_makers()) - by_root_alone
    for shell in SHELLS:
        (tmp_path / shell.value).mkdir()
        check_in(shell, offers, tmp_path / shell.value)


def check_in(shell: Shell, offers: list[Offer], root: Path) -> None:
    """One shell runs all of them, each in two places: all places come in turn. Half of the files are links."""
    tools, copies, shown, home = (root / name for name in ("tools", "copies", "shown", "home"))
    for directory in (tools, copies, shown, home):
        directory.mkdir()
    for name, text in {**dict.fromkeys(STAND_INS, WRITER), "tmux": TMUX}.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    every = [(offer, PLACES[n % len(PLACES)]) for number, offer in enumerate(offers) for n in (number, number + 3)]
    cases = [
        Case(offer, root / "trees" / str(number) / place, linked=bool(number % 2))
        for number, (offer, place) in enumerate(every)
    ]
    lines = [line for n, case in enumerate(cases) for line in case.lines(shell, copies / str(n), shown / str(n))]
    script = root / "script"
    script.write_text("\n".join(lines))
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}
    command = [needs_tool(shell.value), *SHELLS[shell], str(script)]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)
    assert done.stderr == "", shell
    for number, case in enumerate(cases):
        assert tree(copies / str(number)) != case.before, (shell, case.offer.fix)
        assert tree(case.root) == case.before, (shell, case.offer)
        assert (shown / str(number)).read_text().rstrip("\n") == case.list, (shell, case.offer)
    assert list(root.rglob("PWN")) == [], shell


def _makers() -> Iterator[tuple[str, str]]:
    """The modules and functions of the checks that call something with an `undo`."""
    for file in SOURCE.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(map(_gives_undo, ast.walk(function))):
                yield str(file.relative_to(SOURCE)), function.name


def _gives_undo(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(keyword.arg == "undo" for keyword in node.keywords)
