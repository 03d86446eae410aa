"""Has the session got the mirrors that the start-up files set?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.http.parts import credentials_of
from envdoctor.facts.mirrors.startup import StartupMirror, StartupMirrors
from envdoctor.facts.shell.startup_files import StartupFiles


@check("MIR011", severity=Severity.WARNING, since="0.1", where=("StartupMirrors.mirrors",))
def mirror_only_in_startup_file(found: StartupMirrors, startup: StartupFiles) -> Iterator[Finding]:
    """A start-up file sets a mirror, but this session does not have it.

    ## Why it matters
    A variable in a start-up file reaches only the shells that read the file after it was written: not a terminal that
    was open before, not an editor or a service that was started elsewhere, not a script or `ssh` command where the file
    ends early. A line without `export` reaches no program at all.

    ## How to fix
    Set it in this shell too, or start a new one. Write `export` in front of the assignment.

    ## Not a problem when
    The line depends on a condition, or belongs to another shell. A value that differs may be meant for this session.
    """
    lost = [mirror for mirror in found.mirrors if mirror.here is None and mirror.value is not None]
    files = dict.fromkeys(mirror.line.file for mirror in lost)
    for file in files:
        here = [mirror for mirror in lost if mirror.line.file == file]
        exported = [mirror for mirror in here if mirror.exported]
        if exported:
            yield _absent(file, exported, startup)
        for mirror in here:
            if not mirror.exported:
                yield _not_exported(mirror)
    for mirror in found.mirrors:
        # a carriage return comes of the file's line ends, which ENV017 tells
        if mirror.exported and mirror.here is not None and mirror.value not in (None, mirror.here.removesuffix("\r")):
            yield _different(mirror)


def _absent(file: str, mirrors: list[StartupMirror], startup: StartupFiles) -> Finding:
    names = " and ".join(mirror.name for mirror in mirrors)
    guard = startup.guard_before(mirrors[0].line)
    evidence = [mirror.line.evidence for mirror in mirrors]
    if guard is not None:
        evidence.append(Evidence("the file ends here unless the shell is interactive", guard.origin))
    one = len(mirrors) == 1
    return Finding(
        f"{names} {'is' if one else 'are'} exported in {file}, but not set in this session",
        Fix(f"Set {names} here too", *map(_setting, mirrors)),
        mirrors[0].line.origin,
        tuple(evidence),
    )


def _setting(mirror: StartupMirror) -> SetVariable | Manual:
    value = mirror.value or ""
    if credentials_of(value).secret:
        return Manual(f"Run the line that sets {mirror.name} in {mirror.line.origin}, or start a new shell.")
    return SetVariable(mirror.name, value)


def _not_exported(mirror: StartupMirror) -> Finding:
    later = Manual(f"Write export in front of it in {mirror.line.origin}.")
    return Finding(
        f"{mirror.name} is set in {mirror.line.file} without export, so that no program sees it",
        Fix("Export the variable", _setting(mirror), later),
        mirror.line.origin,
        (mirror.line.evidence,),
    )


def _different(mirror: StartupMirror) -> Finding:
    return Finding(
        f"{mirror.name} is not what {mirror.line.file} sets it to",
        Fix("Set the variable as the file does, unless it should differ", _setting(mirror)),
        mirror.line.origin,
        (mirror.line.evidence, Evidence(f"{mirror.name}={mirror.here}", mirror.name)),
        Severity.INFO,
    )
