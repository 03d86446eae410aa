"""Which programs were worth asking and have not been run, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.python.not_run import INACTIVE, probe_not_run
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from tests.builders import make_active, make_commands, make_hit, make_venv
from tests.support import make_session

NOTHING = make_commands()


def program(path: Path, *, open_to_all: bool = False) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o777 if open_to_all else 0o755)
    return str(path)


def not_run(
    home: Path,
    commands: Commands = NOTHING,
    active: ActiveVenv | None = None,
    project: ProjectVenv | None = None,
    conda: CondaActivation | None = None,
    python: str | None = None,
) -> dict[str, str]:
    """Each program that has not been run, and why."""
    path = ":".join(f"{home}/{name}" for name in ("bin", "shims", "link/bin"))
    variables = {"HOME": str(home), "PATH": path}
    if active:
        variables["VIRTUAL_ENV"] = active.value
    if conda:
        variables["CONDA_PREFIX"] = conda.prefix
    session = make_session(variables, cwd=home / "project", python=python)
    return {unrun.path: unrun.reason for unrun in probe_not_run(session, commands, active, project, conda).programs}


def project_venv(root: Path) -> ProjectVenv:
    return ProjectVenv(str(root), 0, make_venv(str(root)))


def test_what_may_be_run_is_not_named(tmp_path: Path) -> None:
    python, uv = program(tmp_path / "bin/python"), program(tmp_path / "bin/uv")
    commands = make_commands(make_hit("python", python, python), make_hit("uv", uv))
    assert not_run(tmp_path, commands, make_active(str(tmp_path)), python=python) == {}
    assert not_run(tmp_path) == {}


def test_what_others_may_write_is_named_with_its_reason(tmp_path: Path) -> None:
    python, uv = (program(tmp_path / f"bin/{name}", open_to_all=True) for name in ("python", "uv"))
    commands = make_commands(make_hit("python", python, python), make_hit("uv", uv))
    found = not_run(tmp_path, commands)
    assert list(found) == [python, uv]
    for path, reason in found.items():
        assert reason.startswith(f"is not run: {path} "), reason


def test_only_commands_that_are_asked_count(tmp_path: Path) -> None:
    tmux = program(tmp_path / "bin/tmux", open_to_all=True)
    assert not_run(tmp_path, make_commands(make_hit("tmux", tmux))) == {}


def test_the_projects_own_environment_is_not_active(tmp_path: Path) -> None:
    root = tmp_path / "project/.venv"
    python = program(root / "bin/python")
    assert not_run(tmp_path, project=project_venv(root)) == {python: INACTIVE}
    assert not_run(tmp_path, active=make_active(str(root)), project=project_venv(root)) == {}
    assert not_run(tmp_path, project=project_venv(tmp_path / "gone")) == {}


def test_what_is_run_under_another_name_is_not_named(tmp_path: Path) -> None:
    root = tmp_path / "project/.venv"
    python = program(root / "bin/python")
    (tmp_path / "link").symlink_to(root)
    commands = make_commands(make_hit("python", f"{tmp_path}/link/bin/python", f"{tmp_path}/link/bin/python"))
    assert not_run(tmp_path, commands, project=project_venv(root)) == {}
    assert python not in not_run(tmp_path, commands, project=project_venv(root), python=python)


@pytest.mark.parametrize("has_python", [True, False])
def test_the_active_environments_are_looked_at(tmp_path: Path, has_python: bool) -> None:
    venv = program(tmp_path / "v/bin/python", open_to_all=True)
    conda = program(tmp_path / "c/bin/python", open_to_all=True)
    activation = CondaActivation(prefix=f"{tmp_path}/c", real=f"{tmp_path}/c", has_python=has_python)
    found = not_run(tmp_path, active=make_active(f"{tmp_path}/v"), conda=activation)
    assert list(found) == [venv, conda][: 1 + has_python]
    assert not_run(tmp_path, active=make_active("/gone")) == {}


def test_a_shim_that_a_file_of_the_directory_decides_about(tmp_path: Path) -> None:
    shim = program(tmp_path / "shims/python")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/mise.toml").write_text("[env]\nA = '1'\n")
    hit = make_hit("python", shim, shim, kind=HitKind.SHIM, manager=ShimManager.MISE)
    reason = f"is not run: {tmp_path}/project/mise.toml decides what it runs"
    assert not_run(tmp_path, make_commands(hit)) == {shim: reason}


def test_a_python_that_is_named_is_looked_at_first(tmp_path: Path) -> None:
    python = program(tmp_path / "own/python", open_to_all=True)
    other = program(tmp_path / "bin/python", open_to_all=True)
    assert list(not_run(tmp_path, make_commands(make_hit("python", other, other)), python=python))[-1] == other
