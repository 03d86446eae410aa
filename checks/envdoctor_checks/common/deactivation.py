"""How does a shell leave an environment that it may only have inherited?"""

from __future__ import annotations

from posixpath import join

from envdoctor import Deactivate, RemoveFromPath


def deactivation(root: str) -> tuple[Deactivate, RemoveFromPath]:
    """The steps that leave a virtual environment, and take its programs off the search path.

    A child shell inherits `VIRTUAL_ENV` and `PATH` without the function `deactivate`; there, to unset the one leaves
    the other as it is.
    """
    return Deactivate(), RemoveFromPath(join(root, "bin"))
