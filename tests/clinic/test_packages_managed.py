"""PKG in environments that uv, poetry, pdm and pipenv keep for a project: cured in the words of each, and by it."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.clinic.projects import write
from tests.clinic.test_packages import age
from tests.clinic.test_packages_builds import NEW_INTERFACE, OLD_INTERFACE
from tests.wheels import write_wheel

NAMES = ("app-core", "half", "twice", "unlisted", "unread", "numpy", "pandas")
TOOLS = {"uv": "uv sync -q", "poetry": "poetry install -n", "pdm": "pdm install -q", "pipenv": "pipenv install"}
RECORDS = ("PKG002", "PKG003", "PKG004", "PKG011")


class Quiet(SimpleHTTPRequestHandler):
    """A server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has in the library
        """Keep silent."""


@pytest.fixture
def index(patient: Patient) -> Iterator[str]:
    """An index of packages on this machine."""
    wheels = patient.root / "simple/files"
    wheels.mkdir(parents=True)
    for name in NAMES[:5]:
        module = name.replace("-", "_")
        for version in ("1.0", "2.0"):
            write_wheel(wheels, name, version, files={f"{module}.py": f"version = {version!r}\n"})
    for version in ("1.26.4", "2.2.6"):
        write_wheel(wheels, "numpy", version, files={"numpy/__init__.py": ""})
    write_wheel(wheels, "pandas", "2.1.4", files={"pandas/_c.so": OLD_INTERFACE}, requires=["numpy>=1.22"])
    write_wheel(wheels, "pandas", "2.0.0", files={"pandas/_c.so": NEW_INTERFACE}, requires=["numpy>=1.22"])
    for name in NAMES:
        links = (
            f'<a href="/files/{wheel.name}">{wheel.name}</a>' for wheel in wheels.glob(f"{name.replace('-', '_')}-*")
        )
        write(patient.root / f"simple/simple/{name}/index.html", "\n".join(links))
    handler = functools.partial(Quiet, directory=str(patient.root / "simple"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()


def project(user: Patient, tool: str, index: str) -> Path:
    """A project that asks for all the packages, with its lock and its environment. The directory of packages."""
    asked = ", ".join(f'"{name}"' for name in NAMES)
    head = f'[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = [{asked}]\n'
    more = {
        "uv": f'[tool.uv]\npackage = false\n[[tool.uv.index]]\nurl = "{index}"\ndefault = true\n',
        "poetry": f'[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "own"\nurl = "{index}"\n',
        "pdm": f'[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "{index}"\n',
    }
    if tool == "pipenv":
        packages = "".join(f'{name} = "*"\n' for name in NAMES)
        source = f'[[source]]\nname = "own"\nurl = "{index}"\nverify_ssl = false\n'
        write(user.project / "Pipfile", f"{source}[packages]\n{packages}")
    else:
        write(user.project / "pyproject.toml", head + more[tool])
    user.env |= {"POETRY_VIRTUALENVS_IN_PROJECT": "1", "PIPENV_VENV_IN_PROJECT": "1", "PIPENV_VERBOSITY": "-1"}
    user.install(tool)
    user.does(TOOLS[tool])
    [site] = (user.project / ".venv").glob("lib/python3*/site-packages")
    return site


def spoil(site: Path) -> None:
    """Break four records, each in its way."""
    (site / "half-2.0.dist-info").rename(site / "~alf-2.0.dist-info")
    older = site / "twice-1.0.dist-info"
    shutil.copytree(site / "twice-2.0.dist-info", older)
    (older / "METADATA").write_text("Metadata-Version: 2.1\nName: twice\nVersion: 1.0\n")
    (site / "unlisted-2.0.dist-info/RECORD").unlink()
    (site / "unread-2.0.dist-info/METADATA").unlink()
    (site / "unread.py").unlink()
    age(*site.iterdir())


@pytest.mark.sick("PKG002", "PKG003", "PKG004", "PKG011", "PKG006")
@pytest.mark.parametrize("tool", TOOLS)
def test_the_projects_own_tool_repairs_its_environment(patient: Patient, index: str, tool: str) -> None:
    site = project(patient, tool, index)
    spoil(site)
    before = patient.examine()
    assert {*RECORDS, "PKG006"} <= before.codes
    assert "PRJ004" not in before.codes
    lines = []
    for code in (*RECORDS, "PKG006"):
        commands = before.finding(code)["fix"]["commands"]["bash"]
        assert f" {tool} " in commands[-1], commands
        lines += commands
    # what several fixes have in common is done once, behind all that they delete: pipenv ends at a broken record
    patient.does(*(line for number, line in enumerate(lines) if line not in lines[number + 1 :]))
    assert patient.examine().problems("warning") == []
    assert (site / "numpy-1.26.4.dist-info").exists()
    assert "numpy" in patient.does("cat Pipfile pyproject.toml 2>/dev/null || true").stdout
    python = site.parents[2] / "bin/python"
    for name in NAMES[:5]:
        module = name.replace("-", "_")
        assert patient.does(f"{python} -c 'import {module}; print({module}.version)'").stdout == "2.0\n"
        assert len([*site.glob(f"*{module[1:]}-*.dist-info")]) == 1
