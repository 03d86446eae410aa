from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Activate,
    Deactivate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.session.context import Examined, Marker
from envdoctor.facts.session.context import Place as Surrounding
from envdoctor.facts.uv.context import CondaPlace, Setting, Surroundings
from envdoctor.facts.uv.directories import Nearby, Place, Standing
from envdoctor.facts.uv.health import UvAnswer, UvComplaint
from envdoctor.facts.uv.installations import UvCopies, UvCopy, UvInstaller
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.uv.settings import (
    UvFile,
    UvLevel,
    UvSettings,
    UvValue,
    UvVariable,
)
from envdoctor.facts.uv.target import UvTargets, pip_target, run_target
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor.testing import assess
from envdoctor_checks.uv.installations import several_uv_versions
from envdoctor_checks.uv.overrides import uv_ignores_active_environment, uv_target_overridden
from envdoctor_checks.uv.settings import uv_setting_fatal

NEWEST = (0, 13, 9)
OWN = Place("/home/ann/app/.venv", python="3.11")
OTHER = Place("/home/ann/other/.venv", python="3.11")
SYSTEM = Place("/usr", Standing.PREFIX, "3.12")
WORKS = UvAnswer("uv cache dir")
TOML = UvFile("/home/ann/app/uv.toml", UvLevel.PROJECT)
EXAMINED = Examined(
    shell="bash",
    login=True,
    interactive=True,
    shell_started=None,
    cwd="/home/ann/app",
    home="/home/ann",
    search_path=("/usr/bin",),
    virtual_env=None,
    user_id=1000,
    effective_user_id=1000,
    system="Linux",
    machine="x86_64",
    launched_as="plain",
)


def variables(**values: str) -> UvSettings:
    return UvSettings(tuple(UvVariable(name, value) for name, value in values.items()))


# UV002


def copy(directory: str, version: tuple[int, ...], installer: UvInstaller, environment: str | None = None) -> UvCopy:
    return UvCopy(f"{directory}/uv", f"{directory}/uv", version, installer, environment)


STANDALONE = copy("/home/ann/.local/bin", NEWEST, UvInstaller.STANDALONE)
IN_BASE = copy("/opt/conda/bin", (0, 8, 17), UvInstaller.PIP, "/opt/conda")


@pytest.mark.sick("UV002")
def test_an_old_uv_answers_before_a_new_one() -> None:
    assert assess(several_uv_versions, UvCopies((IN_BASE, STANDALONE))) == [
        Finding(
            "uv 0.8.17 in /opt/conda/bin answers before a newer one: 0.13.9 in /home/ann/.local/bin",
            Fix(
                "Remove uv 0.8.17",
                Run("/home/ann/.local/bin/uv", "pip", "uninstall", "--python", "/opt/conda", "uv"),
                safety=Safety.CHANGES_STATE,
            ),
            "/opt/conda/bin/uv",
            (
                Evidence("uv 0.8.17, from pip", "/opt/conda/bin/uv"),
                Evidence("uv 0.13.9, from uv's own installer", "/home/ann/.local/bin/uv"),
            ),
        )
    ]


@pytest.mark.sick("UV002")
def test_an_old_uv_behind_a_new_one_is_a_note() -> None:
    [finding] = assess(several_uv_versions, UvCopies((STANDALONE, IN_BASE)))
    assert finding.severity is Severity.INFO
    assert finding.message == "uv 0.13.9 answers, and older copies stand behind it: 0.8.17 in /opt/conda/bin"
    assert finding.where == "/opt/conda/bin/uv"


@pytest.mark.sick("UV002")
@pytest.mark.parametrize(
    ("installer", "fix"),
    [
        (
            UvInstaller.CONDA,
            Fix(
                "Remove uv 0.8.17",
                Run("conda", "remove", "--yes", "--prefix", "/old", "uv"),
                safety=Safety.CHANGES_STATE,
            ),
        ),
        (UvInstaller.STANDALONE, Fix("Upgrade it", Run("/old/bin/uv", "self", "update"), safety=Safety.CHANGES_STATE)),
        (UvInstaller.UNKNOWN, Fix("Put uv 0.13.9 first", PrependPath("/home/ann/.local/bin"))),
    ],
)
def test_each_copy_goes_the_way_it_came(installer: UvInstaller, fix: Fix) -> None:
    [finding] = assess(several_uv_versions, UvCopies((copy("/old/bin", (0, 8, 17), installer), STANDALONE)))
    assert finding.fix == fix


