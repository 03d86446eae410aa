"""An environment in which names are not found, and what is said of them."""

from __future__ import annotations

from pathlib import Path

from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.imports.absence import Reason, reasons
from envdoctor.facts.imports.resolution import Imports
from envdoctor.facts.python.interpreters import Interpreters
from tests.builders import make_interpreter
from tests.facts.imports.imports_world import imports, write

SUFFIX = ".cpython-311-x86_64-linux-gnu.so"


def world(tmp_path: Path, version: tuple[int, int, int] = (3, 11, 7), **env: str) -> tuple[Imports, Path]:
    packages = tmp_path / "env/lib/python3.11/site-packages"
    packages.mkdir(parents=True, exist_ok=True)
    changes = {"base_prefix": str(tmp_path / "base"), "user_site": str(tmp_path / "user"), "extension_suffix": SUFFIX}
    python = make_interpreter(
        str(tmp_path / "env"),
        version,
        sys_path=(str(packages),),
        compiled_in=("sys",),
        stdlib="/nonexistent",
        **changes,
    )
    return imports(python, tmp_path / "cwd", **env), packages


def told(mine: Imports, name: str, *environments: KnownEnvironment, other: Interpreters | None = None) -> list[Reason]:
    found = RegisteredEnvironments(environments)
    return [*reasons(mine, mine.resolve(name), other, found)]


def texts(mine: Imports, name: str, *environments: KnownEnvironment) -> list[str]:
    return [reason.text for reason in told(mine, name, *environments)]


def install(packages: Path, record: str, listed: str) -> None:
    write(packages, f"{record}/RECORD")
    (packages / record / "RECORD").write_text(listed)
