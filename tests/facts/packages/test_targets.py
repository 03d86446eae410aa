from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.packages.targets import Target, probe_package_targets
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from tests.builders import make_active_python as active
from tests.support import make_session

VENV = "/proj/.venv"


def of_project(root: str, source: EnvironmentSource = EnvironmentSource.OWN, **more: object) -> ProjectEnvironment:
    return ProjectEnvironment(root=root, source=source, python=f"{root}/bin/python", version=(3, 11), **more)  # type: ignore[arg-type]


def test_the_projects_environment_that_is_active_is_one() -> None:
    [seen] = probe_package_targets(make_session(), active(VENV, base_prefix="/usr"), of_project(VENV)).targets
    assert (seen.root, seen.version, seen.near, seen.is_environment) == (VENV, (3, 11, 7), True, True)
    assert seen.owns(f"{VENV}/lib/x")
    assert not seen.owns("/proj/.venv2/lib")


def test_another_active_environment_is_examined_too() -> None:
    seen = probe_package_targets(make_session(), active("/ml", base_prefix="/usr"), of_project(VENV)).targets
    assert [(each.root, each.near) for each in seen] == [(VENV, True), ("/ml", False)]


def test_the_systems_python_does_not_matter_beside_the_projects_environment() -> None:
    seen = probe_package_targets(make_session(), active("/usr"), of_project(VENV)).targets
    assert [each.root for each in seen] == [VENV]


def test_without_an_environment_it_is_what_answers() -> None:
    for project in (None, of_project("/usr", EnvironmentSource.BARE)):
        [seen] = probe_package_targets(make_session(), active("/usr", externally_managed="/x"), project).targets
        assert (seen.root, seen.externally_managed, seen.is_environment) == ("/usr", True, False)


def test_there_may_be_nothing_to_examine() -> None:
    with pytest.raises(Unavailable):
        probe_package_targets(make_session(), None, None)


def searched(env: dict[str, str], **more: object) -> tuple[str, ...]:
    python = active(VENV, user_site="/home/ann/site", user_base="/none", **more)  # type: ignore[arg-type]
    [seen] = probe_package_targets(make_session(env, cwd="/here"), python, None).targets
    return seen.directories


def test_the_order_of_the_search() -> None:
    own, base = f"{VENV}/lib/site-packages", "/usr/site-packages"
    path = ("/usr/lib/python311.zip", f"{VENV}/lib/python3.11", own, "/added", base)
    seen = searched({"PYTHONPATH": ":/one:two"}, base_prefix="/usr", stdlib=path[1], sys_path=path, sees_user_site=True)
    assert seen == ("/one", "/here/two", own, "/added", "/home/ann/site", base)


def test_the_users_own_packages_may_be_hidden() -> None:
    shown = searched({}, sys_path=("/usr/site-packages",), sees_user_site=True)
    assert shown == ("/home/ann/site", "/usr/site-packages")
    assert searched({"PYTHONNOUSERSITE": "1"}, sys_path=("/s",), sees_user_site=True) == ("/s",)


def test_pth_files_of_an_environment_that_nobody_has_asked_are_followed(tmp_path: Path) -> None:
    site, source = tmp_path / "site-packages", tmp_path / "src"
    site.mkdir()
    source.mkdir()
    (site / "x.pth").write_text(f"{source}\n/not/there\n")
    project = of_project(str(tmp_path), directories=(str(site),))
    [seen] = probe_package_targets(make_session(), None, project).targets
    assert isinstance(seen, Target)
    assert (seen.directories, seen.libc) == ((str(site), str(source)), None)
