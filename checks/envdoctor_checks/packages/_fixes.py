"""How is a package of an environment installed, replaced or removed, by the tool that the environment is kept with?"""

from __future__ import annotations

import msgspec

from envdoctor import Fix, Manual, Run, Safety
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common import installing


class Means(msgspec.Struct, frozen=True):
    """What a fix can work with.

    Attributes:
        target: the environment.
        builders: what is at hand.
        has_pip: whether the environment has a pip.
    """

    target: Target
    builders: Builders
    has_pip: bool = True

    @property
    def with_uv(self) -> bool:
        """Whether uv does it: in what it has made, and where there is no pip."""
        made_it = self.target.tool is Tool.UV
        return installing.is_uvs_turn(at_hand=self.builders.uv is not None, has_pip=self.has_pip, made_it=made_it)

    def install(self, *specs: str) -> tuple[Run, ...]:
        """The commands that install packages, and change what does not fit them."""
        return installing.installed(self.target.python, *specs, with_uv=self.with_uv, has_pip=self.has_pip)


def changed(summary: str, means: Means, *specs: str, installer: str | None = None) -> Fix:
    """Install packages with the tool that has them, or say with which."""
    target = means.target
    if target.externally_managed:
        text = f"Use the system's package manager for {' '.join(specs)}: pip is to keep off {target.root}"
        return Fix(summary, Manual(text))
    if target.is_conda and not target.is_venv and installer == "conda":
        command = Run("conda", "install", "--yes", "--prefix", target.root, *specs)
        return Fix(summary, command, safety=Safety.CHANGES_STATE)
    return Fix(summary, *means.install(*specs), safety=Safety.CHANGES_STATE)


def removed_then(summary: str, means: Means, paths: tuple[str, ...], *specs: str) -> Fix:
    """Delete files and directories, and install what they stood for again."""
    target = means.target
    if target.externally_managed or not all(map(target.owns, paths)):
        text = f"Delete {' and '.join(paths)}" + (f", and install {' '.join(specs)} there again" if specs else "")
        return Fix(summary, Manual(text))
    installs = means.install(*specs) if specs else ()
    return Fix(summary, Run("rm", "-rf", "--", *paths), *installs, safety=Safety.DESTRUCTIVE)
