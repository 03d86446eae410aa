from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    PrependPath,
    Run,
    Safety,
    Scope,
    Severity,
)
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.interpreters import Failure, FailureKind, Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.shell.hashed_commands import CommandCache, NewCommand
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import LinkState, Tool
from envdoctor.testing import assess
from envdoctor_checks.pip.command import UV_ADDS, pip_installs_elsewhere, stale_command_cache
from tests.builders import (
    SYSTEM_MARKER,
    make_active,
    make_answer,
    make_answers,
    make_commands,
    make_hit,
    make_python,
    make_venv_python,
)

VENV = "/home/ada/p/.venv"
SYSTEM = make_python()
LOCAL = make_python("/opt/tools", "3.10.4")
UV_PYTHON = make_venv_python(VENV, pip=None)
ENSURE = ("-m", "ensurepip", "--default-pip")
UV = make_hit("uv", "/home/ada/.local/bin/uv", None)


def compared(
    python: Interpreter,
    pip: Interpreter,
    *others: Hit,
    settings: PipSettings | None = None,
    active: ActiveVenv | None = None,
    conda: CondaActivation | None = None,
    managed: ManagedEnvironment | None = None,
    **pip_hit: Any,
) -> list[Finding]:
    """What PIP001 finds where `python` and `pip` run these two."""
    path = pip_hit.pop("path", f"{pip.prefix}/bin/pip")
    own = make_answer("python", python.path, python, **({"manager": pip_hit["manager"]} if pip_hit else {}))
    bare = make_answer("pip", path, pip, **pip_hit)
    assert bare.hit
    return assess(
        pip_installs_elsewhere,
        BarePip("pip", bare.hit, pip),
        make_answers(own, bare),
        make_commands(own, bare, *others),
        settings or PipSettings(),
        active,
        conda,
        managed,
    )


@pytest.mark.sick("PIP001")
def test_where_neither_is_in_the_active_environment_that_is_activated_again() -> None:
    python, pip = make_venv_python("/work/a", pip=None), make_python("/opt/conda", is_conda=True)
    [finding] = compared(python, pip, active=make_active("/work/b"))
    assert finding.message.endswith("runs in /work/a (Python 3.12); /work/b is active, and neither is there")
    assert finding.fix == Fix("Activate the environment again", Activate("/work/b"))
    gone = make_active("/work/b", python_state=LinkState.MISSING)
    [finding] = compared(python, pip, active=gone)
    assert finding.fix.summary == "Install pip into this Python"


def kept(manager: ProjectManager, root: str | None) -> ManagedEnvironment:
    return ManagedEnvironment(manager, root is not None, root, root)


@pytest.mark.sick("PIP001")
@pytest.mark.parametrize(
    ("managed", "advised"),
    [
        (kept(ProjectManager.UV, VENV), True),
        (ManagedEnvironment(ProjectManager.UV, True, "/srv/link", VENV), True),
        (kept(ProjectManager.PDM, VENV), False),
        (kept(ProjectManager.UV, "/home/ada/other"), False),
        (kept(ProjectManager.PIP, None), False),
    ],
)
def test_in_the_environment_of_a_uv_project_uv_sync_would_remove_a_pip(
    managed: ManagedEnvironment, advised: bool
) -> None:
    [finding] = compared(UV_PYTHON, LOCAL, UV, active=make_active(VENV, Tool.UV), managed=managed)
    assert (finding.fix == UV_ADDS) is advised


def variable(option: str, value: str) -> PipSettings:
    name = "PIP_" + option.upper().replace("-", "_")
    return PipSettings(settings=(PipSetting(option, value, ":env:", name, PipLevel.VARIABLE),))


