"""What do `LD_LIBRARY_PATH`, `LD_PRELOAD` and their kin hold, and what does each element mean to the loader?"""

from __future__ import annotations

import enum
import glob
import os
import re
import sys

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.system.session import Session

VARIABLE, PRELOAD = "LD_LIBRARY_PATH", "LD_PRELOAD"
# ld.so(8), "Dynamic string tokens"; dyld(1) of macOS 15
EXPANDED_BY_THE_LOADER = r"\$(?:(ORIGIN|LIB|PLATFORM)|\{(ORIGIN|LIB|PLATFORM)\})"
DYLD_VARIABLES = (
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_FALLBACK_FRAMEWORK_PATH",
)


class ElementKind(enum.Enum):
    """What an element of the library path is to the loader, by its text alone."""

    NORMAL = "normal"
    DYNAMIC = "depends on the program"
    EMPTY = "empty"
    RELATIVE = "relative"
    TILDE = "unexpanded ~"
    UNEXPANDED = "unexpanded variable"
    QUOTED = "quoted"
    BLANKS = "surrounded by blanks"


class LibraryPathElement(Fact, frozen=True):
    """One element of `LD_LIBRARY_PATH`.

    Attributes:
        position: its place, the first is 0.
        text: the element, verbatim.
        kind: what it is to the loader.
        exists: whether the directory that it means is there; True where that depends on the program.
        first: the place of the first element that means the same directory; its own unless it is a duplicate.
        conda: the conda environment whose `lib` it is; None for any other directory.
        meant: the directory that was probably meant, where the text is not what the loader understands and that
            directory exists.
    """

    position: int
    text: str
    kind: ElementKind = ElementKind.NORMAL
    exists: bool = True
    first: int = 0
    conda: str | None = None
    meant: str | None = None

    @property
    def is_duplicate(self) -> bool:
        """Whether an earlier element means the same directory."""
        return self.first < self.position


class LibraryPath(Fact, frozen=True):
    """The library path of the session: where the loader looks before the system's own directories.

    Attributes:
        value: the value of `LD_LIBRARY_PATH`, verbatim, not empty.
        elements: what it consists of, in the order in which it is searched.
    """

    value: str
    elements: tuple[LibraryPathElement, ...] = ()


class DyldVariables(Fact, frozen=True):
    """The variables that the loader of macOS reads, as far as they have reached envdoctor: name and value."""

    variables: tuple[tuple[str, str], ...] = ()


@probe
def probe_library_path(session: Session) -> LibraryPath:
    """Read `LD_LIBRARY_PATH`, and look which of its directories exist and which are conda's."""
    value = session.env.get(VARIABLE)
    if sys.platform == "darwin":
        raise Unavailable(f"the loader of macOS does not read {VARIABLE}")
    if not value:
        raise Unavailable(f"{VARIABLE} is {'not set' if value is None else 'empty, which the loader ignores'}")
    places: dict[str, int] = {}
    texts = split(value, musl=has_musl())
    return LibraryPath(value, tuple(_element(session, *item, places) for item in enumerate(texts)))


@probe
def probe_dyld_variables(session: Session) -> DyldVariables:
    """Read the variables of macOS's loader. System Integrity Protection may have removed them on the way here."""
    if sys.platform != "darwin":
        raise Unavailable("only the loader of macOS reads DYLD variables")
    return DyldVariables(tuple((name, session.env[name]) for name in DYLD_VARIABLES if session.env.get(name)))


def has_musl() -> bool:
    """Whether musl is the system's C library, by its loader and by what this program itself runs with."""
    from envdoctor.facts.loader.host import glibc_version

    return bool(glob.glob("/lib/ld-musl-*.so.1")) and not glibc_version()


def split(value: str, *, musl: bool = False) -> list[str]:
    """The elements of a library path: glibc splits at `:` and `;`, musl at `:` and line ends, and skips empty ones."""
    if musl:
        return [text for text in re.split("[:\n]", value) if text]
    return re.split("[:;]", value)


def kind_of(text: str) -> ElementKind:  # noqa: PLR0911 - one answer a kind
    """What an element is, by its text alone: the loader expands `$ORIGIN`, `$LIB` and `$PLATFORM` and nothing else."""
    if not text:
        return ElementKind.EMPTY
    rest = re.sub(EXPANDED_BY_THE_LOADER, "", text)
    if re.search(r"[$`{}]", rest):
        return ElementKind.UNEXPANDED
    if text.strip("\"'") != text:
        return ElementKind.QUOTED
    if text.strip() != text:
        return ElementKind.BLANKS
    if text.startswith("~"):
        return ElementKind.TILDE
    if rest != text:
        return ElementKind.DYNAMIC
    return ElementKind.NORMAL if text.startswith("/") else ElementKind.RELATIVE


def split_preload(value: str | None) -> tuple[str, ...]:
    """The objects that `LD_PRELOAD` names: blanks and colons separate them."""
    return tuple(item for item in re.split("[ :]", value or "") if item)


def conda_environment(directory: str, active: str | None = None) -> str | None:
    """The conda environment that has this directory as its `lib`: the active one, or one with a `conda-meta`."""
    if active and os.path.realpath(directory) == os.path.realpath(f"{active}/lib"):
        return active
    for spelling in (directory, os.path.realpath(directory)):
        prefix, name = os.path.split(spelling.rstrip("/"))
        if name in {"lib", "lib64"} and os.path.isdir(f"{prefix}/conda-meta"):
            return prefix
    return None


def _element(session: Session, position: int, text: str, places: dict[str, int]) -> LibraryPathElement:
    kind = kind_of(text)
    if kind is ElementKind.NORMAL:
        exists = os.path.isdir(text)
        first = places.setdefault(os.path.realpath(text) if exists else os.path.normpath(text), position)
        conda = conda_environment(text, session.env.get("CONDA_PREFIX")) if exists else None
        return LibraryPathElement(position, text, kind, exists, first, conda)
    if kind in (ElementKind.DYNAMIC, ElementKind.EMPTY):
        return LibraryPathElement(position, text, kind, first=position)
    if kind is ElementKind.RELATIVE:
        exists = session.cwd is not None and os.path.isdir(os.path.join(session.cwd, text))
        return LibraryPathElement(position, text, kind, exists, position)
    return LibraryPathElement(position, text, kind, exists=False, first=position, meant=_meant(session, text))


def _meant(session: Session, text: str) -> str | None:
    """The directory that the shell would have made of this, had it expanded it."""
    spelled = text.strip().strip("\"'").strip()
    if session.home:
        spelled = re.sub(r"^(?:~(?=/|$)|\$HOME\b|\$\{HOME\})", session.home.replace("\\", r"\\"), spelled)
    return spelled if os.path.isabs(spelled) and os.path.isdir(spelled) else None
