"""Where would an install through each tool land, and why? What `envdoctor which` shows."""

from __future__ import annotations

import enum
import glob
import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.conda.installations import CondaRoot, CondaRoots, RootKind
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.uv.health import UvAnswer
from envdoctor.facts.uv.target import Source, UvTarget, UvTargets
from envdoctor.facts.uv.variables import YES
from envdoctor.system.session import Session

REDIRECTIONS = ("target", "prefix")  # both also pass the guard of an externally managed Python


class TargetKind(enum.Enum):
    """What an install would change."""

    ENVIRONMENT = "virtual environment"
    CONDA = "conda environment"
    CONDA_BASE = "conda base environment"
    PYTHON = "Python installation"
    MISSING = "not there yet"
    NOTHING = "nothing"


class InstallTarget(Fact, frozen=True):
    """Where one command would install.

    Attributes:
        command: as it is typed.
        root: the environment that it changes, as the tool spells it; None if it changes nothing.
        kind: what that is.
        name: what people call it: the name of a conda environment, the directory of another.
        reason: why there, or why nowhere, as a clause that begins with a small letter.
        real: the same directory with all links resolved, to compare targets by.
    """

    command: str
    root: str | None
    kind: TargetKind
    name: str | None
    reason: str
    real: str | None = None


class InstallTargets(Fact, frozen=True):
    """Where each command would install. A tool that is not here says so in its reason."""

    targets: tuple[InstallTarget, ...]

    def of(self, command: str) -> InstallTarget | None:
        """The target of one command."""
        return next((target for target in self.targets if target.command == command), None)


@probe
def probe_install_targets(
    session: Session,
    answers: Answers,
    pip: PipSettings,
    uv: UvTargets | None,
    uv_answer: UvAnswer | None,
    roots: CondaRoots | None,
) -> InstallTargets:
    """Follow each command to the environment that it would change; nothing is run."""
    python = answers.python if answers.python.hit else answers.python3
    found = (
        ("pip install", *redirected(pip, *of_pip(answers.pip))),
        (f"{python.name} -m pip install", *redirected(pip, *of_python(python))),
        ("uv pip install", *_guarded_by_uv(session, *of_uv(uv.pip if uv else None, uv_answer))),
        ("uv run", *of_uv(uv.run if uv else None, uv_answer)),
        ("uv add", *of_uv(_add_target(uv) if uv else None, uv_answer)),
        (conda_command(roots), *of_conda(session.env.get("CONDA_PREFIX"), roots)),
    )
    return InstallTargets(tuple(_target(command, root, reason, roots) for command, root, reason in found))


def of_pip(pip: Answer) -> tuple[str | None, str]:
    """Where a bare `pip` installs: into the environment of the Python that runs it."""
    if pip.hit is None:
        return None, "there is no `pip` on the search path"
    if pip.interpreter is None:
        return None, pip.fault or f"{pip.hit.path} is run by no Python"
    return _guarded(pip, f"{pip.hit.path} runs with its Python")


def of_python(python: Answer) -> tuple[str | None, str]:
    """Where `python -m pip` installs: into that Python's own environment."""
    if python.hit is None:
        return None, "there is no `python` on the search path"
    if python.interpreter is None:
        return None, python.fault or f"{python.hit.path} is no Python"
    if python.interpreter.pip is None:
        return None, f"{python.hit.path} has no pip"
    return _guarded(python, f"{python.hit.path} is its Python")


def _guarded(answer: Answer, reason: str) -> tuple[str | None, str]:
    interpreter = answer.interpreter
    assert interpreter is not None  # noqa: S101 - both callers have asked
    if interpreter.externally_managed and not interpreter.is_venv:
        return None, f"pip refuses: {interpreter.prefix} is externally managed"
    return interpreter.prefix, reason


def redirected(settings: PipSettings, root: str | None, reason: str) -> tuple[str | None, str]:
    """Where pip installs in the end, if a setting sends its installs away. Without any pip, nowhere."""
    for option in REDIRECTIONS:
        setting = settings.effective(option)
        if setting is not None and (root is not None or "externally managed" in reason):
            return setting.value, f"{setting.origin} sends installs there"
    return root, reason


def of_uv(target: UvTarget | None, answer: UvAnswer | None) -> tuple[str | None, str]:
    """Where uv goes, if it goes at all."""
    if target is None:
        return None, "there is no working `uv` on the search path"
    if answer is not None and answer.refusal is not None:
        return None, f"uv refuses every command: {answer.refusal.said}"
    return target.root, target.reason


def _guarded_by_uv(session: Session, root: str | None, reason: str) -> tuple[str | None, str]:
    """The same, unless it is a Python that belongs to somebody else: uv keeps off it as pip does."""
    if root is None or os.path.isfile(os.path.join(root, "pyvenv.cfg")):
        return root, reason
    guards = glob.glob(os.path.join(glob.escape(root), "lib", "python3*", "EXTERNALLY-MANAGED"))
    if not guards or session.env.get("UV_BREAK_SYSTEM_PACKAGES", "").lower() in YES:
        return root, reason
    return None, f"uv refuses: {root} is externally managed ({reason})"


def _add_target(uv: UvTargets) -> UvTarget:
    """What `uv add` changes: the environment of a project, and without one nothing."""
    if uv.run.source is Source.PROJECT:
        return uv.run
    return UvTarget(None, Source.NOTHING, "uv refuses: there is no pyproject.toml here or above")


def of_conda(prefix: str | None, roots: CondaRoots | None) -> tuple[str | None, str]:
    """Where conda installs: into the active environment, into the base where none is active."""
    if prefix and os.path.isfile(os.path.join(prefix, "conda-meta", "pixi")):
        return None, f"pixi manages {prefix}: `pixi add` installs into it"
    if prefix and os.path.isdir(prefix):
        return prefix, "CONDA_PREFIX names it"
    kept = _of_conda_itself(roots)
    active = next((root for root in kept if roots and root.path == roots.active), kept[0] if kept else None)
    if active is None:
        return None, "there is no conda here"
    if prefix:
        return None, f"conda refuses: CONDA_PREFIX names {prefix}, which does not exist"
    return active.path, "no environment is active, which leaves the base"


def conda_command(roots: CondaRoots | None) -> str:
    """What installs into conda environments here."""
    return "micromamba install" if roots and roots.roots and not _of_conda_itself(roots) else "conda install"


def _of_conda_itself(roots: CondaRoots | None) -> tuple[CondaRoot, ...]:
    return tuple(root for root in roots.roots if root.kind is RootKind.CONDA) if roots else ()


def _target(command: str, root: str | None, reason: str, roots: CondaRoots | None) -> InstallTarget:
    if root is None:
        return InstallTarget(command, None, TargetKind.NOTHING, None, reason)
    kind = kind_of(root, roots)
    parent, base = os.path.split(root.rstrip("/"))
    named = {TargetKind.CONDA_BASE: "base", TargetKind.CONDA: base if os.path.basename(parent) == "envs" else root}
    return InstallTarget(command, root, kind, named.get(kind, root), reason, os.path.realpath(root))


def kind_of(root: str, roots: CondaRoots | None) -> TargetKind:
    """What a directory is, as a target of installs."""
    if not os.path.isdir(root):
        return TargetKind.MISSING
    if os.path.isfile(os.path.join(root, "pyvenv.cfg")):
        return TargetKind.ENVIRONMENT
    if os.path.isdir(os.path.join(root, "conda-meta")):
        return TargetKind.CONDA_BASE if roots and roots.find(root, os.path.realpath(root)) else TargetKind.CONDA
    return TargetKind.PYTHON
