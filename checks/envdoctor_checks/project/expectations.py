"""PRJ: are the Python, the manager, the environment and the packages there that the configuration expects?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manager,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.environments import CondaEnvironments
from envdoctor.facts.dependencies.declared import DeclaredRequirement
from envdoctor.facts.dependencies.satisfaction import Unmet, unmet
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project import requires_python
from envdoctor.facts.project.environment import InstalledPackages, ProjectEnvironment
from envdoctor.facts.project.expected import (
    ExpectedEnvironment,
    ExpectedManager,
    ExpectedPackages,
    ExpectedPython,
    PlaceOfEnvironment,
)
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common import installing
from envdoctor_checks.project._fixes import Means, make, new_environment, other_python

BRINGING = (ProjectManager.UV, ProjectManager.PIXI)
ADDING = {
    ProjectManager.UV: ("uv", "add"),
    ProjectManager.POETRY: ("poetry", "add"),
    ProjectManager.PDM: ("pdm", "add"),
    ProjectManager.PIPENV: ("pipenv", "install"),
}


@check("PRJ101", severity=Severity.ERROR, since="0.1", unless=("PRJ001", "PRJ002"))
def expected_python_missing(
    expected: ExpectedPython,
    project: Project | None,
    pyproject: Pyproject | None,
    environment: ProjectEnvironment | None,
    builders: Builders,
    at_hand: PythonsAtHand,
) -> Iterator[Finding]:
    """The Python here is none of those that the project's configuration expects.

    ## Why it matters
    The project says in `[tool.envdoctor.expect]` what it is run and tested with. With another Python it may not
    install, or behave differently from what everybody else sees.

    ## How to fix
    Recreate the environment with a Python that fits, or activate the one that does.

    ## Not a problem when
    The project's environment fits and is not active: `uv run` and its like find it. Or uv or pixi have not made the
    environment yet: they bring a Python along. Both are noted only.
    """
    wanted = (expected.specifier,)
    python = next((one for one in expected.pythons if requires_python.admits(wanted, one.version) is False), None)
    if python is None:
        return
    requires = RequiresPython(expected.specifier, wanted, expected.origin)
    means = Means(project, builders, at_hand, pyproject, requires) if project else None
    fits_elsewhere = python is not expected.pythons[0]
    # these bring the Python along that the project asks for, once they make the environment
    will_be_brought = project is not None and environment is None and project.manager in BRINGING
    fix = Fix("Use a Python that fits", Manual(f"Install a Python that is {expected.specifier}, and activate it"))
    if fits_elsewhere and environment:
        fix = Fix("Activate the project's environment", Activate(environment.root))
    elif means:
        fix = other_python(means, environment) if environment else new_environment(means)
    yield Finding(
        f"{python.path} is Python {python.version}, and {expected.specifier} is expected",
        fix,
        expected.origin,
        (Evidence(f"python = {expected.specifier}", expected.origin), Evidence(python.version, python.path)),
        Severity.INFO if fits_elsewhere or will_be_brought else None,
    )


@check("PRJ102", severity=Severity.ERROR, since="0.1")
def expected_manager_missing(
    expected: ExpectedManager, project: Project | None, commands: Commands, conda: CondaActivation | None
) -> Iterator[Finding]:
    """The manager that the project's configuration expects is not installed, or the project's files are another's.

    ## Why it matters
    The project is installed with this manager. Another one resolves other versions, and leaves the lock file behind.

    ## How to fix
    Install the manager outside of the project.

    ## Not a problem when
    Conda is there under the name of mamba or micromamba.
    """
    names = {"conda": ("conda", "mamba", "micromamba"), "pip": ("pip", "pip3", "python3", "python")}
    said = Evidence(f"manager = {expected.name}", expected.origin)
    there = (expected.name == "conda" and conda is not None) or any(
        (hit := commands.first(name)) and not hit.problem for name in names.get(expected.name, (expected.name,))
    )
    if not there:
        yield Finding(
            f"{expected.name} is expected, and no `{expected.name}` is on the search path",
            _manager_installed(expected.name, commands),
            expected.origin,
            (said, Evidence(f"no `{expected.name}`", "PATH")),
        )
    elif project and project.claims and not project.claims_of(ProjectManager(expected.name)):
        claim = project.claims[0]
        if claim.manager is not project.manager or expected.name == "pip":
            return
        yield Finding(
            f"{expected.name} is expected, and the project's files are those of {claim.manager.value}",
            Fix(
                "Keep one manager",
                Manual(f"Move {claim.path} aside, or expect {claim.manager.value} in the configuration"),
            ),
            expected.origin,
            (said, Evidence(claim.kind.value, claim.origin)),
            Severity.WARNING,
        )


def _manager_installed(name: str, commands: Commands) -> Fix:
    for installer, command in (("uv", ("uv", "tool", "install")), ("pipx", ("pipx", "install"))):
        if commands.first(installer) and name in ("poetry", "pdm", "pipenv", "uv"):
            return Fix(f"Install {name}", Run(*command, name), safety=Safety.CHANGES_STATE)
    return Fix(f"Install {name}", Manual(f"Install {name} as its documentation says, outside of the project"))


@check("PRJ103", severity=Severity.ERROR, since="0.1")
def expected_environment_inactive(
    expected: ExpectedEnvironment,
    known: CondaEnvironments | None,
    project: Project | None,
    pyproject: Pyproject | None,
    builders: Builders,
    at_hand: PythonsAtHand,
) -> Iterator[Finding]:
    """The environment that the project's configuration expects is not the active one.

    ## Why it matters
    Commands run, and packages are installed, in another environment than the project's.

    ## How to fix
    Activate the environment; create one first where there is none yet.

    ## Not a problem when
    `python` runs in it without an activation, as in an image that has it on `PATH`. One of several that are expected
    is active.
    """
    if any(place.is_active for place in expected.places):
        return
    names = " or ".join(place.text for place in expected.places)
    means = Means(project, builders, at_hand, pyproject) if project else None
    yield Finding(
        f"{names} is expected to be active, and {f'{expected.active} is' if expected.active else 'no environment is'}",
        _activation(expected.places, known, means),
        expected.origin,
        (
            Evidence(f"environment = {names}", expected.origin),
            Evidence(expected.active or "nothing is active", "the variables of the session"),
        ),
    )


def _activation(places: tuple[PlaceOfEnvironment, ...], known: CondaEnvironments | None, means: Means | None) -> Fix:
    for place in places:
        if place.is_venv or place.is_conda:
            manager = Manager.CONDA if place.is_conda else Manager.VENV
            return Fix("Activate the environment", Activate(place.place, manager))
        if place.is_name and known and known.called(place.text):
            return Fix("Activate the environment", Activate(place.text, Manager.CONDA))
    first, python = places[0], means.python() if means else None
    if first.is_name or means is None or python is None or (python.path is None and not means.builders.fetches):
        return Fix(
            f"Create the environment {first.text}", Manual(f"Create the environment {first.text}, and activate it")
        )
    if means.project.manager is ProjectManager.UV and first.place == f"{means.project.root}/.venv":
        made: tuple[Run | Manual, ...] = (Run("uv", "sync", directory=means.project.root),)
    else:
        made = make(means, python, first.place)
    return Fix("Create the environment, and activate it", *made, Activate(first.place), safety=Safety.CHANGES_STATE)


@check("PRJ107", severity=Severity.ERROR, since="0.1", unless=("PRJ003", "PRJ004"))
def expected_packages_missing(
    expected: ExpectedPackages,
    environment: ProjectEnvironment,
    installed: InstalledPackages,
    project: Project,
    builders: Builders,
) -> Iterator[Finding]:
    """A package that the project's configuration expects is not installed, or is installed in another version.

    ## Why it matters
    The project fails at the first import, or behaves differently from what everybody else sees.

    ## How to fix
    Install it with the project's own manager.

    ## Not a problem when
    A marker says that the requirement is for another system or another Python.
    """
    versions = {package.name: package.version for package in installed.packages}
    asked = [DeclaredRequirement(each.text, each.origin) for each in expected.requirements]
    missed = tuple(unmet(asked, (), versions, environment))
    fix = _added(missed, versions, environment, project, builders) if missed else None
    for one in missed:
        there = f"{one.name} {one.installed} is installed" if one.installed else f"{one.name} is not installed"
        yield Finding(
            f"{there} in {environment.root}, and {one.wanted} is expected",
            fix or Fix("Install the packages", Manual("Install the packages")),
            one.requirement.origin,
            (Evidence(one.requirement.text, one.requirement.origin),),
        )


def _added(
    missed: tuple[Unmet, ...],
    versions: dict[str, str],
    environment: ProjectEnvironment,
    project: Project,
    builders: Builders,
) -> Fix:
    """Install all that is missing with the project's own manager."""
    texts = tuple(one.wanted for one in missed)
    if environment.is_conda and not environment.is_venv:
        steps: tuple[Run | Manual, ...] = (Run("conda", "install", "--prefix", environment.root, *texts),)
    elif environment.externally_managed:
        steps = (Manual(f"Install {', '.join(texts)} into an environment of the project's own"),)
    elif (command := ADDING.get(project.manager)) and not builders.missing:
        steps = (Run(*command, *texts, directory=project.root),)
    else:
        has_pip = "pip" in versions
        uvs = installing.is_uvs_turn(
            at_hand=builders.uv is not None, has_pip=has_pip, made_it=environment.tool is Tool.UV
        )
        steps = installing.installed(environment.python, *texts, with_uv=uvs, has_pip=has_pip)
        steps = installing.prepared(steps, environment.minor, bundled=environment.bundles_pip)
    return Fix("Install the packages that are expected", *steps, safety=Safety.CHANGES_STATE)
