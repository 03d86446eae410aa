"""PY: lines that fail or print whenever Python starts."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Safety, Severity, check
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.startup_faults import StartupFault
from envdoctor.text.patterns import pattern

# a line that can be named whole in a step: in printable ASCII, with no blank at its end
PLAIN = pattern(r"[!-~][ -~\t]{0,2000}(?<=[!-~])")


@check("PY013", severity=Severity.WARNING, since="0.1")
def startup_line_disturbs(active: ActivePython) -> Iterator[Finding]:
    """A line of a `.pth` file fails or prints each time that Python starts.

    ## Why it matters
    Python runs the `import` lines of every `.pth` file in `site-packages` before anything else. One that fails prints a
    traceback at every start, and the rest of its file is ignored. One that prints to standard output spoils what other
    tools read: editors, build tools and scripts that ask Python for a version or a path.

    ## How to fix
    Remove the line. It is most often left over from a package that was removed by hand. If you need that package,
    install it again first.

    ## Not a problem when
    The line works without a word, as those of setuptools, coverage, editable installs and namespace packages do.
    """
    python = active.interpreter
    for fault in python.startup_faults:
        what = f"fails at every start of {python.path}: {fault.error}"
        if fault.error is None:
            what = f"prints to standard output at every start of {python.path}"
        yield Finding(
            f"line {fault.number} of {fault.file} {what}",
            where=f"{fault.file}:{fault.number}",
            evidence=(Evidence(fault.text or "the line could not be read", f"{fault.file}:{fault.number}"),),
            fix=_fix(fault, system=not (python.is_venv or python.is_conda) and python.externally_managed is not None),
        )


def _fix(fault: StartupFault, *, system: bool) -> Fix:
    """Without the line; what the system's package manager has installed, only that may change."""
    summary = f"Remove the line from {fault.file}"
    if system or not (fault.text and PLAIN.fullmatch(fault.text)):
        return Fix(summary, Manual(f"Reinstall or remove the package that line {fault.number} of {fault.file} is from"))
    return Fix(summary, EditFile(fault.file, remove=(fault.text,)), safety=Safety.CHANGES_STATE)
