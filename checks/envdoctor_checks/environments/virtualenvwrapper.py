"""ENV: the Python that virtualenvwrapper runs on."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, SetVariable, Severity, UnsetVariable, check
from envdoctor.facts.environments.virtualenvwrapper import VARIABLE, WrapperPython
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import lasting


@check("ENV018", severity=Severity.WARNING, since="0.1")
def virtualenvwrapper_python_unusable(python: WrapperPython, exported: ExportedLines | None) -> Iterator[Finding]:
    """`VIRTUALENVWRAPPER_PYTHON` names a Python that is gone, or that has no virtualenvwrapper.

    ## Why it matters
    `virtualenvwrapper.sh` runs its hooks with that Python. Without it every new shell prints "There was a problem
    running the initialization hooks", and `mkvirtualenv` and `workon` do not work.

    ## How to fix
    Set the variable to a Python that has virtualenvwrapper, or unset it: then `python3` of the search path is taken.

    ## Not a problem when
    virtualenvwrapper is among the user's packages, or was installed by the system for its Python.
    """
    if python.exists and python.has_wrapper is not False:
        return
    fault = "has no virtualenvwrapper" if python.exists else "does not exist"
    yield Finding(
        f"{VARIABLE} is {python.path}, which {fault}",
        where=VARIABLE,
        evidence=(Evidence(f"{VARIABLE}={python.path}", VARIABLE),),
        fix=lasting(_fix(python), exported),
    )


def _fix(python: WrapperPython) -> Fix:
    if python.other:
        return Fix("Name a Python that has virtualenvwrapper", SetVariable(VARIABLE, python.other))
    if not python.exists:
        return Fix(f"Unset {VARIABLE}", UnsetVariable(VARIABLE))
    summary = "Install virtualenvwrapper for this Python"
    if python.is_venv:
        install = Run(python.path, "-m", "pip", "install", "virtualenvwrapper")
        return Fix(summary, install, safety=Safety.CHANGES_STATE)
    return Fix(
        summary, Manual(f"Install virtualenvwrapper for {python.path}, or set {VARIABLE} to a Python that has it")
    )
