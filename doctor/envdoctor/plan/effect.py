"""One change that a step of a fix makes: a thing, and what becomes of it."""

from __future__ import annotations

import enum
import posixpath

import msgspec

ACTIVE = "the active environment"
"""What stands for an environment that a step does not name."""


class Verb(enum.Enum):
    """What becomes of a thing."""

    SET = "sets"
    UNSET = "unsets"
    READ = "reads"
    PUT = "puts first"
    DROP = "takes off"
    ADD = "adds"
    TAKE = "takes out"
    MAKE = "creates"
    CLEAR = "deletes"
    FILL = "installs into"
    INSTALL = "installs"
    UNINSTALL = "uninstalls"
    REPAIR = "repairs"
    ENTER = "activates"
    LEAVE = "leaves"


class Effect(msgspec.Struct, frozen=True):
    """One change.

    Attributes:
        verb: what becomes of the thing.
        thing: a variable, a setting, a file, a directory, an environment, a package behind its environment and a blank.
        value: the value that is set, the element of a list, the line of a file, the version of a package, the manager
            of an activation; None where the verb has none, or where it is not known.
    """

    verb: Verb
    thing: str
    value: str | None = None

    @property
    def named(self) -> str:
        """The thing as it is told: `numpy in /p/.venv` of a package."""
        if self.verb not in (Verb.INSTALL, Verb.UNINSTALL):
            return self.thing
        root, _, package = self.thing.rpartition(" ")
        return f"{package} in {root}"

    def lies_in(self, directory: str) -> bool:
        """Whether the thing is this directory, or is in it."""
        return self.thing == directory or self.thing.startswith((f"{directory}/", f"{directory} "))


def resolved(path: str, directory: str) -> str:
    """A path as it is seen from a directory, without `.` and a trailing slash."""
    return posixpath.normpath(posixpath.join(directory, path))
