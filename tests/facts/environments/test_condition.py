"""What ails an environment, told from trees that accidents leave behind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.environments.condition import (
    Defect,
    VenvConditions,
    probe_venv_conditions,
)
from envdoctor.facts.environments.scripts import Script, VenvScripts
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv import layout
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv, VenvProblem
from envdoctor.facts.venv.soundness import (
    drift,
    libraries,
    lost_base,
    program_minor,
)
from tests.facts.environments.condition_world import BASE, MINOR, NOBODY_ASKED, condition, make, script
from tests.support import make_session

SESSION = make_session({"HOME": "/home/me"})


def test_a_sound_environment_suffers_from_nothing(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    script(root / "bin" / "alpha", f"#!{root}/bin/python")
    found = condition(root)
    assert found.defect is None
    assert (found.lost, found.runs, found.missing, found.named_root) == (None, None, None, None)
    assert found.rebuild_with == f"{os.path.dirname(BASE)}/python{MINOR}"
    assert found.scripts == VenvScripts(own=1)


def test_a_base_that_is_gone(tmp_path: Path) -> None:
    found = condition(make(tmp_path / "env", "/gone/bin/python3.11"))
    assert (found.defect, found.lost, found.rebuild_with) == (Defect.BASE_GONE, "/gone/bin/python3.11", None)


def test_a_copied_program_needs_the_directory_that_home_names(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    (root / "bin" / "python").unlink()
    shutil.copy2(BASE, root / "bin" / "python")
    assert condition(root).defect is None
    (root / "pyvenv.cfg").write_text("home = /gone/bin\nversion = 3.11.1\n")
    found = condition(root)
    assert (found.defect, found.lost) == (Defect.BASE_GONE, "/gone/bin/python3")


def test_another_machines(tmp_path: Path) -> None:
    assert condition(make(tmp_path / "a", "/gone/python3.11", activate="/app/.venv")).defect is Defect.OTHER_MACHINE
    moved_at_home = make(tmp_path / "moved", "/gone/python3.11", activate="/home/me/gone/.venv")
    assert condition(moved_at_home).defect is Defect.BASE_GONE
    assert condition(make(tmp_path / "b", "/opt/homebrew/bin/python3.11")).defect is Defect.OTHER_MACHINE
    windows = tmp_path / "c"
    (windows / "Scripts").mkdir(parents=True)
    (windows / "pyvenv.cfg").write_text("home = C:\\Python\n")
    assert condition(windows).defect is Defect.OTHER_MACHINE


def test_moved_and_copied(tmp_path: Path) -> None:
    original = make(tmp_path / "original")
    script(original / "bin" / "alpha", f"#!{original}/bin/python")
    shutil.copytree(original, tmp_path / "copy", symlinks=True)
    copy = condition(tmp_path / "copy")
    assert (copy.defect, copy.named_root) == (Defect.COPIED, str(original))
    assert copy.scripts.mismatched == (
        Script(f"{tmp_path}/copy/bin/alpha", f"#!{original}/bin/python", f"{original}/bin/python"),
    )
    original.rename(tmp_path / "moved")
    assert condition(tmp_path / "moved").defect is Defect.MOVED
    (tmp_path / "original").symlink_to("moved")
    assert condition(tmp_path / "moved").defect is None


def test_scripts_tell_where_activate_was_mended(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    script(root / "bin" / "alpha", "#!/gone/env/bin/python")
    found = condition(root)
    assert (found.defect, found.named_root) == (Defect.MOVED, "/gone/env")
    script(root / "bin" / "beta", f"#!{root}/bin/python")
    assert condition(root).defect is None


def test_quotes_in_its_own_path_are_no_move(tmp_path: Path) -> None:
    root = make(tmp_path / 'a "b" c' / "env")
    script(root / "bin" / "alpha", "#!/bin/sh", f"""'''exec' "{root}/bin/python" "$0" "$@"\n' '''""")
    assert condition(root).named_root == f"{tmp_path}/a b c/env"
    (root / "bin" / "activate").write_text(f'VIRTUAL_ENV="{root}"\n')
    found = condition(root)
    assert (found.defect, found.named_root) == (Defect.UNUSABLE_PATH, None)


def test_the_systems_python_in_a_script_is_no_other_environment(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    script(root / "bin" / "alpha", "#!/usr/bin/python3")
    assert condition(root).defect is None


def test_another_minor_version_matters_where_it_hides_packages(tmp_path: Path) -> None:
    other = tmp_path / "python3.99"
    other.touch(0o755)
    root = make(tmp_path / "env", str(other))
    found = condition(root)
    assert (found.defect, found.made_for, found.runs, found.hidden) == (Defect.DRIFTED, MINOR, "3.99", 1)
    shutil.rmtree(root / "lib" / f"python{MINOR}" / "site-packages" / "alpha-1.0.dist-info")
    assert condition(root).defect is None
    (root / "lib" / "python3.99" / "site-packages").mkdir(parents=True)
    assert condition(root).runs is None


def test_unusable_paths(tmp_path: Path) -> None:
    assert condition(make(tmp_path / "co:lon")).defect is Defect.UNUSABLE_PATH
    blank = make(tmp_path / "my env")
    script(blank / "bin" / "alpha", "#!/bin/sh", f"'''exec' '{blank}/bin/python' \"$0\" \"$@\"\n' '''")
    assert condition(blank).defect is None
    script(blank / "bin" / "beta", f"#!{blank}/bin/python")
    script(blank / "bin" / "gamma", f'#!"{blank}/bin/python"')
    found = condition(blank)
    assert found.defect is Defect.UNUSABLE_PATH
    assert [os.path.basename(script.path) for script in found.scripts.unreadable] == ["beta", "gamma"]


def test_the_active_environment_and_the_projects_are_each_looked_at_once(tmp_path: Path) -> None:
    own, other = make(tmp_path / "project/.venv"), make(tmp_path / "other")
    near = ProjectVenv(str(own), 2, layout.examine(str(own)))
    for active, expected in (
        (None, [(False, True, 2)]),
        (ActiveVenv(f"{own}/", layout.examine(f"{own}/")), [(True, True, 2)]),
        (ActiveVenv(str(other), layout.examine(str(other))), [(True, False, 0), (False, True, 2)]),
        (ActiveVenv("/gone", None, VenvProblem.GONE), [(False, True, 2)]),
    ):
        found = probe_venv_conditions(SESSION, active, near, None, NOBODY_ASKED)
        assert [(c.active, c.near, c.level) for c in found.conditions] == expected
    with pytest.raises(Unavailable):
        probe_venv_conditions(SESSION, None, None, None, NOBODY_ASKED)


def test_what_the_projects_manager_keeps_elsewhere_is_its_own_too(tmp_path: Path) -> None:
    kept = make(tmp_path / "cache/project-AbCdEfGh-py3.11")
    managed = ManagedEnvironment(ProjectManager.POETRY, decides=True, root=str(kept))
    [found] = probe_venv_conditions(SESSION, None, None, managed, NOBODY_ASKED).conditions
    assert (found.venv.root, found.near, found.managed_by) == (str(kept), True, ProjectManager.POETRY)
    active = ActiveVenv(str(kept), layout.examine(str(kept)))
    [found] = probe_venv_conditions(SESSION, active, None, managed, NOBODY_ASKED).conditions
    assert (found.active, found.near, found.managed_by) == (True, True, ProjectManager.POETRY)
    own = make(tmp_path / "project/.venv")
    near = ProjectVenv(str(own), 0, layout.examine(str(own)))
    [found] = probe_venv_conditions(SESSION, None, near, managed, NOBODY_ASKED).conditions
    assert (found.venv.root, found.managed_by) == (str(own), None)
    uv = ManagedEnvironment(ProjectManager.UV, decides=True, root=str(kept))
    with pytest.raises(Unavailable):
        probe_venv_conditions(SESSION, None, None, uv, NOBODY_ASKED)


def test_whose_project_an_environment_is_for(tmp_path: Path) -> None:
    root = make(tmp_path / "project/.venv")
    assert condition(root).belongs_to is None
    (tmp_path / "project/pyproject.toml").touch()
    assert condition(root).belongs_to == f"{tmp_path}/project"
    named = make(tmp_path / "collection/mine")
    (named / ".project").write_text("/srv/mine\n")
    assert condition(named).belongs_to == "/srv/mine"


def test_minor_versions_are_told_by_names(tmp_path: Path) -> None:
    assert program_minor("/usr/bin/python3.11") == "3.11"
    assert program_minor("/x/python3.13t") == "3.13"
    assert program_minor("/x/pypy3.10") == "3.10"
    assert program_minor("/x/python3") is None
    root = make(tmp_path / "env", "/x/python")
    assert libraries(layout.examine(str(root))) == (MINOR,)
    assert drift(layout.examine(str(root))) is None
    assert lost_base(layout.examine(str(root))) == "/x/python"


def test_the_active_environment_differs_from_the_projects_own(tmp_path: Path) -> None:
    found = condition(make(tmp_path / "env"))
    for active, near, differ in ((True, True, False), (True, False, True), (False, True, True)):
        assert VenvConditions((replace(found, active=active, near=near),)).differ is differ
    assert not VenvConditions(()).differ
