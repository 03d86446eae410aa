"""What a lock is said to want is what its manager installs from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.lock import (
    LockedVersion,
    SeveralLocks,
    probe_project_lock,
    probe_several_locks,
)
from envdoctor.facts.project.project import Project, ProjectManager, probe_project
from envdoctor.facts.python.distributions import read_installed
from tests.facts.dependencies.locks_world import HERE, look, uv, wanted, write
from tests.support import make_session

UNUSED = ("main", "")


@pytest.mark.tools
def test_uv_installs_what_the_lock_is_said_to_want(app: Path) -> None:
    lock = look(app)
    uv(app, "sync", "--frozen", "--no-install-package", "own")
    site = next((app / ".venv/lib").glob("python*/site-packages"))
    theirs = {found.name: found.version for found in read_installed([str(site)])}
    ours = {name: version for name, (version, _) in wanted(lock).items() if name != "own"}
    assert ours == theirs
    assert wanted(lock) == {
        "alpha": ("2.0", UNUSED[1:]),
        "beta": ("1.0", UNUSED[1:]),
        "gamma": ("1.0", UNUSED[1:]),
        "own": (None, UNUSED[1:]),
        "zeta": ("1.0", UNUSED[1:]),
        "speed": ("1.0", UNUSED[1:]),
        "tool-x": ("1.0", ("dev",)),
        "epsilon": ("1.0", ("dev",)),
    }
    text = (app / "uv.lock").read_text().splitlines()
    assert [text[package.line - 1] for package in lock.packages] == [f'name = "{p.name}"' for p in lock.packages]
    assert (lock.manager, lock.path, lock.complete, lock.changes) == (ProjectManager.UV, str(app / "uv.lock"), True, ())


@pytest.mark.tools
def test_members_of_a_workspace_share_a_lock(tmp_path: Path, wheels: Path) -> None:
    member = '[project]\nname="{0}"\nversion="1"\nrequires-python=">=3.11"\ndependencies=["{1}"]\n'
    settings = f'[tool.uv]\nno-index=true\nfind-links=["{wheels}"]\n[tool.uv.workspace]\nmembers=["m/*"]\n'
    files = {
        "m/one/pyproject.toml": member.format("one", "alpha<2"),
        "m/two/pyproject.toml": member.format("two", "beta"),
    }
    write(tmp_path / "w", {"pyproject.toml": settings, **files})
    uv(tmp_path / "w", "lock")
    lock, root = look(tmp_path / "w/m/one"), look(tmp_path / "w")
    assert (set(wanted(lock)), lock.member, lock.changes) == ({"alpha", "beta"}, True, ())
    assert set(wanted(root)) == {"alpha", "beta"}


def test_no_lock(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no lock file"):
        probe_project_lock(Project(str(tmp_path)), None, HERE, None)
    with pytest.raises(Unavailable, match="not more than one"):
        probe_several_locks(Project(str(tmp_path)))


def test_several_locks_are_read_whole(tmp_path: Path) -> None:
    one = '[[package]]\nname = "idna"\nversion = "{}"\n'
    write(tmp_path, {"pyproject.toml": "[project]\nname='a'\n"})
    write(tmp_path, {"uv.lock": one.format(1) + one.format(2), "poetry.lock": one.format(3), "pixi.lock": "x: 1"})
    seen = probe_several_locks(probe_project(make_session(cwd=tmp_path)))
    assert isinstance(seen, SeveralLocks)
    assert [(lock.manager, lock.packages) for lock in seen.locks] == [
        (ProjectManager.UV, (LockedVersion("idna", ("1", "2")),)),
        (ProjectManager.POETRY, (LockedVersion("idna", ("3",)),)),
    ]
    (tmp_path / "poetry.lock").write_text("[")
    with pytest.raises(Unavailable, match=r"poetry\.lock"):
        probe_several_locks(probe_project(make_session(cwd=tmp_path)))
