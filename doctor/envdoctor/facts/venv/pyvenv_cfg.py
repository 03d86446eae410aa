"""What does `pyvenv.cfg`, the file that makes a directory a virtual environment, say?

It is no INI file: each line is a key and a value with the first `=` between them, blanks around either, no sections.
venv, virtualenv and uv write different keys, so each is read on its own and may be missing.
"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact
from envdoctor.system.files import read_text
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

NAME = "pyvenv.cfg"
# what venv, virtualenv and uv write; the value of any other key may be anything, a secret too
KEYS = frozenset(
    (
        *("home", "version", "version_info", "implementation", "include-system-site-packages", "executable", "command"),
        *("prompt", "uv", "virtualenv", "base-prefix", "base-exec-prefix", "base-executable", "relocatable", "seed"),
        *("extends-environment",),
    )
)
MINOR = pattern(r"[0-9]{1,9}\.[0-9]{1,9}")


class ConfigLine(Fact, frozen=True):
    """One setting: its key in lower case, `…` for one that no tool writes; its value, else empty; its line."""

    key: str
    value: str
    line: int


class PyvenvConfig(Fact, frozen=True):
    """A `pyvenv.cfg`.

    Attributes:
        path: the file.
        lines: its settings, in order.
    """

    path: str
    lines: tuple[ConfigLine, ...] = ()

    def line(self, key: str) -> ConfigLine | None:
        """The setting of this key; the last one counts, as for Python itself."""
        return next((line for line in reversed(self.lines) if line.key == key), None)

    def get(self, key: str) -> str | None:
        """The value of this key."""
        line = self.line(key)
        return line.value if line else None

    def origin(self, key: str) -> str:
        """Where the value of this key stands, as `file:line`; the file alone if it has none."""
        line = self.line(key)
        return f"{self.path}:{line.line}" if line else self.path

    @property
    def home(self) -> str | None:
        """The directory of the interpreter that the environment was made from."""
        return self.get("home")

    @property
    def version(self) -> str | None:
        """The version of Python that the environment was made for, as written: `3.12.1`, `3.12.1.final.0`, `3.12`."""
        return self.get("version_info") or self.get("version")

    @property
    def minor(self) -> str | None:
        """That version as `3.12`."""
        found = MINOR.match(self.version or "")
        return found[0] if found else None


def parse(path: str, text: str) -> PyvenvConfig:
    """The settings in the text of a `pyvenv.cfg`; lines without `=` say nothing."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, value = line.partition("=")
        if equals:
            name = key.strip().lower()
            lines.append(ConfigLine(name, value.strip(), number) if name in KEYS else ConfigLine("…", "", number))
    return PyvenvConfig(path, tuple(lines))


def read(root: str) -> PyvenvConfig:
    """The `pyvenv.cfg` of the environment in a directory. Raises `files.Unreadable`, also where there is none."""
    path = os.path.join(root, NAME)
    return parse(path, read_text(path, limits.SMALL_FILE))
