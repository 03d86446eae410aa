from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.pipfile import Pipfile, probe_pipfile
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.pyproject import Dependency, Pyproject, RequiresPython
from envdoctor.facts.project.requires_python import RequiredPython, probe_required_python


def read(root: Path, text: str) -> Pipfile:
    (root / "Pipfile").write_text(text)
    return probe_pipfile(Project(str(root)))


def test_packages_in_every_form(tmp_path: Path) -> None:
    text = """\
[packages]
idna = "*"
rich = ">=13,<14"
httpx = {version = "==0.27", extras = ["socks", "http2"], markers = "os_name == 'posix'"}
mine = {path = ".", editable = true}
other = {git = "https://host/x.git", version = "==1"}
odd = 7
exact = "13.9.4"
[dev-packages]
pytest = "*"
[requires]
python_version = "3.12"
"""
    path = f"{tmp_path}/Pipfile"
    assert read(tmp_path, text) == Pipfile(
        path,
        (
            Dependency("idna", f"{path}:2"),
            Dependency("rich>=13,<14", f"{path}:3"),
            Dependency("httpx[socks,http2]==0.27 ; os_name == 'posix'", f"{path}:4"),
            Dependency("mine", f"{path}:5"),
            Dependency("other", f"{path}:6"),
            Dependency("odd", f"{path}:7"),
            Dependency("exact==13.9.4", f"{path}:8"),
        ),
        RequiresPython("3.12", ("==3.12.*",), f"{path}:12"),
    )


@pytest.mark.parametrize(
    ("requires", "alternatives"),
    [
        ('python_full_version = "3.12.1"\npython_version = "3.12"', ("==3.12.1",)),
        ('python_version = "3"', ("==3.*",)),
        ('python_version = "*"', None),
        ("python_version = 3", None),
        ("", None),
    ],
)
def test_the_python(tmp_path: Path, requires: str, alternatives: tuple[str, ...] | None) -> None:
    python = read(tmp_path, f"[requires]\n{requires}\n").requires_python
    assert (python and python.alternatives) == alternatives


def test_none_and_malformed(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no Pipfile"):
        probe_pipfile(Project(str(tmp_path)))
    with pytest.raises(Unavailable, match="Pipfile:1: "):
        read(tmp_path, "[packages")


def test_pyproject_comes_before_the_pipfile() -> None:
    ours, theirs = RequiresPython(">=3.9", (">=3.9",), "p:1"), RequiresPython("3.12", ("==3.12.*",), "P:1")
    project = Project("/p", problem="p:1: bad")
    pipfile = Pipfile("P", requires_python=theirs)
    assert probe_required_python(project, Pyproject("p", requires_python=ours), pipfile) == RequiredPython(ours)
    assert probe_required_python(project, Pyproject("p"), pipfile) == RequiredPython(theirs)
    with pytest.raises(Unavailable, match="p:1: bad"):
        probe_required_python(project, None, None)
