"""Where in a checkout a finding is shown, and the fingerprint by which it is known again."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.judge import Result
from envdoctor.text.patterns import pattern

LINE = pattern(r"(?P<path>[^\n]+?):(?P<line>[0-9]{1,9})(?::[0-9]+)?")
NUMBER = pattern(r"[0-9]+")
# the files of a project that people keep in a repository and that findings are about
KEPT = pattern(
    r"(?:.*/)?(?:[^/]+\.(?:toml|txt|in|lock|cfg|ini|py|yml|yaml|json|sh|md)|Pipfile|Dockerfile|\.env[^/]*|\.condarc"
    r"|\.python-versions?|\.tool-versions|pip\.conf)"
)
INSTALLED = pattern(
    r"(?:.*/)?(?:\.venv|venv|env|\.env|virtualenv|site-packages|node_modules|\.pixi|conda-meta)/.*", re.DOTALL
)


class Base(msgspec.Struct, frozen=True):
    """What a place is told relative to.

    Attributes:
        roots: the directory of the checkout, in each spelling.
        home: the home directory, which a fingerprint leaves out; None if there is none.
        governing: the file at which a finding is shown that is about no file of the checkout.
    """

    roots: tuple[str, ...] = ()
    home: str | None = None
    governing: str = "pyproject.toml"

    def inside(self, path: str) -> str | None:
        """A path relative to the checkout; None if it is outside of it."""
        if not path.startswith(("/", "~")):
            return None if ".." in path.split("/") else path.removeprefix("./")
        path = os.path.normpath(path)
        return next((path[len(root) + 1 :] for root in self.roots if path.startswith(f"{root}/")), None)


class Place(msgspec.Struct, frozen=True):
    """A line of a file in a checkout.

    Attributes:
        file: the path, relative to the checkout.
        line: the line, counted from 1.
        exact: whether the finding is about just this file, and not about something outside of the checkout.
    """

    file: str
    line: int = 1
    exact: bool = True


def place_of(finding: Finding, base: Base) -> Place:
    """Where a finding is shown: the first line of a kept file that it names, else such a file, else what governs."""
    named = list(_named(finding, base))
    return next((place for place in named if place.line > 1), named[0] if named else Place(base.governing, exact=False))


def _named(finding: Finding, base: Base) -> Iterator[Place]:
    for text in (finding.where, *(evidence.origin for evidence in finding.evidence)):
        match = LINE.fullmatch(text or "")
        path = base.inside(match["path"] if match else text or "")
        if path and KEPT.fullmatch(path) and not INSTALLED.fullmatch(path):
            yield Place(path, max(int(match["line"]), 1) if match else 1)


def fingerprint_of(result: Result, finding: Finding, base: Base) -> str:
    """What stays the same of a finding when its checkout, its home or its lines move: 64 hexadecimal digits.

    It is made of the code and of what is concerned, without the checkout, the home directory and all numbers.
    """
    where = finding.where or finding.message
    for name, directories in (("checkout", base.roots), ("home", (base.home,) if base.home else ())):
        for directory in sorted(directories, key=len, reverse=True):
            where = where.replace(directory, f"<{name}>")
    text = f"{result.check.code}\n{NUMBER.sub('', where)}"
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()