@pytest.mark.healthy("UV002")
@pytest.mark.parametrize(
    "copies",
    [
        (STANDALONE,),
        (STANDALONE, copy("/opt/conda/bin", NEWEST, UvInstaller.PIP, "/opt/conda")),
        (STANDALONE, UvCopy("/x/uv", "/x/uv", None, problem="cannot load")),
        (copy("/home/ann/app/.venv/bin", (0, 9, 0), UvInstaller.PIP, "/home/ann/app/.venv"), STANDALONE),
    ],
)
def test_copies_of_one_version_and_a_project_with_its_own_are_healthy(copies: tuple[UvCopy, ...]) -> None:
    active = ActiveVenv(OWN.path, Venv(root=OWN.path, real=OWN.path))
    assert assess(several_uv_versions, UvCopies(copies), active) == []


# UV003


@pytest.mark.sick("UV003")
def test_an_empty_boolean_stops_uv() -> None:
    answer = UvAnswer("uv cache dir", UvComplaint("value was not a boolean", "UV_OFFLINE"))
    assert assess(uv_setting_fatal, answer, variables(UV_OFFLINE="")) == [
        Finding(
            "UV_OFFLINE is empty, where uv wants yes or no, which stops every uv command",
            Fix("Unset it", UnsetVariable("UV_OFFLINE")),
            "UV_OFFLINE",
            (Evidence("UV_OFFLINE=", "UV_OFFLINE"),),
        )
    ]


@pytest.mark.sick("UV003")
def test_a_value_that_stops_some_commands_is_found_though_uv_answers() -> None:
    found = assess(uv_setting_fatal, WORKS, variables(UV_SYSTEM_PYTHON="", UV_LINK_MODE="hard"))
    assert [finding.where for finding in found] == ["UV_SYSTEM_PYTHON", "UV_LINK_MODE"]


@pytest.mark.sick("UV003")
def test_an_unknown_key_is_taken_out_of_its_file() -> None:
    refusal = UvComplaint("unknown field `shiny`", None, "uv.toml", 2, "shiny = true")
    assert assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), UvSettings(files=(TOML,))) == [
        Finding(
            "uv refuses every command because of /home/ann/app/uv.toml:2: unknown field `shiny`",
            Fix(
                "Take the line out, or upgrade uv if a newer one knows the setting",
                EditFile("/home/ann/app/uv.toml", remove=("shiny = true",)),
                safety=Safety.CHANGES_STATE,
            ),
            "/home/ann/app/uv.toml:2",
            (Evidence("unknown field `shiny`", "uv cache dir"),),
        )
    ]


@pytest.mark.sick("UV003")
def test_a_setting_over_several_lines_is_left_to_the_reader() -> None:
    refusal = UvComplaint("unknown field `shiny`", None, "uv.toml", 2, "shiny = [")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), UvSettings(files=(TOML,)))
    advice = "Correct /home/ann/app/uv.toml:2, or upgrade uv if a newer one knows the setting."
    assert finding.fix == Fix("Correct the line", Manual(advice))


@pytest.mark.sick("UV003")
def test_settings_that_uv_passes_over_are_a_warning() -> None:
    warning = UvComplaint("unknown field `shiny`", None, "pyproject.toml", 2, "shiny = true")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", None, (warning,)), UvSettings())
    assert finding.severity is Severity.WARNING
    assert finding.message == "uv passes over all settings of pyproject.toml:2: unknown field `shiny`"


