"""How is a file put out of the way, or kept before a tool writes it, so that it comes back exactly as it was?"""

from __future__ import annotations

from envdoctor import Fix, Run, Safety
from envdoctor.facts.commands.commands import Hit

COPY = ".before-envdoctor"


def aside(path: str, ending: str = ".old") -> Run:
    """Rename a file or a directory. What has the new name already stays: `envdoctor` then takes another one."""
    return Run("mv", "-n", "--", path, f"{path}{ending}")


def moved_back(*moves: Run) -> tuple[Run, ...]:
    """The `mv` of each file the other way round, the last one first."""
    return tuple(Run(*words, to, origin) for *words, origin, to in (move.argv for move in reversed(moves)))


def put_over(move: Run) -> tuple[Run, ...]:
    """The way back of a move where a tool has made the file again since."""
    return Run("rm", "-f", "--", move.argv[-2]), *moved_back(move)


def kept(path: str) -> Run:
    """Copy a file that another tool is about to write: what it drops, such as a comment, nobody else knows.

    An older copy stays, as with `aside`.
    """
    return Run("cp", "-n", "-p", "--", path, f"{path}{COPY}")


def put_back(path: str) -> tuple[Run, ...]:
    """Write into a file what its copy has, through links too, and leave no copy behind."""
    return Run("cp", "-p", "--", f"{path}{COPY}", path), Run("rm", "--", f"{path}{COPY}")


def disabled(hit: Hit, summary: str) -> Fix:
    """Take from everybody the right to execute a file. Without `a`, what the umask holds would stay."""
    given_back = () if hit.mode is None else (Run("chmod", f"{hit.mode:04o}", hit.path),)
    return Fix(summary, Run("chmod", "a-x", hit.path), safety=Safety.CHANGES_STATE, undo=given_back)
