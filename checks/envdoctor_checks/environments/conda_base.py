"""ENV: an environment that stands on conda's Python."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.facts.project.requires_python import RequiredPython, admits, best, lowest
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.session.context import Examined
from envdoctor_checks.common.rebuild import (
    make_with_uv,
    minor_of,
    place_of,
    rebuild,
    seed,
)
from envdoctor_checks.environments.usage import _is_inside


@check("ENV011", severity=Severity.INFO, since="0.1", where=("VenvConditions.conditions.venv.base_is_conda",))
def built_on_conda_python(
    conditions: VenvConditions,
    builders: Builders,
    at_hand: PythonsAtHand,
    required: RequiredPython | None,
    roots: CondaRoots | None,
    examined: Examined,
) -> Iterator[Finding]:
    """A virtual environment stands on the Python of a conda environment.

    ## Why it matters
    It works, but it depends on that conda environment: an update can break it, its removal will, and its Python brings
    conda's C++ libraries along. uv and `python -m venv` take conda's Python when it is first on the path.

    ## How to fix
    Recreate it on a Python that stays and that the project admits: uv's, pyenv's or the system's. Or keep both it and
    the conda environment.

    ## Not a problem when
    Your organisation provides conda's Python for everybody, and maintains it.
    """
    for condition in conditions.conditions:
        venv = condition.venv
        if not venv.base_is_conda or condition.defect is not None or venv.home is None:
            continue
        if condition.base_owner not in (None, examined.effective_user_id):
            continue
        prefix = dirname(venv.home.rstrip("/"))
        is_root = roots is not None and any(prefix in (root.path, root.real) for root in roots.roots)
        name = "conda's base environment" if is_root else f"the conda environment {basename(prefix)}"
        yield Finding(
            f"{condition.kind} {venv.root} stands on {name}, {prefix}, and breaks without it",
            where=venv.config or venv.root,
            evidence=(venv.config_line("home"), Evidence(f"{prefix}/conda-meta exists", prefix)),
            fix=_on_another_python(condition, builders, _others(at_hand, prefix, roots), required),
            severity=Severity.INFO if is_root else Severity.WARNING,
        )


def _others(at_hand: PythonsAtHand, prefix: str, roots: CondaRoots | None) -> tuple[PythonAtHand, ...]:
    """The Pythons of this machine that do not belong to conda."""
    condas = (prefix, *(path for root in (roots.roots if roots else ()) for path in (root.path, root.real)))
    return tuple(python for python in at_hand.pythons if not any(_is_inside(python.path, conda) for conda in condas))


def _on_another_python(
    condition: Condition, builders: Builders, others: tuple[PythonAtHand, ...], required: RequiredPython | None
) -> Fix:
    """The environment on a Python that the project admits: of the same minor version if there is one, else the newest.

    Where there is none, uv brings one.
    """
    alternatives = required.requires.alternatives if required else ("",)
    same = minor_of(condition.venv)
    alike = tuple(python for python in others if python.minor == same)
    if python := best(alternatives, alike) or best(alternatives, others):
        return rebuild(condition, builders, python=python.path)
    if required is None and builders.pythons:
        return rebuild(condition, builders, python=builders.pythons[0])
    minor = same if same and admits(alternatives, same) else lowest(alternatives)
    if builders.uv and minor:
        options = (*seed(condition.venv), "--python-preference", "only-managed")
        made = make_with_uv(place_of(condition.venv), builders, minor, *options)
        summary = "Recreate the environment on a Python from uv; then install its packages again"
        return Fix(summary, made, safety=Safety.DESTRUCTIVE)
    first = f"First install a Python {minor or 'that the project admits'} that does not belong to conda"
    return Fix("Recreate the environment on another Python", Manual(first))
