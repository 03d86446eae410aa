"""How is a package of an environment installed, replaced or removed, by the tool that the environment is kept with?"""

from __future__ import annotations

import msgspec

from envdoctor import Fix, Manual, Run, Safety
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.venv.layout import Tool
from envdoctor.text.patterns import pattern
from envdoctor_checks.common import installing

NAME = pattern(r"[A-Za-z0-9._-]*[A-Za-z0-9]")


class Means(msgspec.Struct, frozen=True):
    """What a fix can work with.

    Attributes:
        target: the environment.
        builders: what is at hand.
        has_pip: whether the environment has a pip.
        managed: what the project's manager keeps in the project's environment; None if it keeps none.
    """

    target: Target
    builders: Builders
    has_pip: bool = True
    managed: ManagedPackages | None = None

    @property
    def with_uv(self) -> bool:
        """Whether uv does it: in what it has made, and where there is no pip."""
        made_it = self.target.tool is Tool.UV
        return installing.is_uvs_turn(at_hand=self.builders.uv is not None, has_pip=self.has_pip, made_it=made_it)

    def install(self, *specs: str) -> tuple[Run, ...]:
        """The commands that install packages, and change what does not fit them."""
        return installing.installed(self.target.python, *specs, with_uv=self.with_uv, has_pip=self.has_pip)

    def manager(self, *specs: str) -> ManagedPackages | None:
        """The project's manager, if it keeps this environment: with one of these packages in it, if some are named."""
        managed = self.managed if self.target.near else None
        if managed is None or not specs:
            return managed
        wanted = {normalised(name[0]) for spec in specs if (name := NAME.match(spec))}
        return None if wanted.isdisjoint(managed.names) else managed


def changed(summary: str, means: Means, *specs: str, installer: str | None = None, lasting: bool = False) -> Fix:
    """Install packages with the tool that has them, or say with which.

    Args:
        summary: of the fix.
        means: what it can work with.
        specs: the packages, with options of pip's if they are nothing that a lock has.
        installer: what installed them before.
        lasting: whether they are to be the project's own from now on, if it has a manager.
    """
    target = means.target
    if target.externally_managed:
        text = f"Use the system's package manager for {' '.join(specs)}: pip is to keep off {target.root}"
        return Fix(summary, Manual(text))
    if managed := means.manager() if lasting else means.manager(*specs):
        verb = "install" if managed.manager is ProjectManager.PIPENV else "add"
        add = Run(managed.manager.value, verb, *specs, directory=managed.member or managed.directory)
        return Fix(summary, add, safety=Safety.CHANGES_STATE)
    if target.is_conda and not target.is_venv and installer == "conda":
        command = Run("conda", "install", "--yes", "--prefix", target.root, *specs)
        return Fix(summary, command, safety=Safety.CHANGES_STATE)
    return Fix(summary, *means.install(*specs), safety=Safety.CHANGES_STATE)


def upgraded(summary: str, means: Means, *names: str) -> Fix:
    """Install newer releases of packages, as far as the lock's own requirements admit them."""
    managed = means.manager(*names)
    if managed is None:
        return changed(summary, means, "--upgrade", *names)
    if managed.manager is ProjectManager.UV:
        options = tuple(word for name in names for word in ("--upgrade-package", name))
        command = Run("uv", "sync", "--inexact", *options, directory=managed.directory)
    else:
        command = Run(managed.manager.value, "update", *names, directory=managed.directory)
    return Fix(summary, command, safety=Safety.CHANGES_STATE)


def removed_then(summary: str, means: Means, paths: tuple[str, ...], *specs: str) -> Fix:
    """Delete files and directories, and install what they stood for again."""
    target = means.target
    if target.externally_managed or not all(map(target.owns, paths)):
        text = f"Delete {' and '.join(paths)}" + (f", and install {' '.join(specs)} there again" if specs else "")
        return Fix(summary, Manual(text))
    managed = means.manager(*specs) if specs else None
    installs = (_restored(managed, *specs),) if managed else means.install(*specs) if specs else ()
    return Fix(summary, Run("rm", "-rf", "--", *paths), *installs, safety=Safety.DESTRUCTIVE)


def _restored(managed: ManagedPackages, *specs: str) -> Run:
    """The command by which a manager installs again what its lock has and its environment has lost."""
    if managed.manager is ProjectManager.PIXI:  # it goes by conda's records, in which nothing is missing
        names = (spec.partition("==")[0] for spec in specs)
        return Run("pixi", "reinstall", *names, directory=managed.directory)
    return installing.synced(managed.manager, managed.directory)