@pytest.mark.sick("UV003")
def test_a_configuration_file_that_is_not_there_and_other_refusals() -> None:
    gone = UvFile("/gone.toml", UvLevel.EXPLICIT, "no such file or directory")
    settings = msgspec.structs.replace(variables(UV_CONFIG_FILE="/gone.toml"), files=(gone,))
    refusal = UvComplaint("No such file or directory (os error 2)", None, "/gone.toml")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), settings)
    assert finding.fix == Fix("Read the usual files again", UnsetVariable("UV_CONFIG_FILE"))
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", UvComplaint("bad", "UV_PREVIEW")), UvSettings())
    assert finding.fix == Fix("Unset it", UnsetVariable("UV_PREVIEW"))
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", UvComplaint("bad")), UvSettings())
    assert finding.message == "uv refuses every command: bad"


@pytest.mark.healthy("UV003")
def test_what_uv_takes_is_healthy() -> None:
    settings = variables(UV_PYTHON="", UV_INDEX="", UV_OFFLINE="0", UV_LINK_MODE="copy", UV_GIT_LFS="")
    assert assess(uv_setting_fatal, WORKS, settings) == []


# UV004


def overridden(seen: Surroundings, settings: UvSettings | None = None, **more: UvProject | Examined) -> list[Finding]:
    unset = msgspec.structs.replace(seen, system=None, request=None, requested=None)
    targets = UvTargets(NEWEST, pip_target(seen), run_target(seen), pip_target(unset))
    facts = {"examined": EXAMINED, **more}
    return assess(uv_target_overridden, seen, targets, settings or UvSettings(), *facts.values())


