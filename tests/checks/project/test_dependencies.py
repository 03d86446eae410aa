"""PRJ003, PRJ004, PRJ007: the packages of a project."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.dependencies.declared import DeclaredRequirement, DeclaredRequirements, ExtraRequirements
from envdoctor.facts.dependencies.environment_yml import CondaSpec
from envdoctor.facts.dependencies.lock import LockChange, LockedPackage, ProjectLock
from envdoctor.facts.dependencies.refusal import Refusal, RefusalKind
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.records import Duplicate, EnvironmentRecords, Leftover, PackageRecords
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.project.environment import EnvironmentSource, InstalledPackages, ProjectEnvironment
from envdoctor.facts.project.project import (
    ProjectManager,
)
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.python.distributions import Distribution
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.project.dependencies import lock_out_of_sync, requirements_unmet
from envdoctor_checks.uv.overrides import uv_target_overridden
from tests.checks.project.literals import ROOT, SHOP, TXT, project

VENV = ProjectEnvironment(
    root=f"{ROOT}/.venv",
    source=EnvironmentSource.OWN,
    python=f"{ROOT}/.venv/bin/python",
    version=(3, 12, 1),
    tool=Tool.VENV,
)


NONE = PythonsAtHand()


def installed(**versions: str) -> InstalledPackages:
    packages = (
        Distribution(name.replace("_", "-"), version, f"/sp/{name}-{version}.dist-info")
        for name, version in versions.items()
    )
    return InstalledPackages(tuple(packages))


def declared(
    *texts: str, limits: tuple[str, ...] = (), own: str | None = None, conda: tuple[CondaSpec, ...] = ()
) -> DeclaredRequirements:
    asked = tuple(DeclaredRequirement(text, f"{TXT}:{number}") for number, text in enumerate(texts, 1))
    return DeclaredRequirements(
        asked, tuple(DeclaredRequirement(text, f"{ROOT}/limits.txt:1") for text in limits), (TXT,), own, conda
    )


def unmet(
    asked: DeclaredRequirements,
    have: InstalledPackages,
    where: ProjectEnvironment = VENV,
    shop: Builders = SHOP,
    extras: tuple[DeclaredRequirement, ...] = (),
) -> list[Finding]:
    return assess(requirements_unmet, project(), asked, ExtraRequirements(extras), have, where, shop, NONE)


@pytest.mark.sick("PRJ003")
def test_uv_installs_what_is_missing_and_removes_nothing() -> None:
    facts = (declared("rich"), ExtraRequirements(()), installed(ruff="1"), VENV, SHOP, NONE)
    [finding] = assess(requirements_unmet, project(ProjectManager.UV), *facts)
    assert finding.fix.actions == (Run("uv", "sync", "--inexact", directory=ROOT),)
    assert uv_target_overridden.code in requirements_unmet.unless


@pytest.mark.sick("PRJ003")
def test_what_is_missing_or_unfit_is_listed_with_its_place() -> None:
    assert unmet(declared("rich", "numpy<2", "idna"), installed(pip="25", numpy="2.1", idna="3")) == [
        Finding(
            f"{VENV.root} lacks what requirements.txt asks for: rich is missing; numpy is 2.1, and `numpy<2` is wanted",
            Fix(
                "Install the missing packages",
                Run(f"{ROOT}/.venv/bin/python", "-m", "pip", "install", "-r", TXT),
                safety=Safety.CHANGES_STATE,
            ),
            f"{ROOT}/.venv",
            (
                Evidence("rich is missing", f"{TXT}:1"),
                Evidence("numpy is 2.1, and `numpy<2` is wanted", f"{TXT}:2"),
            ),
        )
    ]


@pytest.mark.sick("PRJ003")
def test_of_many_only_the_first_are_named() -> None:
    [finding] = unmet(declared(*"abcdefgh"), installed())
    assert finding.message.endswith("a, b, c and 5 more are missing")
    assert len(finding.evidence) == 5


@pytest.mark.sick("PRJ003")
@pytest.mark.parametrize(
    ("changes", "uv", "have", "installer"),
    [
        ({"tool": Tool.UV}, (0, 13), installed(pip="25"), ("uv", "pip", "install", "--python", VENV.python)),
        ({"tool": Tool.UV}, None, installed(pip="25"), (VENV.python, "-m", "pip", "install")),
        ({}, (0, 13), installed(), ("uv", "pip", "install", "--python", VENV.python)),
    ],
)
def test_the_installer_is_the_one_that_can(
    changes: dict[str, Any], uv: tuple[int, ...] | None, have: InstalledPackages, installer: tuple[str, ...]
) -> None:
    shop = msgspec.structs.replace(SHOP, uv=uv)
    [finding] = unmet(declared("rich"), have, msgspec.structs.replace(VENV, **changes), shop)
    assert finding.fix.actions == (Run(*installer, "-r", TXT),)


@pytest.mark.sick("PRJ003")
def test_without_an_environment_it_is_a_note() -> None:
    bare = msgspec.structs.replace(VENV, source=EnvironmentSource.BARE, root="/usr", is_venv=False)
    [finding] = unmet(declared("rich"), installed(), bare, msgspec.structs.replace(SHOP, uv=(0, 13)))
    assert finding.severity is Severity.INFO
    assert finding.fix.summary.endswith("and activate it")


@pytest.mark.sick("PRJ003")
def test_limits_and_extras_count() -> None:
    have = installed(httpx="0.27", idna="4")
    [finding] = unmet(declared("httpx[socks]", "idna", limits=("idna<4", "absent<1")), have)
    assert finding.evidence == (Evidence("idna is 4, and `idna<4` is wanted", f"{ROOT}/limits.txt:1"),)
    needed = (DeclaredRequirement("socksio==1.*; extra == 'socks'", f"{TXT}:1", "socks"),)
    [finding] = unmet(declared("httpx[socks]"), have, extras=needed)
    assert finding.evidence == (Evidence("socksio is missing", f"{TXT}:1"),)


@pytest.mark.sick("PRJ003")
def test_what_conda_is_asked_for_is_brought_by_conda() -> None:
    line = f"{ROOT}/environment.yml:4"
    specs = (
        CondaSpec("numpy", "=2", line, "1.26"),
        CondaSpec("ffmpeg", "", line),
        CondaSpec("python", ">=3.11", line, "3.12.1"),
        CondaSpec("Rich_Text", "", line),  # pip has installed it
    )
    [finding] = unmet(declared("idna", conda=specs), installed(rich_text="1", idna="3"))
    assert finding.evidence == (
        Evidence("numpy is 1.26, and `numpy=2` is wanted", line),
        Evidence("ffmpeg is missing", line),
    )
    assert finding.fix.actions == (Run("conda", "env", "update", "--file", f"{ROOT}/environment.yml"),)


@pytest.mark.sick("PRJ003")
def test_an_active_environment_elsewhere_that_has_nothing_of_it_is_a_note() -> None:
    elsewhere = msgspec.structs.replace(VENV, root="/envs/all", source=EnvironmentSource.ACTIVE)
    [finding] = unmet(declared("rich", "idna"), installed(numpy="2"), elsewhere)
    assert finding.severity is Severity.INFO
    [finding] = unmet(declared("rich", "idna"), installed(rich="14"), elsewhere)
    assert finding.severity is None


@pytest.mark.healthy("PRJ003")
@pytest.mark.parametrize(
    ("asked", "have"),
    [
        (declared("Rich_Text >= 13"), installed(rich_text="13.7")),
        (declared("torch==2.1.0"), installed(torch="2.1.0+cu121")),
        (declared("rich>=13"), installed(rich="14.0rc1")),
        (declared("pywin32; sys_platform == 'win32'"), installed()),
        (declared("tomli; python_version < '3.11'"), installed()),
        (declared("x; platform_machine == 'arm64' and implementation_name == 'cpython'"), installed()),
        (declared("rich @ https://host/rich-99.whl"), installed(rich="1")),
        (declared("rich ==== 3", "no requirement at all"), installed()),
        (declared("rich; nonsense == 'x'"), installed()),
        (declared("rich>=1"), installed(rich="of-no-version")),
        (declared("app[all]"), installed()),
        (declared("idna", limits=("other<1",)), installed(idna="3", other="2")),
        (declared("rich>=13", "rich<15"), installed(rich="14")),
    ],
)
def test_what_is_satisfied_or_cannot_be_judged(asked: DeclaredRequirements, have: InstalledPackages) -> None:
    assert unmet(msgspec.structs.replace(asked, own="app"), have) == []


@pytest.mark.healthy("PRJ003", "PRJ004")
def test_in_an_environment_with_an_unfit_python_nothing_else_is_looked_for() -> None:
    needs_newer = Pyproject("p", "app", RequiresPython(">=3.13", (">=3.13",), "p:3"))
    nothing = (needs_newer, VENV, SHOP, installed())
    assert assess(requirements_unmet, project(), declared("rich"), ExtraRequirements(), NONE, *nothing) == []
    assert assess(lock_out_of_sync, project(ProjectManager.UV), LOCK, *nothing) == []


@pytest.mark.healthy("PRJ003")
def test_conda_has_one_of_several_names() -> None:
    conda = msgspec.structs.replace(VENV, is_conda=True)
    assert unmet(declared("opencv-python", "psycopg2-binary"), installed(opencv="4", psycopg2="2.9"), conda) == []
    assert len(unmet(declared("opencv-python"), installed(opencv="4"))) == 1


LOCK = ProjectLock(
    ProjectManager.UV,
    f"{ROOT}/uv.lock",
    (
        LockedPackage("rich", "14.0", ("",), 10),
        LockedPackage("idna", "3.7", ("", "dev"), 20),
        LockedPackage("own", None, ("",), 30),
        LockedPackage("pytest", "8.0", ("dev",), 40),
        LockedPackage("mypy", "1.0", ("dev",), 50),
    ),
)


APP = Pyproject(f"{ROOT}/pyproject.toml", "App")


def differences(
    lock: ProjectLock,
    have: InstalledPackages | None,
    *,
    where: ProjectEnvironment | None = VENV,
    records: PackageRecords | None = None,
) -> list[Finding]:
    facts = (project(lock.manager), lock, APP, SHOP)
    return assess(lock_out_of_sync, *facts, *filter(None, (have, where, records)))


@pytest.mark.healthy("PRJ004")
def test_what_is_half_removed_or_recorded_twice_is_told_of_first() -> None:
    target = Target(root=VENV.root, python=VENV.python, version=VENV.version, directories=(), near=True)
    left = Leftover(("/sp/~dna",), "idna", "3.7")
    twice = Duplicate("rich", ("13.0", "14.0"), ("/sp/rich-13.0", "/sp/rich-14.0"), "14.0")
    records = PackageRecords((EnvironmentRecords(target, 9, leftovers=(left,), duplicates=(twice,)),))
    assert differences(LOCK, installed(rich="13.0", own="0"), records=records) == []


@pytest.mark.sick("PRJ004")
def test_an_environment_behind_its_lock() -> None:
    assert differences(LOCK, installed(rich="13.0", own="0")) == [
        Finding(
            f"{ROOT}/.venv is not what uv.lock says: idna is missing; rich is 13.0, and locked at 14.0",
            Fix("Install from the lock", Run("uv", "sync", "--inexact", directory=ROOT), safety=Safety.CHANGES_STATE),
            f"{ROOT}/uv.lock",
            (
                Evidence("idna is missing", f"{ROOT}/uv.lock:20"),
                Evidence("rich is 13.0, and locked at 14.0", f"{ROOT}/uv.lock:10"),
            ),
        )
    ]


@pytest.mark.healthy("PRJ004")
@pytest.mark.parametrize(
    ("kind", "stops"), [(RefusalKind.CONTENT, True), (RefusalKind.CONFLICT, True), (RefusalKind.MISSPELT, False)]
)
def test_what_its_manager_refuses_cannot_be_locked(kind: RefusalKind, stops: bool) -> None:
    lock = ProjectLock(ProjectManager.UV, f"{ROOT}/uv.lock", changes=(LockChange("does not know `x`", "/p"),))
    refusals = ProjectRefusals((Refusal("uv", f"{ROOT}/pyproject.toml", "no", kind),))
    found = assess(lock_out_of_sync, project(ProjectManager.UV), lock, SHOP, refusals)
    assert [bool(found)] == [not stops]


@pytest.mark.sick("PRJ004")
def test_a_lock_behind_its_project() -> None:
    lock = msgspec.structs.replace(LOCK, changes=(LockChange("does not know `six`", f"{APP.path}:3"),))
    [finding] = differences(lock, None, where=None)
    assert finding.message == "uv.lock is out of date: it does not know `six`"
    assert finding.fix == Fix("Lock again", Run("uv", "lock", directory=ROOT), safety=Safety.CHANGES_STATE)
    [finding] = differences(lock, installed(rich="14.0", own="0", idna="3.7"))
    assert finding.fix.actions == (Run("uv", "lock", directory=ROOT), Run("uv", "sync", "--inexact", directory=ROOT))


@pytest.mark.sick("PRJ004")
@pytest.mark.parametrize(
    ("manager", "groups", "command"),
    [
        (ProjectManager.POETRY, ("",), Run("poetry", "install", directory=ROOT)),
        (ProjectManager.PIPENV, ("",), Run("pipenv", "sync", directory=ROOT)),
        (ProjectManager.PIPENV, ("develop",), Run("pipenv", "sync", "--dev", directory=ROOT)),
        (ProjectManager.PDM, ("",), Run("pdm", "sync", directory=ROOT)),
        (ProjectManager.PIP, ("",), Run(VENV.python, "-m", "pip", "install", "-r", f"{ROOT}/lock")),
    ],
)
def test_each_manager_installs_from_its_lock(manager: ProjectManager, groups: tuple[str, ...], command: Run) -> None:
    lock = ProjectLock(manager, f"{ROOT}/lock", (LockedPackage("rich", "14.0", groups),))
    [finding] = differences(lock, installed(rich="13", pip="25"))
    assert finding.fix.actions == (command,)


@pytest.mark.sick("PRJ004")
def test_a_python_without_pip_gets_one_before_it_installs_from_the_lock() -> None:
    lock = ProjectLock(ProjectManager.PIP, f"{ROOT}/lock", (LockedPackage("rich", "14.0", ("",)),))
    [finding] = differences(lock, installed(rich="13"))
    assert finding.fix.actions == (
        Run(VENV.python, "-m", "ensurepip", "--default-pip"),
        Run(VENV.python, "-m", "pip", "install", "-r", f"{ROOT}/lock"),
    )


@pytest.mark.sick("PRJ003")
def test_a_python_without_pip_is_filled_by_uv_or_gets_a_pip_first() -> None:
    python = VENV.python
    [by_uv] = unmet(declared("rich"), installed(), shop=msgspec.structs.replace(SHOP, uv=(0, 12, 5)))
    assert by_uv.fix.actions == (Run("uv", "pip", "install", "--python", python, "-r", TXT),)
    [by_pip] = unmet(declared("rich"), installed(), shop=msgspec.structs.replace(SHOP, uv=None))
    assert by_pip.fix.actions == (
        Run(python, "-m", "ensurepip", "--default-pip"),
        Run(python, "-m", "pip", "install", "-r", TXT),
    )


@pytest.mark.sick("PRJ004")
def test_a_group_is_in_use_when_something_of_it_is_installed() -> None:
    main = {"rich": "14.0", "own": "0", "idna": "3.7"}
    assert differences(LOCK, installed(**main)) == []
    [finding] = differences(LOCK, installed(**main, pytest="8.0"))
    assert "mypy is missing" in finding.message


@pytest.mark.healthy("PRJ004")
@pytest.mark.parametrize(
    ("changes", "have"),
    [
        ({}, installed(rich="14.0", own="9", idna="3.7", extra="1")),
        ({}, installed(rich="14.0+local", own="9", idna="3.7.0", pytest="8.0", mypy="1.0")),
        ({}, installed(pytest="8.0", mypy="1.0", idna="3.7")),  # only a group was wanted
        ({"complete": False}, installed(rich="14.0")),
        ({"member": True}, installed()),
        ({"packages": (LockedPackage("x", "1", ("",)), LockedPackage("x", "2", ("",)))}, installed(x="2")),
        ({"packages": ()}, installed()),
    ],
)
def test_an_environment_in_step(changes: dict[str, Any], have: InstalledPackages) -> None:
    assert differences(msgspec.structs.replace(LOCK, **changes), have) == []


@pytest.mark.sick("PRJ004")
def test_a_member_that_is_installed_misses_what_is_its_own() -> None:
    [finding] = differences(msgspec.structs.replace(LOCK, member=True), installed(app="1", rich="14.0", own="1"))
    assert "idna is missing" in finding.message
