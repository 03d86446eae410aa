"""CND: packages that stayed with the Python that conda has replaced."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity, check
from envdoctor.facts.conda.former_python import FormerPython, Stranded

SHOWN = 8


@check("CND016", severity=Severity.WARNING, since="0.1")
def packages_of_the_former_python(former: FormerPython) -> Iterator[Finding]:
    """The Python of a conda environment was changed, and what pip had installed stayed with the one before.

    ## Why it matters
    `conda install python=3.N` moves conda's own packages to the new Python. Those of pip lie in `lib/python3.OLD`,
    where nothing looks for them: imports fail, and `conda list` does not say why.

    ## How to fix
    Install them with the pip of the new Python. The old directory may be removed afterwards.

    ## Not a problem when
    The packages are there for the new Python too, by pip or by conda, or conda itself has put them into the directory.
    """
    if not former.stranded:
        return
    names = ", ".join(package.name for package in former.stranded[:SHOWN])
    more = len(former.stranded) - SHOWN
    yield Finding(
        f"{names}{f' and {more} more' if more > 0 else ''} in {former.prefix} cannot be imported: installed for Python "
        f"{former.former}, and the environment now has {former.minor}",
        _fix(former),
        former.directory,
        tuple(
            Evidence(f"{package.name} {package.version}, installed by {package.installer}", former.directory)
            for package in former.stranded[:SHOWN]
        ),
    )


def _fix(former: FormerPython) -> Fix:
    python = f"{former.prefix}/bin/python"
    by_pip = any(package.installer == "pip" for package in former.stranded)
    install = (python, "-m", "pip", "install") if by_pip else ("uv", "pip", "install", "--python", python)
    pip_first = by_pip and not former.has_pip
    steps: list[Run | Manual] = []
    if pip_first:
        steps.append(Run("conda", "install", "--yes", "--prefix", former.prefix, "pip"))
    if words := tuple(word for package in former.stranded for word in _asked_for(package)):
        steps.append(Run(*install, *words))
    lost = [package for package in former.stranded if not _asked_for(package)]
    steps += [Manual(f"Install {package.name} again from {package.source}") for package in lost]
    return Fix("Install these packages for the new Python", *steps, safety=Safety.CHANGES_STATE)


def _asked_for(package: Stranded) -> tuple[str, ...]:
    """How pip is asked for a package: the version before may not exist for this Python."""
    if package.source is None:
        return (package.name,)
    return ("--editable", package.source) if package.editable else ()
