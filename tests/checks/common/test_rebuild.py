"""How an environment is made again; the clinic runs these commands on real environments."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import Activate, Run, Safety
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv.layout import Form, Tool
from envdoctor_checks.common.rebuild import make_with_uv, minor_of, place_of, rebuild, remains_removed, seed
from tests.builders import BASE, PROJECT, ROOT, make_condition, make_config, make_venv

UV = (0, 9, 1)


def steps(builders: Builders, *, python: str | None = None, tool: Tool = Tool.VENV, **fields: Any) -> tuple[Any, ...]:
    return rebuild(make_condition(make_venv(tool=tool), **fields), builders, python=python).actions


@pytest.mark.parametrize(
    ("tool", "builders", "fields", "expected"),
    [
        (Tool.VENV, {}, {}, [(BASE, "-m", "venv", "--clear", ROOT)]),
        (Tool.VENV, {"uv": UV}, {}, [(BASE, "-m", "venv", "--clear", ROOT)]),
        (Tool.UV, {"uv": UV}, {}, [("uv", "venv", "--clear", "--python", BASE, ROOT)]),
        (Tool.UV, {}, {}, [(BASE, "-m", "venv", "--clear", ROOT)]),
        (Tool.VIRTUALENV, {"virtualenv": True}, {}, [("virtualenv", "--clear", "-p", BASE, ROOT)]),
        (Tool.VIRTUALENV, {}, {}, [(BASE, "-m", "venv", "--clear", ROOT)]),
        (
            Tool.VENV,
            {"pythons": ("/opt/python3",)},
            {"rebuild_with": None},
            [("/opt/python3", "-m", "venv", "--clear", ROOT)],
        ),
        (Tool.VENV, {}, {"rebuild_with": None}, [("python3", "-m", "venv", "--clear", ROOT)]),
        (
            Tool.VENV,
            {},
            {"base_lacks_pip": True},
            [("sudo", "apt", "install", "python3.11-venv"), (BASE, "-m", "venv", "--clear", ROOT)],
        ),
        (
            Tool.VENV,
            {"pythons": ("/opt/python3",), "split": (("/opt/python3", "3.12"),), "virtualenv": True},
            {"rebuild_with": None},
            [("virtualenv", "-p", "/opt/python3", "--clear", ROOT)],
        ),
        (
            Tool.VENV,
            {"uv": UV},
            {"base_lacks_pip": True},
            [("uv", "venv", "--clear", "--seed", "--python", BASE, ROOT)],
        ),
    ],
)
def test_the_tool_that_made_it_makes_it_again_if_it_is_here(
    tool: Tool, builders: dict[str, Any], fields: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    assert steps(Builders(**builders), tool=tool, **fields) == tuple(Run(*argv) for argv in expected)


@pytest.mark.parametrize(
    ("tool", "builders", "fields", "said"),
    [
        (Tool.VENV, {}, {"rebuild_with": None}, True),
        (Tool.VIRTUALENV, {"virtualenv": True}, {"rebuild_with": None}, True),
        (Tool.UV, {"uv": UV}, {"rebuild_with": None}, False),  # uv is told the version
        (Tool.VENV, {}, {}, False),
    ],
)
def test_a_version_that_may_be_lost_is_named(
    tool: Tool, builders: dict[str, Any], fields: dict[str, Any], said: bool
) -> None:
    made_for = " (it was made for Python 3.11)" if said else ""
    fix = rebuild(make_condition(make_venv(tool=tool), **fields), Builders(**builders))
    assert fix.summary == f"Recreate the environment{made_for}; then install its packages again"
    chosen = rebuild(make_condition(make_venv(tool=tool), **fields), Builders(**builders), python="/opt/python3.12")
    assert "made for" not in chosen.summary


@pytest.mark.parametrize(
    ("manager", "locked", "expected"),
    [
        (ProjectManager.UV, True, [("uv", "venv", "--clear", ROOT), ("uv", "sync")]),
        (ProjectManager.POETRY, True, [("rm", "-rf", "--", ROOT), ("poetry", "install")]),
        (ProjectManager.PIPENV, True, [("pipenv", "--rm"), ("pipenv", "sync")]),
        (ProjectManager.PIPENV, False, [("pipenv", "--rm"), ("pipenv", "install")]),
    ],
)
def test_the_projects_manager_makes_and_fills_what_is_its_own(
    manager: ProjectManager, locked: bool, expected: list[tuple[str, ...]]
) -> None:
    builders = Builders(manager=manager, project=PROJECT, locked=locked, uv=UV)
    assert [step.argv for step in steps(builders)] == expected
    assert all(not step.variables for step in steps(msgspec.structs.replace(builders, idle=True)))
    assert [step.argv[0] for step in steps(builders, near=False)] == [BASE]


def test_pipenv_keeps_off_the_environment_that_is_active() -> None:
    ignored = (("PIPENV_IGNORE_VIRTUALENVS", "1"),)
    builders = Builders(manager=ProjectManager.PIPENV, project=PROJECT)
    assert [step.variables for step in steps(builders)] == [ignored, ignored]


def test_what_is_missing_is_installed_again_where_a_file_says_what() -> None:
    builders = Builders(requirements=f"{PROJECT}/requirements.txt")
    assert steps(builders)[1] == Run(f"{ROOT}/bin/python", "-m", "pip", "install", "-r", f"{PROJECT}/requirements.txt")
    assert len(steps(Builders(requirements="/elsewhere/requirements.txt"))) == 1


def test_the_shell_leaves_another_environment_first() -> None:
    fix = rebuild(make_condition(), Builders(), active="/other")
    assert fix.actions[-1] == Activate(ROOT)
    assert len(fix.actions) == 4
    assert fix.safety is Safety.DESTRUCTIVE
    assert rebuild(make_condition(), Builders(idle=True)).actions[-1] == Activate(ROOT)


def test_details_of_what_stood_there_are_kept() -> None:
    settings = make_config(ROOT, **{"include-system-site-packages": "true"})
    [made] = rebuild(make_condition(make_venv(settings=settings)), Builders()).actions
    assert isinstance(made, Run)
    assert "--system-site-packages" in made.argv
    assert seed(make_venv(tool=Tool.UV, has_pip=False)) == ()
    assert minor_of(make_venv()) == "3.11"
    assert place_of(make_venv(form=Form.SYMLINK, real="/real")) == "/real"
    assert remains_removed(make_venv(settings=None)) == (Run("rm", "-rf", "--", ROOT),)


def test_an_old_uv_needs_no_option_to_replace() -> None:
    assert make_with_uv("/v", Builders(uv=(0, 7, 22))) == Run("uv", "venv", "/v")
    assert make_with_uv("/v", Builders(uv=(0, 8))) == Run("uv", "venv", "--clear", "/v")
