"""TRM: another user's home and search path, which `su` keeps."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from envdoctor import Evidence, Finding, Fix, Manual, Scope, Severity, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.session.switched_user import SwitchedUser

COMMANDS = ("python", "python3", "pip", "pip3", "uv", "conda")


@check("TRM010", severity=Severity.WARNING, since="0.1")
def other_user_kept_by_su(switched: SwitchedUser, commands: Commands) -> Iterator[Finding]:
    """After `su` without a dash, the home directory or the `python` that answers is still the other user's.

    ## Why it matters
    `su` alone keeps the search path, and `su -m` keeps `HOME` too. `pip` and `uv` then read the settings of the other
    user, use their caches and packages, and install into their environments. The files that they leave there belong to
    the wrong user, who cannot change them later.

    ## How to fix
    Exit this shell, and open one with `su -`, which starts as if the user had logged in.

    ## Not a problem when
    `HOME` and the commands of Python are this user's or the system's. A session that sudo, ssh or a login has opened
    below `su` has an environment of its own.
    """
    kept = {each.path.rstrip("/"): each for each in switched.kept_path}
    hits = ((name, commands.first(name)) for name in COMMANDS)
    foreign = [(name, hit.path, kept[dirname(hit.path)]) for name, hit in hits if hit and dirname(hit.path) in kept]
    evidence = [Evidence(f"a shell of {switched.user} below `su`", f"process {switched.process}")]
    home = switched.kept_home
    if home:
        evidence.append(Evidence(f"HOME={home.path}, which belongs to {home.owner}", "HOME"))
        evidence.append(Evidence(f"the home of {switched.user} is {switched.home}", "the database of users"))
    evidence += [Evidence(f"`{name}` is {path}, in a directory of {of.owner}", "PATH") for name, path, of in foreign]
    if home:
        message = f"this shell of {switched.user} has the home of {home.owner}: HOME is {home.path}"
    elif foreign:
        name, path, of = foreign[0]
        message = f"this shell of {switched.user} has the search path of {of.owner}: `{name}` is {path}"
    else:
        return
    yield Finding(
        message,
        where="HOME" if home else "PATH",
        evidence=tuple(evidence),
        fix=Fix(
            f"Open the shell of {switched.user} with a dash",
            Manual(f"Exit this shell, and type `su - {switched.user}`"),
            scope=Scope.SESSION,
        ),
    )
