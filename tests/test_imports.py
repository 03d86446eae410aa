"""The rule of imports: packages stand in layers, and imports point down."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCTOR = ROOT / "doctor" / "envdoctor"
CHECKS = ROOT / "checks" / "envdoctor_checks"
LAYERS = """
text
system
engine
facts.session facts.http facts.loader shells
facts.pyenv facts.venv report
facts.commands
facts.shell facts.uv
facts.python
facts.project facts.pip facts.conda facts.terminals plan
facts.dependencies facts.environments facts.network facts.libraries
facts.mirrors facts.packages
facts.imports facts.disks
fleet
launchers render
apply
cli
"""
"""A package imports from the lines above its own, and from itself: not from those beside it, and never from below."""
LINES = tuple(LAYERS.split("\n"))
RANK = {name: number for number, line in enumerate(LINES) for name in line.split()}
PUBLIC = {"", "testing"}  # the public API, and what stands beside it for authors of checks
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


def modules(*roots: Path) -> list[Path]:
    found = sorted(file for root in roots for file in root.rglob("*.py"))
    assert found
    return found


def dotted(file: Path) -> str:
    """The name of a module: `envdoctor.text.patterns`, `envdoctor.text` for a package."""
    base = CHECKS.parent if file.is_relative_to(CHECKS) else DOCTOR.parent
    return ".".join(file.relative_to(base).with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(file): file for file in modules(DOCTOR, CHECKS)}


def imported(file: Path) -> Iterator[str]:
    """What a file imports, as the modules that hold it; `from package import module` is the module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            inside = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module or "" for name in inside)


def package(module: str) -> str:
    """The room that a module stands in: `facts.pip`, `engine`, `checks.pip`, `launchers`; `""` for the public API."""
    top, *parts = module.split(".")
    if top == "envdoctor_checks":
        return ".".join(["checks", *parts[:1]])
    return ".".join(parts[:2]) if parts[:1] == ["facts"] else ".".join(parts[:1])


def layer(name: str) -> str:
    """The line of the table that a package stands in, as a failure shows it."""
    return f"line {RANK[name]} of the table: {LINES[RANK[name]]}"


@cache
def own_imports() -> tuple[tuple[str, str], ...]:
    """Every import between two packages, as importer and what is imported."""
    return tuple(
        (importer, target)
        for importer, file in MODULES.items()
        for target in imported(file)
        if target.partition(".")[0] in ("envdoctor", "envdoctor_checks") and package(target) != package(importer)
    )


def test_every_package_of_the_doctor_has_its_line() -> None:
    rooms = {package(name) for name in MODULES if name.startswith("envdoctor.")}
    assert rooms - {"facts", "__main__", "_version", "testing"} == set(RANK)


def test_no_import_points_up_or_sideways() -> None:
    wrong = [
        f"{importer} ({layer(package(importer))}) imports {target} ({layer(package(target))})"
        for importer, target in own_imports()
        if package(importer) in RANK and package(target) in RANK and RANK[package(target)] >= RANK[package(importer)]
    ]
    assert wrong == []


def test_the_doctor_knows_no_check() -> None:
    assert [row for row in own_imports() if row[0].startswith("envdoctor.") and row[1].startswith("envdoctor_c")] == []


def test_no_family_of_checks_imports_another() -> None:
    wrong = [
        f"{importer} imports {target}: families give way by code, and share what stands in checks.common"
        for importer, target in own_imports()
        if target.startswith("envdoctor_checks.") and package(target) != "checks.common"
    ]
    assert wrong == []


def test_the_public_api_is_all_that_others_take_from_the_top_of_the_package() -> None:
    above = {package(target) for importer, target in own_imports() if package(importer) in RANK} - set(RANK)
    assert above <= {"", "_version"}


def test_a_package_imports_none_of_its_modules() -> None:
    inits = [file for file in modules(DOCTOR, CHECKS) if file.name == "__init__.py" and file.parent != DOCTOR]
    full = [str(file.relative_to(ROOT)) for file in inits if len(ast.parse(file.read_text(encoding="utf-8")).body) != 1]
    assert full == []


