"""ENV003, ENV004, ENV005, ENV009 over literal facts."""

from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Deactivate,
    Evidence,
    Finding,
    Fix,
    RemoveFromPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect
from envdoctor.facts.environments.scripts import Script, VenvScripts
from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.venv.active import ActiveVenv, VenvProblem
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.environments.moved import (
    base_version_changed,
    environment_copied,
    environment_moved,
    environment_path_unusable,
)
from tests.builders import (
    BASE,
    ROOT,
    make_active,
    make_condition,
    make_conditions,
    make_config,
    make_examined,
    make_venv,
)

OLD = "/home/me/old/.venv"
PLAIN = Builders(pythons=("/usr/bin/python3",), collection="/home/me/.virtualenvs")
MISMATCHED = VenvScripts(0, (Script(f"{ROOT}/bin/pip", f"#!{OLD}/bin/python", f"{OLD}/bin/python"),), 3, OLD)
AGAIN = Run(BASE, "-m", "venv", "--clear", ROOT)


def elsewhere(defect: Defect, scripts: VenvScripts = MISMATCHED, root: str = OLD) -> Condition:
    settings = make_config(ROOT, command=f"{BASE} -m venv {root}")
    environment = make_venv(settings=settings, activate_root=root, activate_is_here=False)
    return make_condition(environment, named_root=root, scripts=scripts, defect=defect)


@pytest.mark.sick("ENV003")
def test_a_moved_environment_is_recreated_where_it_is() -> None:
    assert assess(environment_moved, make_conditions(elsewhere(Defect.MOVED)), PLAIN, make_examined()) == [
        Finding(
            f"the project's environment {ROOT} was moved here from {OLD}, which its scripts still name",
            where=ROOT,
            evidence=(
                Evidence(f"VIRTUAL_ENV={OLD}", f"{ROOT}/bin/activate"),
                Evidence(f"#!{OLD}/bin/python, and so in 2 more", f"{ROOT}/bin/pip:1"),
                Evidence(f"command = {BASE} -m venv {OLD}", f"{ROOT}/pyvenv.cfg:3"),
            ),
            fix=Fix("Recreate the environment; then install its packages again", AGAIN, safety=Safety.DESTRUCTIVE),
        )
    ]


@pytest.mark.sick("ENV003")
def test_what_its_activation_has_exported_is_left() -> None:
    exported = ActiveVenv(OLD, None, VenvProblem.GONE)
    [finding] = assess(environment_moved, make_conditions(elsewhere(Defect.MOVED)), PLAIN, exported, make_examined())
    assert finding.fix.actions == (AGAIN, Deactivate(), RemoveFromPath(f"{OLD}/bin"), Activate(ROOT))


@pytest.mark.healthy("ENV003")
def test_in_a_container_programs_that_run_are_enough() -> None:
    container = make_examined(Marker(Place.CONTAINER, "Docker", "/.dockerenv"), cwd="/app")
    fine = make_conditions(elsewhere(Defect.MOVED, VenvScripts(own=4)))
    assert assess(environment_moved, fine, PLAIN, container) == []
    assert len(assess(environment_moved, fine, PLAIN, make_examined())) == 1
    assert len(assess(environment_moved, make_conditions(elsewhere(Defect.MOVED)), PLAIN, container)) == 1


@pytest.mark.sick("ENV004")
def test_a_copy_that_runs_the_original_is_recreated() -> None:
    [finding] = assess(environment_copied, make_conditions(elsewhere(Defect.COPIED)), PLAIN)
    assert finding.message == f"the project's environment {ROOT} is a copy whose scripts run the original, {OLD}"
    assert finding.fix.actions == (AGAIN,)
    original = make_active(OLD)
    [finding] = assess(environment_copied, make_conditions(elsewhere(Defect.COPIED)), PLAIN, original)
    assert finding.fix.actions == (AGAIN, Deactivate(), RemoveFromPath(f"{OLD}/bin"), Activate(ROOT))


@pytest.mark.healthy("ENV003", "ENV004", "ENV005", "ENV009")
def test_a_sound_environment_is_where_and_what_it_was_made() -> None:
    relocatable = make_condition(make_venv(settings=make_config(ROOT, relocatable="true"), activate_root=None))
    for found in (make_conditions(), make_conditions(relocatable)):
        assert assess(environment_moved, found, PLAIN, make_examined()) == []
        assert assess(environment_copied, found, PLAIN) == []
        assert assess(base_version_changed, found, PLAIN) == []
        assert assess(environment_path_unusable, found, PLAIN) == []