@pytest.mark.sick("UV004")
def test_the_systems_python_is_preferred_to_the_active_environment() -> None:
    seen = Surroundings(NEWEST, virtual_env=OWN, first_plain_python=SYSTEM, system=Setting("1", "UV_SYSTEM_PYTHON"))
    assert overridden(seen) == [
        Finding(
            "UV_SYSTEM_PYTHON sends `uv pip install` to /usr, away from /home/ann/app/.venv",
            Fix("Unset it", UnsetVariable("UV_SYSTEM_PYTHON")),
            "UV_SYSTEM_PYTHON",
            (
                Evidence("1", "UV_SYSTEM_PYTHON"),
                Evidence("UV_SYSTEM_PYTHON sends uv to the system's Python", "uv pip install"),
            ),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("UV004")
def test_a_request_for_another_version_keeps_uv_away() -> None:
    seen = Surroundings(NEWEST, nearby=(Nearby(OWN),), request=Setting("3.12", "UV_PYTHON"))
    [finding] = overridden(seen)
    assert finding.message == "UV_PYTHON sends `uv pip install` nowhere, and keeps it from /home/ann/app/.venv"
    assert finding.severity is Severity.ERROR


@pytest.mark.sick("UV004")
def test_a_file_that_names_another_environment() -> None:
    value = UvValue("pip.python", OTHER.path, "/home/ann/uv.toml", 2, 'python = "/home/ann/other/.venv"')
    request = Setting(OTHER.path, value.origin)
    seen = Surroundings(NEWEST, nearby=(Nearby(OWN),), request=request, requested=OTHER)
    [finding] = overridden(seen, UvSettings(values=(value,)))
    assert finding.severity is Severity.WARNING
    assert finding.fix == Fix(
        "Take the line out",
        EditFile("/home/ann/uv.toml", remove=('python = "/home/ann/other/.venv"',)),
        safety=Safety.CHANGES_STATE,
    )


@pytest.mark.sick("UV004")
def test_the_projects_environment_is_a_whole_installation() -> None:
    place = Place("/opt/conda", Standing.PREFIX, shown="/opt/conda")
    project = UvProject("/home/ann/app", "/home/ann/app", place, "UV_PROJECT_ENVIRONMENT", has_lock=True)
    [finding] = overridden(Surroundings(NEWEST), project=project)
    assert finding.message == (
        "UV_PROJECT_ENVIRONMENT names /opt/conda, where `uv sync` removes all that it did not install"
    )
    assert finding.fix == Fix("Let the project have its own .venv", UnsetVariable("UV_PROJECT_ENVIRONMENT"))


@pytest.mark.healthy("UV004")
@pytest.mark.parametrize(
    "seen",
    [
        Surroundings(NEWEST, first_plain_python=SYSTEM, system=Setting("1", "UV_SYSTEM_PYTHON")),
        Surroundings(NEWEST, virtual_env=OWN, request=Setting("3.11", "UV_PYTHON")),
        Surroundings(NEWEST, virtual_env=OWN, request=Setting(OWN.path, "UV_PYTHON"), requested=OWN),
        Surroundings(NEWEST, virtual_env=OWN, request=Setting("pypy", "UV_PYTHON")),
        Surroundings(NEWEST, virtual_env=OWN),
    ],
)
def test_settings_that_change_nothing_are_healthy(seen: Surroundings) -> None:
    assert overridden(seen) == []


@pytest.mark.healthy("UV004")
def test_a_container_may_be_the_environment_and_another_may_be_made() -> None:
    system = Place("/usr/local", Standing.PREFIX, shown="/usr/local")
    project = UvProject("/app", "/app", system, "UV_PROJECT_ENVIRONMENT", has_lock=True)
    container = msgspec.structs.replace(EXAMINED, markers=(Marker(Surrounding.CONTAINER, "Docker", "/.dockerenv"),))
    assert overridden(Surroundings(NEWEST), project=project, examined=container) == []
    planned = msgspec.structs.replace(project, environment=Place("/envs/app", Standing.MISSING))
    assert overridden(Surroundings(NEWEST), project=planned) == []


# UV005

PROJECT = UvProject("/home/ann/app", "/home/ann/app", OWN, has_lock=True)
CHILD = CondaPlace(Place("/opt/conda/envs/ml", Standing.PREFIX), "ml", "/opt/conda")


@pytest.mark.sick("UV005")
def test_another_projects_environment_is_active() -> None:
    assert assess(uv_ignores_active_environment, Surroundings(NEWEST, virtual_env=OTHER), PROJECT) == [
        Finding(
            "`uv run` and `uv sync` work in /home/ann/app/.venv, not in the active /home/ann/other/.venv",
            Fix("Activate the project's environment", Activate("/home/ann/app/.venv")),
            "/home/ann/other/.venv",
            (
                Evidence("/home/ann/other/.venv", "VIRTUAL_ENV"),
                Evidence("the project is /home/ann/app", "uv run"),
            ),
        )
    ]


@pytest.mark.sick("UV005")
def test_without_an_environment_of_its_own_leaving_the_other_is_enough() -> None:
    project = msgspec.structs.replace(PROJECT, environment=Place(OWN.path, Standing.MISSING))
    [finding] = assess(uv_ignores_active_environment, Surroundings(NEWEST, virtual_env=OTHER), project)
    assert finding.fix == Fix("Leave it", Deactivate())
    [finding] = assess(uv_ignores_active_environment, Surroundings(NEWEST, conda=CHILD), project)
    assert finding.severity is Severity.INFO
    assert finding.message == (
        "`uv run` and `uv sync` will make /home/ann/app/.venv, and not use the active /opt/conda/envs/ml"
    )


@pytest.mark.healthy("UV005")
@pytest.mark.parametrize(
    ("seen", "changes"),
    [
        (Surroundings(NEWEST, virtual_env=OWN), {}),
        (Surroundings(NEWEST, virtual_env=Place("/gone", Standing.MISSING)), {}),
        (Surroundings(NEWEST, virtual_env=Place("/home/ann/app/.tox/py311")), {}),
        (Surroundings(NEWEST, virtual_env=OTHER), {"has_lock": False}),
        (Surroundings(NEWEST, virtual_env=OTHER), {"origin": "UV_PROJECT_ENVIRONMENT"}),
        (Surroundings(NEWEST, conda=CHILD), {}),
        (
            Surroundings(NEWEST, conda=CondaPlace(Place("/opt/conda", Standing.PREFIX), "base")),
            {"environment": Place(OWN.path, Standing.MISSING)},
        ),
        (Surroundings(NEWEST), {}),
    ],
)
def test_the_project_and_the_session_agree(seen: Surroundings, changes: dict[str, object]) -> None:
    assert assess(uv_ignores_active_environment, seen, msgspec.structs.replace(PROJECT, **changes)) == []
