"""Can the Python of an environment start, and does it see the environment's packages? Told from files alone."""

from __future__ import annotations

import os

from envdoctor.facts.venv.layout import LinkState, Venv
from envdoctor.text.patterns import pattern

LIBRARY = pattern(r"(?:python|pypy)([0-9]+\.[0-9]+)t?")
PROGRAM = pattern(r"(?:python|pypy)([0-9]+\.[0-9]+)(?:t|d|m|td)?")


def lost_base(venv: Venv) -> str | None:
    """The interpreter that an environment stands on and that does not exist; None if it is there, or was never.

    A link that leads to nothing tells. A copied program starts as long as the directory that `home` names is there,
    and so does a link, whatever `home` says.
    """
    match venv.python_state:
        case LinkState.DANGLING:
            return venv.base or venv.python
        case LinkState.REGULAR if venv.home and not venv.is_for_windows and not os.path.isdir(venv.home):
            return venv.base or venv.home
        case _:
            return None


def libraries(venv: Venv) -> tuple[str, ...]:
    """The minor versions for which an environment has a `site-packages`, sorted as text: `("3.11",)`."""
    names = (os.path.basename(os.path.dirname(directory)) for directory in venv.site_packages)
    return tuple(sorted({found[1] for name in names if (found := LIBRARY.fullmatch(name))}))


def program_minor(python: str) -> str | None:
    """The minor version of an interpreter by the name of the file that its links lead to; None if that tells nothing.

    `/usr/bin/python3.11` tells; the `python` of a copied environment does not.
    """
    named = PROGRAM.fullmatch(os.path.basename(os.path.realpath(python)))
    return named[1] if named else None


def drift(venv: Venv) -> tuple[str, str] | None:
    """The minor version that an environment's packages are for, and the other one that its Python is now.

    None where they agree, and where the files do not tell.
    """
    runs, made_for = program_minor(venv.python), libraries(venv)
    if venv.python_state is not LinkState.SYMLINK or runs is None or not made_for or runs in made_for:
        return None
    return made_for[-1], runs