@pytest.mark.sick("ENV005")
def test_packages_for_another_minor_version_are_invisible() -> None:
    environment = make_venv(base="/usr/bin/python3.12")
    drifted = make_condition(environment, made_for="3.11", runs="3.12", hidden=2, defect=Defect.DRIFTED)
    assert assess(base_version_changed, make_conditions(drifted), PLAIN) == [
        Finding(
            f"the project's environment {ROOT} holds 2 packages for Python 3.11, "
            "but its Python is 3.12 now and sees none of them",
            where=ROOT,
            evidence=(
                Evidence(f"{ROOT}/bin/python leads to /usr/bin/python3.12", f"{ROOT}/bin/python"),
                Evidence(f"{ROOT}/lib/python3.11/site-packages", f"{ROOT}/lib"),
                Evidence("version = 3.11.2", f"{ROOT}/pyvenv.cfg:2"),
            ),
            fix=Fix("Recreate the environment; then install its packages again", AGAIN, safety=Safety.DESTRUCTIVE),
        )
    ]


@pytest.mark.sick("ENV005")
def test_an_older_patch_than_uv_has_noted_is_advice() -> None:
    settings = make_config(ROOT, version="", version_info="3.11.13")
    back = make_condition(make_venv(tool=Tool.UV, settings=settings), running="3.11.2")
    [finding] = assess(base_version_changed, make_conditions(back), PLAIN)
    assert finding.severity is Severity.INFO
    assert finding.evidence == (Evidence("version_info = 3.11.13", f"{ROOT}/pyvenv.cfg:2"),)


@pytest.mark.healthy("ENV005")
@pytest.mark.parametrize(
    ("tool", "noted", "running"),
    [
        (Tool.UV, "3.11.2", "3.11.13"),
        (Tool.UV, "3.11.2", "3.11.2"),
        (Tool.UV, "3.11", "3.11.2"),
        (Tool.UV, "3.11.2", None),
        (Tool.VENV, "3.11.13", "3.11.2"),
    ],
)
def test_a_newer_patch_or_one_that_nobody_minds_is_normal(tool: Tool, noted: str, running: str | None) -> None:
    found = make_conditions(
        make_condition(make_venv(tool=tool, settings=make_config(ROOT, version=noted)), running=running)
    )
    assert assess(base_version_changed, found, PLAIN) == []


@pytest.mark.sick("ENV009")
def test_a_colon_needs_another_place() -> None:
    root = "/home/me/co:lon/.venv"
    found = make_conditions(make_condition(make_venv(root, tool=Tool.UV), defect=Defect.UNUSABLE_PATH))
    [finding] = assess(environment_path_unusable, found, Builders(uv=(0, 13), collection="/home/me/.virtualenvs"))
    place = "/home/me/.virtualenvs/co-lon"
    assert (
        finding.message
        == f"the project's environment {root} has a colon in its path, so it cannot be on the search path"
    )
    assert finding.fix.actions == (
        Run("uv", "venv", "--python", BASE, place),
        Run("rm", "-rf", "--", root),
        Activate(place),
    )
    [finding] = assess(environment_path_unusable, found, PLAIN)
    assert finding.fix.actions[0] == Run(BASE, "-m", "venv", "/home/me/.virtualenvs/co-lon")


@pytest.mark.sick("ENV009")
def test_a_path_that_the_shell_expands_needs_another_place() -> None:
    root = "/home/me/p$USER/.venv"
    venv = make_venv(root, activate_root=None, activate_is_here=False)
    found = make_conditions(make_condition(venv, defect=Defect.UNUSABLE_PATH))
    [finding] = assess(environment_path_unusable, found, Builders(collection="/home/me/.virtualenvs"))
    place = "/home/me/.virtualenvs/p-USER"
    assert finding.where == f"{root}/bin/activate"
    assert finding.evidence == (Evidence(f'VIRTUAL_ENV="{root}"', f"{root}/bin/activate"),)
    assert finding.fix.summary == "Create the environment at a path that no shell expands, and remove this one"
    assert finding.fix.actions == (
        Run(BASE, "-m", "venv", place),
        Run("rm", "-rf", "--", root),
        Activate(place),
    )


@pytest.mark.sick("ENV009")
def test_a_first_line_that_cannot_be_followed_is_written_anew() -> None:
    root = "/home/me/my project/.venv"
    script = Script(f"{root}/bin/pip", f"#!{root}/bin/python", "/home/me/my")
    cut = make_condition(make_venv(root), scripts=VenvScripts(unreadable=(script,)), defect=Defect.UNUSABLE_PATH)
    [finding] = assess(environment_path_unusable, make_conditions(cut), PLAIN)
    assert finding.where == f"{root}/bin/pip"
    assert finding.evidence == (Evidence(f"#!{root}/bin/python", f"{root}/bin/pip:1"),)
    assert finding.fix.actions == (Run(BASE, "-m", "venv", "--clear", root),)