def test_the_engine_knows_no_fact_of_the_domain() -> None:
    wrong = [row for row in own_imports() if package(row[0]) in ("engine", "system") and "facts" in row[1].split(".")]
    assert wrong == []


@pytest.mark.parametrize("file", modules(DOCTOR / "render"), ids=lambda file: file.name)
def test_renderers_know_neither_commands_nor_the_machine(file: Path) -> None:
    assert not [name for name in imported(file) if name.startswith(("envdoctor.cli", "envdoctor.system"))]


@pytest.mark.parametrize("file", modules(CHECKS), ids=lambda file: file.name)
def test_checks_use_the_public_api_and_facts_and_nothing_that_touches_the_machine(file: Path) -> None:
    own = ("envdoctor.facts.", "envdoctor.text.", "envdoctor_checks.")
    others = {
        name
        for name in imported(file)
        if name not in {"envdoctor", "__future__"} and not name.startswith(own) and name.partition(".")[0] not in PURE
    }
    assert not others - {"posixpath", "packaging", "packaging.specifiers", "packaging.version"}


@pytest.mark.parametrize("file", modules(DOCTOR, CHECKS), ids=lambda file: str(file.relative_to(ROOT)))
def test_only_commands_print(file: Path) -> None:
    if file.is_relative_to(DOCTOR / "cli") or file.name in {"__main__.py", "_query_script.py"}:
        return
    calls = [node.func for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]


@pytest.mark.parametrize("file", modules(DOCTOR, CHECKS), ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_slow_to_import_is_imported_only_where_it_is_used(file: Path) -> None:
    """A default run must not pay for what it does not use: these are imported inside functions only."""
    slow = (
        *("ClusterShell", "asyncio", "duckdb", "elftools", "email", "importlib.metadata", "logging", "psutil", "rich"),
        *("urllib.request", "yaml"),
    )
    tree = ast.parse(file.read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.name for node in top if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in top if isinstance(node, ast.ImportFrom)]
    assert not [name for name in names if name.startswith(slow)]


MANIFEST = """\
[project]
name = "work"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["numpy>=1.2,<3", "six"]
"""
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://mirror.example/simple" }

[[package]]
name = "work"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "six" }]

[package.metadata]
requires-dist = [{ name = "numpy", specifier = ">=1.2,<3" }, { name = "six" }]
"""


@pytest.mark.tools
def test_a_bare_run_loads_no_parser_of_arguments_and_nothing_for_terminals(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(MANIFEST)
    (tmp_path / "uv.lock").write_text(LOCK)
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-I", "-X", "importtime", "-m", "envdoctor"]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("envdoctor ")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert {"msgspec", "envdoctor"} < loaded
    slow = {"click", "elftools", "ipaddress", "packaging", "pathlib", "psutil", "rich", "urllib", "yaml"}
    assert not loaded & slow


@pytest.mark.tools
def test_msgspec_takes_from_typing_what_it_needs() -> None:
    importlib.import_module("typing_extensions")  # it is there to be imported
    code = "import sys; from envdoctor.__main__ import _has_plugins; _has_plugins(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert "msgspec" in done.stdout.split()
    assert "typing_extensions" not in done.stdout.split()


@pytest.mark.tools
def test_a_bare_run_imports_no_more_modules_than_it_did(tmp_path: Path) -> None:
    """Imports are most of a run's time. Who adds a module to every run raises the number here, and says so."""
    code = "import sys; from envdoctor.cli.app import run; run([]); print(*sys.modules, sep='\\n', file=sys.stderr)"
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = [name for name in done.stderr.splitlines() if name in MODULES]
    packages = [name for name in loaded if MODULES[name].name == "__init__.py"]
    assert 100 < len(loaded) - len(packages) <= 285
    assert len(packages) <= 40
