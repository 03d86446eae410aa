"""ENV001, ENV002, ENV008, ENV010 over literal facts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import (
    Activate,
    Deactivate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    RemoveFromPath,
    Run,
    Safety,
    SetVariable,
    Severity,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.facts.shell.exported_lines import ExportedLine, ExportedLines
from envdoctor.facts.uv.directories import Place as Directory
from envdoctor.facts.uv.directories import Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.active import ActiveVenv, VenvProblem
from envdoctor.facts.venv.layout import LinkState, Tool
from envdoctor.facts.venv.leftover import VenvLeftover
from envdoctor.facts.venv.pyvenv_cfg import parse
from envdoctor.testing import assess
from envdoctor_checks.environments.broken import (
    active_environment_gone,
    base_interpreter_gone,
    environment_incomplete,
    made_for_another_machine,
)
from tests.builders import (
    BASE,
    PROJECT,
    ROOT,
    make_active,
    make_condition,
    make_conditions,
    make_config,
    make_examined,
    make_venv,
)

GONE = "/home/me/old/.venv"
LOST = "/opt/python/bin/python3.11"
IDLE = Builders(idle=True, pythons=("/usr/bin/python3",))
UV_PROJECT = Builders(manager=ProjectManager.UV, project=PROJECT, locked=True, uv=(0, 13, 9))
ON_PATH = SearchPath((PathEntry(0, f"{GONE}/bin", f"{GONE}/bin", exists=False), PathEntry(1, "/usr/bin", "/usr/bin")))
NOT_ON_PATH = SearchPath((PathEntry(0, "/usr/bin", "/usr/bin"),))


@pytest.mark.sick("ENV001")
def test_an_active_environment_that_is_gone_is_left() -> None:
    gone = ActiveVenv(GONE, None, VenvProblem.GONE)
    assert assess(active_environment_gone, gone, ON_PATH, make_examined()) == [
        Finding(
            f"VIRTUAL_ENV is {GONE}, which does not exist",
            where="VIRTUAL_ENV",
            evidence=(
                Evidence(f"VIRTUAL_ENV={GONE}", "VIRTUAL_ENV"),
                Evidence(f"{GONE}/bin is on the search path", "PATH"),
            ),
            fix=Fix("Deactivate the environment", Deactivate(), RemoveFromPath(f"{GONE}/bin")),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("ENV001")
def test_it_is_left_for_the_projects_own_if_that_is_sound() -> None:
    gone = ActiveVenv(GONE, None, VenvProblem.GONE)
    [finding] = assess(active_environment_gone, gone, NOT_ON_PATH, make_conditions(), make_examined())
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Deactivate(), RemoveFromPath(f"{GONE}/bin"), Activate(ROOT))
    sick = make_conditions(make_condition(defect=Defect.BASE_GONE))
    [finding] = assess(active_environment_gone, gone, NOT_ON_PATH, sick, make_examined())
    assert finding.fix.summary == "Deactivate the environment"


@pytest.mark.sick("ENV001")
def test_a_relative_value_becomes_absolute() -> None:
    relative = ActiveVenv(".venv", make_venv(), VenvProblem.RELATIVE)
    [finding] = assess(active_environment_gone, relative, NOT_ON_PATH, make_conditions(), make_examined())
    assert "a relative path" in finding.message
    assert finding.fix == Fix("Set VIRTUAL_ENV to the absolute path", SetVariable("VIRTUAL_ENV", ROOT))
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("ENV001")
def test_what_is_no_environment_is_left() -> None:
    wrong = ActiveVenv(f"{ROOT}/bin", None, VenvProblem.NOT_AN_ENVIRONMENT)
    [finding] = assess(active_environment_gone, wrong, NOT_ON_PATH, make_examined())
    assert finding.message == f"VIRTUAL_ENV is {ROOT}/bin, which is not a virtual environment"


@pytest.mark.healthy("ENV001")
def test_an_environment_that_is_there_is_fine_and_a_moved_one_is_told_elsewhere() -> None:
    assert assess(active_environment_gone, make_active(), ON_PATH, make_examined()) == []
    moved = make_conditions(make_condition(named_root=GONE, defect=Defect.MOVED))
    gone = ActiveVenv(GONE, None, VenvProblem.GONE)
    assert assess(active_environment_gone, gone, ON_PATH, moved, make_examined()) == []


def lost(**fields: object) -> Condition:
    environment = make_venv(python_state=LinkState.DANGLING, base=LOST, base_exists=False)
    return make_condition(environment, **{"lost": LOST, "rebuild_with": None, "defect": Defect.BASE_GONE, **fields})


@pytest.mark.sick("ENV002")
def test_an_environment_whose_base_is_gone_is_recreated() -> None:
    assert assess(base_interpreter_gone, make_conditions(lost()), IDLE) == [
        Finding(
            f"the project's environment {ROOT} stands on {LOST}, which no longer exists",
            where=f"{ROOT}/pyvenv.cfg",
            evidence=(
                Evidence(f"{ROOT}/bin/python is a link to {LOST}", f"{ROOT}/bin/python"),
                Evidence("home = /usr/bin", f"{ROOT}/pyvenv.cfg:1"),
            ),
            fix=Fix(
                "Recreate the environment (it was made for Python 3.11); then install its packages again",
                Run("/usr/bin/python3", "-m", "venv", "--clear", ROOT),
                Activate(ROOT),
                safety=Safety.DESTRUCTIVE,
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("ENV002")
@pytest.mark.parametrize(
    ("builders", "steps"),
    [
        (
            UV_PROJECT,
            (Run("uv", "venv", "--clear", ROOT, directory=PROJECT), Run("uv", "sync", directory=PROJECT)),
        ),
        (
            Builders(manager=ProjectManager.UV, project=PROJECT, uv=(0, 7, 22)),
            (Run("uv", "venv", ROOT, directory=PROJECT), Run("uv", "sync", directory=PROJECT)),
        ),
        (
            Builders(manager=ProjectManager.POETRY, project=PROJECT),
            (Run("rm", "-rf", "--", ROOT), Run("poetry", "install", directory=PROJECT)),
        ),
        (
            Builders(manager=ProjectManager.PIPENV, project=PROJECT, locked=True, idle=True),
            (Run("pipenv", "--rm", directory=PROJECT), Run("pipenv", "sync", directory=PROJECT)),
        ),
        (
            Builders(manager=ProjectManager.PIP, project=PROJECT, requirements=f"{PROJECT}/requirements.txt"),
            (
                Run("python3", "-m", "venv", "--clear", ROOT),
                Run(f"{ROOT}/bin/python", "-m", "pip", "install", "-r", f"{PROJECT}/requirements.txt"),
            ),
        ),
    ],
)
def test_the_projects_own_manager_recreates_it(builders: Builders, steps: tuple[Run, ...]) -> None:
    [finding] = assess(base_interpreter_gone, make_conditions(lost()), builders)
    assert finding.fix.actions == steps
    lost_version = " (it was made for Python 3.11)" if builders.manager is ProjectManager.PIP else ""
    assert finding.fix.summary == f"Recreate the environment{lost_version}, and install its packages again"


@pytest.mark.sick("ENV002")
def test_what_poetry_keeps_elsewhere_is_recreated_by_poetry() -> None:
    kept = make_venv("/home/me/.cache/pypoetry/virtualenvs/p-AbCdEfGh-py3.11", python_state=LinkState.DANGLING)
    sick = make_condition(kept, managed_by=ProjectManager.POETRY, lost=LOST, defect=Defect.BASE_GONE)
    builders = Builders(manager=ProjectManager.POETRY, project=PROJECT)
    [finding] = assess(base_interpreter_gone, make_conditions(sick), builders)
    assert finding.fix.actions == (
        Run("rm", "-rf", "--", kept.root),
        Run("poetry", "install", directory=PROJECT),
    )


@pytest.mark.sick("ENV002")
def test_what_another_tool_has_made_is_made_again_by_that_tool() -> None:
    by_uv = make_venv(tool=Tool.UV, python_state=LinkState.DANGLING, has_pip=False)
    [finding] = assess(
        base_interpreter_gone,
        make_conditions(make_condition(by_uv, lost=LOST, rebuild_with=None, defect=Defect.BASE_GONE)),
        Builders(uv=(0, 9), requirements=f"{PROJECT}/requirements.txt"),
    )
    assert finding.fix.actions == (
        Run("uv", "venv", "--clear", "--python", "3.11", ROOT),
        Run("uv", "pip", "install", "--python", ROOT, "-r", f"{PROJECT}/requirements.txt"),
    )
    by_virtualenv = make_venv(
        tool=Tool.VIRTUALENV, settings=make_config(ROOT, **{"include-system-site-packages": "true"})
    )
    [finding] = assess(
        base_interpreter_gone,
        make_conditions(make_condition(by_virtualenv, lost=LOST, defect=Defect.BASE_GONE)),
        Builders(virtualenv=True),
    )
    assert finding.fix.actions == (
        Run("virtualenv", "--clear", "--system-site-packages", "-p", "/usr/bin/python3.11", ROOT),
    )


@pytest.mark.sick("ENV002")
def test_it_is_no_error_while_another_environment_is_in_use_or_a_store_is_collected() -> None:
    used = make_condition(make_venv("/home/me/env"), active=True, near=False)
    conda = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml", position=0)
    nix = lost(lost="/nix/store/abc-python3/bin/python3.11")
    for findings in (
        assess(base_interpreter_gone, make_conditions(used, lost()), IDLE),
        assess(base_interpreter_gone, make_conditions(lost()), IDLE, conda),
        assess(base_interpreter_gone, make_conditions(nix), IDLE),
    ):
        assert [finding.severity for finding in findings] == [Severity.WARNING]
    [finding] = assess(base_interpreter_gone, make_conditions(lost(active=True)), IDLE)
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith("the active environment")


@pytest.mark.healthy("ENV002", "ENV008", "ENV010")
def test_a_sound_environment_and_one_of_another_machine_have_not_lost_their_base() -> None:
    foreign = make_condition(lost=LOST, named_root="/app/.venv", defect=Defect.OTHER_MACHINE)
    for found in (make_conditions(), make_conditions(foreign)):
        assert assess(base_interpreter_gone, found, IDLE) == []
    assert assess(environment_incomplete, make_conditions(), IDLE) == []
    assert assess(environment_incomplete, IDLE) == []
    assert assess(made_for_another_machine, make_conditions(), IDLE, make_examined()) == []


@pytest.mark.sick("ENV008")
@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"python_state": LinkState.MISSING}, Severity.ERROR),
        ({"config_problem": "a binary file"}, Severity.ERROR),
        ({"settings": make_config(ROOT, home="")}, Severity.ERROR),
        ({"activate": None, "has_pip": False}, Severity.WARNING),
    ],
)
def test_an_incomplete_environment_is_recreated(fields: dict[str, Any], severity: Severity) -> None:
    incomplete = make_condition(make_venv(**fields), missing="it lacks something", defect=Defect.INCOMPLETE)
    [finding] = assess(environment_incomplete, make_conditions(incomplete), IDLE)
    assert finding.message == f"the project's environment {ROOT} is incomplete: it lacks something"
    assert finding.severity is severity
    assert finding.fix.actions == (Run("/usr/bin/python3.11", "-m", "venv", "--clear", ROOT), Activate(ROOT))


@pytest.mark.sick("ENV008")
def test_without_pyvenv_cfg_the_remains_go_first_for_their_python_is_the_base() -> None:
    settings: dict[str, Any] = {"config": None, "settings": None, "tool": Tool.UNKNOWN, "has_pip": False}
    bare = make_condition(make_venv(**settings), missing="its pyvenv.cfg cannot be read", defect=Defect.INCOMPLETE)
    [finding] = assess(environment_incomplete, make_conditions(bare), UV_PROJECT)
    assert finding.fix.safety is Safety.DESTRUCTIVE
    assert finding.fix.actions == (
        Run("rm", "-rf", "--", ROOT),
        Run("uv", "venv", "--clear", ROOT, directory=PROJECT),
        Run("uv", "sync", directory=PROJECT),
    )
    [finding] = assess(environment_incomplete, make_conditions(bare), IDLE)
    assert finding.fix.actions[:2] == (Run("rm", "-rf", "--", ROOT), Run(BASE, "-m", "venv", "--clear", ROOT))


@pytest.mark.sick("ENV008")
def test_with_an_empty_pyvenv_cfg_uv_makes_it_and_fills_it_and_gives_it_pip() -> None:
    empty = make_venv(settings=parse(f"{ROOT}/pyvenv.cfg", ""), tool=Tool.UNKNOWN, has_pip=False)
    sick = make_condition(empty, missing="its pyvenv.cfg names no `home`", defect=Defect.INCOMPLETE)
    builders = Builders(uv=(0, 13, 9), requirements=f"{PROJECT}/requirements.txt")
    [finding] = assess(environment_incomplete, make_conditions(sick), builders)
    assert finding.fix.actions == (
        Run("uv", "venv", "--clear", "--seed", "--python", BASE, ROOT),
        Run("uv", "pip", "install", "--python", ROOT, "-r", f"{PROJECT}/requirements.txt"),
    )


@pytest.mark.sick("ENV008")
def test_where_debian_cannot_install_pip_its_package_comes_first_or_uv_does_it() -> None:
    halfway = make_condition(missing="it has neither", base_lacks_pip=True, defect=Defect.INCOMPLETE)
    [finding] = assess(environment_incomplete, make_conditions(halfway), Builders())
    assert finding.fix.actions[0] == Run("sudo", "apt", "install", "python3.11-venv")
    [finding] = assess(environment_incomplete, make_conditions(halfway), Builders(uv=(0, 13)))
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", "--python", "/usr/bin/python3.11", ROOT),)


@pytest.mark.sick("ENV008")
@pytest.mark.parametrize(
    ("leftover", "fault"),
    [
        (VenvLeftover(ROOT, VenvProblem.GONE, "/gone/env"), "leads to /gone/env, which does not exist"),
        (VenvLeftover(ROOT, VenvProblem.EMPTY_REDIRECT), "is a file that names no environment"),
        (VenvLeftover(ROOT, VenvProblem.NOT_AN_ENVIRONMENT, remains=("bin", "lib")), "has no pyvenv.cfg"),
        (VenvLeftover(ROOT, VenvProblem.NOT_AN_ENVIRONMENT, "/x"), "leads to /x, which has no pyvenv.cfg"),
    ],
)
def test_what_stands_there_and_is_no_environment_is_replaced(leftover: VenvLeftover, fault: str) -> None:
    [finding] = assess(environment_incomplete, leftover, UV_PROJECT)
    assert finding.message == f"{ROOT} {fault}, so it is not an environment, and uv refuses to work here"
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (
        Run("rm", "-rf", "--", ROOT),
        Run("uv", "venv", "--clear", ROOT),
        Run("uv", "sync", directory=PROJECT),
    )
    [finding] = assess(environment_incomplete, leftover, IDLE)
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (
        Run("rm", "-rf", "--", ROOT),
        Run("/usr/bin/python3", "-m", "venv", ROOT),
        Activate(ROOT),
    )


@pytest.mark.sick("ENV010")
def test_a_windows_environment_stays_and_a_second_one_is_made() -> None:
    windows = make_venv(scripts=f"{ROOT}/Scripts", settings=make_config(ROOT, home="C:\\Python312"))
    found = make_conditions(make_condition(windows, defect=Defect.OTHER_MACHINE))
    wsl = make_examined(Marker(Place.WSL, "WSL 2", "kernel"))
    assert assess(made_for_another_machine, found, IDLE, wsl) == [
        Finding(
            f"{ROOT} was made by a Windows Python and cannot run here",
            where=f"{ROOT}/pyvenv.cfg",
            evidence=(
                Evidence(f"its programs are in {ROOT}/Scripts", ROOT),
                Evidence("home = C:\\Python312", f"{ROOT}/pyvenv.cfg:1"),
            ),
            fix=Fix(
                "Create a second environment for this machine beside the other one",
                Run("/usr/bin/python3", "-m", "venv", f"{ROOT}-wsl"),
                Activate(f"{ROOT}-wsl"),
                safety=Safety.CHANGES_STATE,
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("ENV010")
def test_an_environment_of_a_container_stays_and_uv_is_told_of_another() -> None:
    foreign = make_condition(lost=LOST, named_root="/app/.venv", defect=Defect.OTHER_MACHINE)
    [finding] = assess(made_for_another_machine, make_conditions(foreign), UV_PROJECT, make_examined())
    assert finding.severity is Severity.WARNING
    assert finding.evidence[-1] == Evidence("VIRTUAL_ENV=/app/.venv", f"{ROOT}/bin/activate")
    assert finding.fix.actions == (
        EditFile("/home/me/.bashrc", add=("export UV_PROJECT_ENVIRONMENT=.venv-linux",)),
        SetVariable("UV_PROJECT_ENVIRONMENT", ".venv-linux"),
        Run("uv", "sync", directory=PROJECT),
        Activate(f"{ROOT}-linux"),
    )


@pytest.mark.sick("ENV010")
def test_the_line_that_names_an_environment_of_another_machine_names_the_second_one() -> None:
    foreign = make_condition(lost=LOST, named_root="/app/.venv", defect=Defect.OTHER_MACHINE)
    text = "export UV_PROJECT_ENVIRONMENT=.venv"
    line = ExportedLine("UV_PROJECT_ENVIRONMENT", ".venv", "/home/me/.profile", 3, text)
    [finding] = assess(
        made_for_another_machine, make_conditions(foreign), UV_PROJECT, make_examined(), ExportedLines((line,))
    )
    assert finding.fix.actions[0] == EditFile("/home/me/.profile", remove=(text,), add=(f"{text}-linux",))


@pytest.mark.sick("ENV010")
def test_an_environment_that_uv_does_not_look_at_needs_no_setting() -> None:
    root = f"{PROJECT}/venv"
    foreign = make_condition(make_venv(root), lost=LOST, named_root="/app/venv", defect=Defect.OTHER_MACHINE)
    builders = Builders(manager=ProjectManager.PIP, project=PROJECT, uv=(0, 13), pythons=("/usr/bin/python3",))
    [finding] = assess(made_for_another_machine, make_conditions(foreign), builders, make_examined())
    assert finding.fix.actions[-1] == Activate(f"{root}-linux")
    assert not any(isinstance(action, SetVariable | EditFile) for action in finding.fix.actions)


@pytest.mark.sick("ENV010")
def test_where_it_is_active_it_is_left_first() -> None:
    by_uv = make_condition(make_venv(tool=Tool.UV, has_pip=False), active=True, lost=LOST, defect=Defect.OTHER_MACHINE)
    [finding] = assess(made_for_another_machine, make_conditions(by_uv), Builders(uv=(0, 13)), make_examined())
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (
        Deactivate(),
        RemoveFromPath(f"{ROOT}/bin"),
        Run("uv", "venv", f"{ROOT}-linux"),
        Activate(f"{ROOT}-linux"),
    )


@pytest.mark.healthy("ENV010")
def test_another_machines_environment_is_nobodys_trouble_where_uv_is_told_of_another() -> None:
    foreign = make_conditions(make_condition(lost=LOST, named_root="/app/.venv", defect=Defect.OTHER_MACHINE))
    own = Directory(f"{ROOT}-linux")
    uv = UvProject(PROJECT, PROJECT, own, "UV_PROJECT_ENVIRONMENT")
    assert assess(made_for_another_machine, foreign, UV_PROJECT, make_examined(), uv) == []
    broken = msgspec.structs.replace(uv, environment=msgspec.structs.replace(own, standing=Standing.BROKEN))
    assert len(assess(made_for_another_machine, foreign, UV_PROJECT, make_examined(), broken)) == 1


@pytest.mark.healthy("ENV010")
def test_another_machines_environment_is_nobodys_trouble_while_one_for_this_machine_is_active() -> None:
    foreign = make_condition(lost=LOST, named_root="/app/.venv", defect=Defect.OTHER_MACHINE)
    own = make_condition(make_venv(f"{ROOT}-linux"), active=True, near=False)
    assert assess(made_for_another_machine, make_conditions(own, foreign), IDLE, make_examined()) == []
