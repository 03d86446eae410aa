"""Which conda is this, is it the one that is meant, and what is done in its base?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.conda.installations import CondaRoot, CondaRoots, RootKind
from envdoctor.facts.conda.shell_state import CondaCommand
from envdoctor.facts.project.project import Project
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.uv.context import Surroundings
from envdoctor.facts.uv.directories import Standing
from envdoctor.facts.uv.target import Source, UvTargets
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor_checks.common.installing import uninstalled
from envdoctor_checks.conda.activation import (
    is_on_top,
    leave,
    said,
)


@check("CND012", severity=Severity.ERROR, since="0.1")
def pip_installed_conda(command: CondaCommand) -> Iterator[Finding]:
    """The `conda` that answers was installed by pip, which cannot install conda.

    ## Why it matters
    conda manages the environment that it stands in. The package `conda` on Python's own index is an old library;
    in an environment that is not conda's it can create nothing and manage nothing, and it hides a real conda behind it.

    ## How to fix
    Uninstall that package, and install conda with its own installer.

    ## Not a problem when
    The `conda` that answers is in a conda environment, perhaps through a link, or comes from the system's packages.
    """
    if command.has_meta or command.installer not in ("pip", "uv"):
        return
    yield Finding(
        f"{command.path} is conda {command.version} from {command.installer}, which is not a working conda",
        Fix(
            "Uninstall conda from this environment",
            *uninstalled(f"{command.prefix}/bin/python", "conda", with_uv=command.installer == "uv"),
            safety=Safety.CHANGES_STATE,
        ),
        command.path,
        (Evidence(f"conda {command.version}, installed by {command.installer}", command.prefix),),
    )


@check("CND005", severity=Severity.WARNING, since="0.1", unless=("CND002",))
def several_conda_roots(roots: CondaRoots, conda: CondaActivation | None) -> Iterator[Finding]:
    """Several conda installations are set up in one session.

    ## Why it matters
    Each has its own environments, packages and configuration. `conda activate name` looks in one of them only, so that
    an environment "does not exist", or one of the same name is taken.

    ## How to fix
    Keep one set up: take the other off the search path and out of the start-up file.

    ## Not a problem when
    Another conda only lies on the disk, or is set up by a function or for another shell. micromamba has a root of its
    own beside conda.
    """
    used = [root for root in roots.roots if root.kind is RootKind.CONDA and in_use(root)]
    if len(used) < 2:
        return
    own = roots.find(roots.active) if roots.active else None
    evidence = tuple(Evidence(name.text, name.origin) for root in used for name in root.named if name.in_session)
    home = roots.root_of(conda.prefix, conda.real) if conda else None
    if conda is not None and own is not None and home is not None and home.real != own.real and home in used:
        yield Finding(
            f"the active {conda.prefix} belongs to the conda in {home.path}, but `conda` is here that of {own.path}",
            leave(conda),
            conda.prefix,
            (*said(conda), *evidence),
            Severity.ERROR,
        )
        return
    other = next(root for root in used if root != (own or used[0]))
    places = ", ".join(root.path for root in used)
    yield Finding(
        f"{len(used)} conda installations are set up in this session: {places}", put_away(other), other.path, evidence
    )


def in_use(root: CondaRoot) -> bool:
    """Whether something in this session leads to the root, and it does not merely exist."""
    return any(name.in_session for name in root.named)


def put_away(root: CondaRoot) -> Fix:
    """Take a root out of the session, as far as that is the search path's doing."""
    elements = tuple(name.text for name in root.named if name.origin == "PATH")
    if elements:
        return Fix(f"Remove {root.path} from the search path", *(RemoveFromPath(element) for element in elements))
    named = ", ".join(name.origin for name in root.named if name.in_session)
    return Fix("Keep one conda installation set up", Manual(f"Remove {root.path} from: {named}."))


@check(
    "CND010",
    severity=Severity.INFO,
    since="0.1",
    unless=("UV001", "UV006", "CND002"),
)
def working_in_base(
    conda: CondaActivation,
    roots: CondaRoots,
    answers: Answers,
    project: Project,
    venv: ActiveVenv | None,
    uv: UvTargets | None,
    seen: Surroundings | None,
    examined: Examined,
) -> Iterator[Finding]:
    """The work on a project goes into conda's base environment.

    ## Why it matters
    conda itself runs in the base. Packages of many projects pile up there, and one that conda does not get along with
    can end every conda command. It cannot be removed and recreated like another environment.

    ## How to fix
    Create an environment for the project: `conda create -n name python`, or `uv venv`.

    ## Not a problem when
    A virtual environment is active on top. The whole machine is made for one purpose, as a container is.
    """
    base = roots.find(conda.prefix, conda.real)
    alone = venv is None and (seen is None or not any(n.place.standing is Standing.ENVIRONMENT for n in seen.nearby))
    if base is None or not alone or not is_on_top(conda, answers.python.interpreter) or examined.at(Place.CONTAINER):
        return
    unknown = uv is not None and uv.pip.source is Source.CONDA
    yield Finding(
        f"the project in {project.root} uses conda's base environment {conda.prefix}"
        + (", which uv takes for an ordinary environment" if unknown else ""),
        Fix(
            "Create an environment for the project",
            Manual("Use `conda create -n name python`, or `uv venv` in the project."),
        ),
        conda.prefix,
        said(conda),
        Severity.WARNING if unknown else Severity.INFO,
    )
