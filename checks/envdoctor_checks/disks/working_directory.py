"""DSK: a session in a directory that is no longer there."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Run, Scope, Severity, check
from envdoctor.facts.disks.working_directory import WorkingDirectory
from envdoctor.facts.session.context import Examined

STOPPED = (("uv",), ("pip", "install"), ("poetry",), ("pdm",))


@check("DSK010", severity=Severity.ERROR, since="0.1", where=("WorkingDirectory.gone",))
def working_directory_gone(directory: WorkingDirectory, examined: Examined) -> Iterator[Finding]:
    """The directory in which this shell works has been deleted.

    ## Why it matters
    A shell stays in a directory that another program deletes, and the prompt goes on naming it. uv stops with
    "Current directory does not exist", poetry, pdm, `python -m pip` and `pip install` with "No such file or directory".
    Where the directory has been made again, by a build or a checkout of git, `ls` shows nothing of the new one.

    ## How to fix
    Change to a directory that exists. Where it has been made again, `cd "$PWD"` is enough.

    ## Not a problem when
    The directory has only been moved or renamed: programs find it under its new name.
    """
    if not directory.gone:
        return
    named = f"the working directory {directory.path}" if directory.path else "the working directory"
    if directory.made_again:
        message = f"{named} has been deleted and made again, and this shell is still in the deleted one"
        summary = "Change to the directory that is there now"
    else:
        message, summary = f"{named} has been deleted", "Change to a directory that exists"
    told = (Evidence(f"PWD={directory.path}", "variable PWD"),) if directory.path else ()
    yield Finding(
        f"{message}: uv, poetry and `pip install` stop here",
        Fix(summary, Run("cd", directory.nearest or examined.home or "/"), scope=Scope.SESSION),
        directory.path or "working directory",
        (Evidence("its name cannot be found out: no such directory", "getcwd"), *told),
        stops=STOPPED,
    )
