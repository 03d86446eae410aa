"""Imports point one way: checks and renderers build on the doctor, never the other way round."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCTOR = ROOT / "doctor" / "envdoctor"
CHECKS = ROOT / "checks" / "envdoctor_checks"
PURE = {
    "abc",
    "collections",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "msgspec",
    "re",
    "shlex",
    "string",
    "textwrap",
    "typing",
}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield node.module or ""


def modules(root: Path) -> list[Path]:
    found = sorted(root.rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("file", modules(DOCTOR), ids=lambda file: str(file.relative_to(DOCTOR)))
def test_the_doctor_knows_no_check(file: Path) -> None:
    assert not [name for name in imported(file) if name.startswith("envdoctor_checks")]


@pytest.mark.parametrize("file", modules(DOCTOR / "facts"), ids=lambda file: file.name)
def test_facts_know_neither_checks_nor_renderers_nor_commands(file: Path) -> None:
    above = (
        "envdoctor.cli",
        "envdoctor.render",
        "envdoctor.engine.registry",
        "envdoctor.engine.judge",
        "envdoctor.report.report",
    )
    assert not [name for name in imported(file) if name.startswith(above)]


@pytest.mark.parametrize("file", modules(DOCTOR / "render"), ids=lambda file: file.name)
def test_renderers_know_neither_commands_nor_the_machine(file: Path) -> None:
    assert not [name for name in imported(file) if name.startswith(("envdoctor.cli", "envdoctor.system.session"))]


@pytest.mark.parametrize("file", modules(CHECKS), ids=lambda file: file.name)
def test_checks_use_the_public_api_and_facts_and_nothing_that_touches_the_machine(file: Path) -> None:
    own = ("envdoctor.facts", "envdoctor.text.patterns", "envdoctor_checks")
    others = {
        name
        for name in imported(file)
        if name not in {"envdoctor", "__future__"} and not name.startswith(own) and name.partition(".")[0] not in PURE
    }
    assert not others - {"posixpath", "packaging", "packaging.specifiers", "packaging.version"}


@pytest.mark.parametrize("file", modules(DOCTOR) + modules(CHECKS), ids=lambda file: str(file.relative_to(ROOT)))
def test_only_commands_print(file: Path) -> None:
    if file.is_relative_to(DOCTOR / "cli") or file.name in {"__main__.py", "_query_script.py"}:
        return
    calls = [node.func for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]


@pytest.mark.parametrize("file", modules(DOCTOR) + modules(CHECKS), ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_slow_to_import_is_imported_only_where_it_is_used(file: Path) -> None:
    """A default run must not pay for what it does not use: these are imported inside functions only."""
    slow = ("asyncio", "elftools", "email", "importlib.metadata", "logging", "psutil", "rich", "urllib.request", "yaml")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.name for node in top if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in top if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name.startswith(slow)]


def test_a_bare_run_loads_no_parser_of_arguments_and_nothing_for_terminals(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-I", "-X", "importtime", "-m", "envdoctor"]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("envdoctor ")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert {"msgspec", "envdoctor"} < loaded
    assert not loaded & {"click", "elftools", "packaging", "psutil", "rich", "yaml"}