@pytest.mark.sick("PIP001")
def test_an_environment_of_uv_without_pip_falls_through_to_the_next_pip() -> None:
    assert compared(UV_PYTHON, LOCAL, UV, active=make_active(VENV, Tool.UV)) == [
        Finding(
            f"`pip` installs into /opt/tools (Python 3.10), but `python` runs in {VENV} (Python 3.12), "
            "where uv has put no pip",
            where="/opt/tools/bin/pip",
            evidence=(
                Evidence("/opt/tools/bin/pip runs /opt/tools/bin/python3", "`pip` on the search path"),
                Evidence(f"{VENV}/bin/python", "`python` on the search path"),
                Evidence("uv = 0.9.1", f"{VENV}/pyvenv.cfg:3"),
            ),
            fix=Fix(
                "Install with `uv pip install` instead; if a tool insists on pip, add it to the environment",
                Run("uv", "pip", "install", "--python", f"{VENV}/bin/python", "pip"),
                safety=Safety.CHANGES_STATE,
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PIP001")
def test_a_pip_that_will_refuse_is_a_warning_unless_the_guard_is_off() -> None:
    [finding] = compared(UV_PYTHON, SYSTEM, UV, active=make_active(VENV, Tool.UV))
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("`pip` belongs to /usr (Python 3.11), but `python` runs in")
    assert finding.evidence[-1] == Evidence("this pip refuses to install", SYSTEM_MARKER)
    off = variable("break-system-packages", "1")
    [finding] = compared(UV_PYTHON, SYSTEM, UV, active=make_active(VENV, Tool.UV), settings=off)
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("manager", "root", "pip", "severity"),
    [
        (ProjectManager.UV, VENV, SYSTEM, Severity.INFO),
        (ProjectManager.PDM, VENV, SYSTEM, Severity.INFO),
        (ProjectManager.UV, "/home/ada/other", SYSTEM, Severity.WARNING),
        (ProjectManager.PIP, None, SYSTEM, Severity.WARNING),
        (ProjectManager.UV, VENV, LOCAL, Severity.ERROR),
    ],
)
def test_a_pip_that_will_refuse_harms_no_environment_that_a_manager_keeps(
    manager: ProjectManager, root: str | None, pip: Interpreter, severity: Severity
) -> None:
    [finding] = compared(UV_PYTHON, pip, UV, active=make_active(VENV), managed=kept(manager, root))
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("python", "active", "conda", "others", "fix"),
    [
        (
            UV_PYTHON,
            make_active(VENV, Tool.UV),
            None,
            (),
            Run(f"{VENV}/bin/python", *ENSURE),
        ),
        (UV_PYTHON, make_active(VENV), None, (UV,), Run(f"{VENV}/bin/python", *ENSURE)),
        (
            make_python("/c/envs/ml", pip=None, is_conda=True),
            None,
            CondaActivation(prefix="/c/envs/ml", real="/c/envs/ml"),
            (UV,),
            Run("conda", "install", "pip"),
        ),
        (
            make_python("/c/envs/ml", pip=None, is_conda=True),
            None,
            None,
            (make_hit("micromamba", "/m/micromamba", None),),
            Run("micromamba", "install", "--prefix", "/c/envs/ml", "pip"),
        ),
        (
            make_python("/p/.pixi/envs/default", pip=None, is_conda=True),
            None,
            CondaActivation(prefix="/p/.pixi/envs/default", real="/p/.pixi/envs/default", is_pixi=True),
            (),
            Run("pixi", "add", "pip", directory="/p"),
        ),
        (
            make_python("/p/.pixi/envs/test", pip=None, is_conda=True),
            None,
            None,
            (UV, make_hit("conda", "/c/conda", None)),
            Run("pixi", "add", "pip", directory="/p"),
        ),
        (
            make_python("/elsewhere/default", pip=None, is_conda=True),
            None,
            CondaActivation(prefix="/elsewhere/default", real="/elsewhere/default", is_pixi=True),
            (UV,),
            Run("pixi", "add", "pip"),
        ),
        (make_python(pip=None), None, None, (), Run("/usr/bin/python3", "-m", "venv", ".venv")),
        (make_python(pip=None), None, None, (UV,), Run("uv", "venv", "--seed", "--python", "/usr/bin/python3")),
    ],
)
def test_pip_comes_from_what_made_the_environment(
    python: Interpreter, active: ActiveVenv | None, conda: CondaActivation | None, others: tuple[Hit, ...], fix: Run
) -> None:
    [finding] = compared(python, LOCAL, *others, active=active, conda=conda)
    assert finding.fix.actions[0] == fix


@pytest.mark.sick("PIP001")
def test_a_shim_that_falls_through_for_want_of_a_pip() -> None:
    chosen = make_python("/home/ada/.pyenv/versions/3.12.1", "3.12.1", pip=None)
    [finding] = compared(
        chosen,
        SYSTEM,
        path="/home/ada/.pyenv/shims/pip",
        kind=HitKind.SHIM,
        manager=ShimManager.PYENV,
        version="system",
    )
    assert finding.evidence[0].text == "/home/ada/.pyenv/shims/pip runs /usr/bin/python3"
    assert finding.fix.actions == (Run(chosen.path, *ENSURE), Run("pyenv", "rehash"))


@pytest.mark.sick("PIP001")
@pytest.mark.parametrize(
    ("manager", "renewed"),
    [
        (ShimManager.PYENV, Run("pyenv", "rehash")),
        (ShimManager.ASDF, Run("asdf", "reshim", "python")),
        (ShimManager.MISE, Run("mise", "reshim")),
    ],
)
def test_the_manager_of_the_shims_is_told_of_the_new_pip(manager: ShimManager, renewed: Run) -> None:
    chosen = make_python("/home/ada/installs/python/3.12.1", "3.12.1", pip=None)
    [finding] = compared(chosen, SYSTEM, path="/usr/bin/pip", manager=manager)
    assert finding.fix.actions == (Run(chosen.path, *ENSURE), renewed)


@pytest.mark.sick("PIP001")
def test_a_pip_in_front_of_the_environments_own() -> None:
    python = make_venv_python(VENV)
    own = make_hit("pip", f"{VENV}/bin/pip", python.path, position=1)
    [finding] = compared(python, LOCAL, own, active=make_active(VENV))
    assert finding.message.endswith(f", whose own {VENV}/bin/pip comes later on the search path")
    assert finding.fix == Fix("Put the environment first on the search path", Activate(VENV))
    [finding] = compared(python, LOCAL, own)
    assert finding.fix == Fix("Put the directory of the right `pip` first", PrependPath(f"{VENV}/bin"))


@pytest.mark.sick("PIP001")
def test_the_launcher_may_call_its_python_by_another_name() -> None:
    own = make_hit("pip", f"{VENV}/bin/pip", f"{VENV}/bin/python3", position=1)
    [finding] = compared(make_venv_python(VENV), LOCAL, own)
    assert finding.message.endswith(f", whose own {VENV}/bin/pip comes later on the search path")
    assert finding.fix == Fix("Put the directory of the right `pip` first", PrependPath(f"{VENV}/bin"))


def test_an_own_pip_whose_launcher_is_missing_or_names_another_python() -> None:
    python = make_venv_python(VENV)
    renew = Run(python.path, "-m", "pip", "install", "--force-reinstall", "--no-deps", "pip")
    [finding] = compared(python, LOCAL)
    assert finding.message.endswith("whose own pip has no launcher of this name on the search path")
    assert finding.fix.actions == (renew,)
    [finding] = compared(python, LOCAL, path=f"{VENV}/bin/pip", manager=None)
    assert finding.message.endswith(f"whose own {VENV}/bin/pip names another Python")
    assert finding.fix.actions == (renew,)


@pytest.mark.sick("PIP001")
def test_nothing_is_installed_into_a_python_that_refuses_it() -> None:
    python = make_python("/home/ada/.local/share/uv/python/cpython-3.12", externally_managed="/x/EXTERNALLY-MANAGED")
    [finding] = compared(python, SYSTEM, UV)
    assert finding.message.endswith("whose own pip has no launcher of this name on the search path")
    assert finding.fix.actions == (Run("uv", "venv", "--seed", "--python", python.path), Activate(".venv"))


@pytest.mark.healthy("PIP001")
def test_agreement_is_healthy_whatever_the_files_are() -> None:
    assert compared(SYSTEM, make_python(name="python3.11")) == []
    assert compared(UV_PYTHON, UV_PYTHON) == []


@pytest.mark.healthy("PIP001")
def test_pip_python_sends_pip_where_it_says() -> None:
    assert compared(UV_PYTHON, LOCAL, settings=variable("python", VENV)) == []


@pytest.mark.healthy("PIP001")
def test_a_python_that_is_the_one_elsewhere_is_another_checks_finding() -> None:
    python = make_venv_python(VENV)
    assert compared(LOCAL, python, active=make_active(VENV)) == []


@pytest.mark.healthy("PIP001")
def test_a_pip_that_is_no_python_and_a_python_that_does_not_start_are_not_compared() -> None:
    wrapper = make_answer("pip", "/opt/bin/pip", None)
    python = make_answer("python", UV_PYTHON.path, UV_PYTHON)
    broken = make_answer("python", "/x/python", Failure("/x/python", FailureKind.FAILED, "crashed", ("/x/python",)))
    for own, bare in ((python, wrapper), (broken, make_answer("pip", "/usr/bin/pip", SYSTEM))):
        assert bare.hit
        answers = make_answers(own, bare)
        facts = (answers, make_commands(own, bare), PipSettings())
        assert assess(pip_installs_elsewhere, BarePip("pip", bare.hit, bare.interpreter), *facts) == []


@pytest.mark.sick("PIP009")
def test_a_command_that_came_while_the_shell_was_running() -> None:
    new = NewCommand("pip", f"{VENV}/bin/pip", "/usr/bin/pip")
    assert assess(stale_command_cache, CommandCache("bash", (new,))) == [
        Finding(
            "`pip` came into the active environment while this bash was running: it may still run the old one",
            where=f"{VENV}/bin/pip",
            evidence=(Evidence(f"{VENV}/bin/pip is newer than the shell", "before it, `pip` was /usr/bin/pip"),),
            fix=Fix("Clear the shell's command cache", Run("hash", "-r"), scope=Scope.SESSION),
        )
    ]


@pytest.mark.healthy("PIP009")
def test_nothing_has_changed_under_the_shell() -> None:
    assert assess(stale_command_cache, CommandCache("zsh")) == []
