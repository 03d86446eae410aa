"""What does the project's `requirements.txt` ask for, read as pip reads it?"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project
from envdoctor.system.files import Unreadable, keep_out_of_private_files, read_bytes
from envdoctor.system.unread import note
from envdoctor.text import limits, pep440
from envdoctor.text.plain import plain
from envdoctor.text.requirements import read_plain

NAME = "requirements.txt"
MOST_FILES = 50
# Patterns are texts, compiled when they are first used: most runs have no such file.
COMMENT = r"(?:^|(?<=\s))#.*"
COMMENT_LINE = r"\s*+#"
CODING = rb"[ \t]*+#.{,500}?coding[:=][ \t]*([-\w.]+)"
SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*+://|file:"
DIRECT = r"[A-Za-z0-9][A-Za-z0-9._-]*+\s*+(?:\[[^\]]*+\]\s*+)?@\s*+\S"
LONGEST_SHOWN = 60
ENDINGS = (".txt", ".in", ".lock")
ARCHIVE = r"(?i)\.(?:whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)\b"
OTHERS = r"(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in|lock)"
INCLUDED = {"-r": False, "--requirement": False, "-c": True, "--constraint": True}
EDITABLE = ("-e", "--editable")
# what pip 10 to 26 take in such a file; they take each in as few letters as tell it from others
OPTIONS = (
    *("--index-url", "--pypi-url", "--extra-index-url", "--no-index", "--find-links", "--trusted-host"),
    *("--no-binary", "--only-binary", "--prefer-binary", "--pre", "--all-releases", "--only-final"),
    *("--require-hashes", "--no-require-hashes", "--hash", "--use-feature", "--process-dependency-links"),
    *("--always-unzip", "--use-wheel", "--no-use-wheel", "--allow-external", "--allow-all-external"),
    *("--allow-unverified", "--no-allow-external", "--no-allow-insecure"),
    *("--install-option", "--global-option", "--config-settings", "--config-setting"),
    *("--requirement", "--constraint", "--editable"),
)
VALUED = (
    *("-r", "-c", "-e", "-i", "-f", "--requirement", "--constraint", "--editable", "--index-url"),
    *("--extra-index-url", "--find-links", "--trusted-host", "--no-binary", "--only-binary"),
)
HASHES = ("sha256", "sha384", "sha512")
SHORT = ("-i", "-f", "-r", "-c", "-e", "-C", "-Z")
MARKS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-32", b"\xff\xfe\0\0"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


class RequirementForm(enum.Enum):
    """How a requirement names its package."""

    NAMED = "by name"
    DIRECT = "by name, with the place to get it from"
    PLACE = "by a path or an address alone"


class RequiredPackage(Fact, frozen=True):
    """One requirement.

    Attributes:
        text: as it is written, without the options behind it: PEP 508 unless it is a `PLACE`.
        origin: `file:line`.
        form: how it names its package.
        editable: whether it is asked for as a working copy.
        hashed: whether hashes are given for it.
    """

    text: str
    origin: str
    form: RequirementForm = RequirementForm.NAMED
    editable: bool = False
    hashed: bool = False


class Requirements(Fact, frozen=True):
    """The project's `requirements.txt`, with all files that it includes.

    Attributes:
        path: the file.
        packages: what it asks for, in order.
        constraints: the limits that `-c` sets to whatever is asked for.
        files: every file that was read, the main one first.
        problem: `file:line: reason` of the first thing that pip would stumble over; None if there is none.
        others: the other files of requirements beside it: `requirements-dev.txt`, `requirements.in` …
    """

    path: str
    packages: tuple[RequiredPackage, ...] = ()
    constraints: tuple[RequiredPackage, ...] = ()
    files: tuple[str, ...] = ()
    problem: str | None = None
    others: tuple[str, ...] = ()


@probe
def probe_requirements(project: Project) -> Requirements:
    """Read the `requirements.txt` of the project, and what it includes."""
    path = os.path.join(project.root, NAME)
    if not os.path.lexists(path):
        raise Unavailable(f"the project has no {NAME}")
    reading = _Reading()
    reading.read(path, path, constraint=False, above=())
    return Requirements(
        path,
        tuple(reading.packages),
        tuple(reading.constraints),
        tuple(reading.files),
        reading.problems[0] if reading.problems else None,
        tuple(sorted(_others(project.root))),
    )


def _others(root: str) -> Iterator[str]:
    try:
        names = os.listdir(root)
    except OSError:
        return
    for name in names:
        words = re.split("[-_.]", name)
        if name != NAME and name.endswith(ENDINGS) and {"requirements", "constraints"} & {*words}:
            yield os.path.join(root, name)


class _Reading:
    """Follows `-r` and `-c` from one file to the next, each file once."""

    def __init__(self) -> None:
        self.packages: list[RequiredPackage] = []
        self.constraints: list[RequiredPackage] = []
        self.files: list[str] = []
        self.problems: list[str] = []

    def read(self, path: str, origin: str, *, constraint: bool, above: tuple[str, ...]) -> None:
        """Read a file that is asked for at `origin`, through the files above it."""
        if os.path.realpath(path) in above:
            self.problems.append(f"{origin}: {path} includes itself")
            return
        if path in self.files:
            return
        if len(self.files) == MOST_FILES:
            self.problems.append(f"{origin}: more than {MOST_FILES} files")
            return
        self.files.append(path)
        try:
            if above:
                keep_out_of_private_files(path, above[0])
            text = _decode(path, read_bytes(path))
        except Unreadable as unreadable:
            self.problems.append(str(unreadable) if origin == path else f"{origin}: {unreadable}")
            return
        for number, line in logical_lines(text):
            self._take(line, path, number, constraint, (*above, os.path.realpath(path)))

    def _take(self, line: str, path: str, number: int, constraint: bool, above: tuple[str, ...]) -> None:  # noqa: FBT001
        origin = f"{path}:{number}"
        words, options = split_options(line)
        if options is None:
            self.problems.append(f"{origin}: a quote is not closed")
            note(origin, "a quote is not closed")
            return
        if unknown := next((name for name, _ in options if not _is_known(name)), None):
            self.problems.append(f"{origin}: no such option: {plain(unknown)}")
            return
        if wrong := next(_option_faults(line, options), None):
            self.problems.append(f"{origin}: {wrong}")
            return
        if words:
            package = _package(words, origin, editable=False, hashed=any(name == "--hash" for name, _ in options))
            self._add(package, constraint=constraint)
            return
        for name, value in options:
            if name in INCLUDED and not re.match(SCHEME, value):
                target = os.path.normpath(os.path.join(os.path.dirname(path), value))
                self.read(target, origin, constraint=INCLUDED[name], above=above)
            elif name in EDITABLE:
                self._add(_package(value, origin, editable=True, hashed=False), constraint=constraint)

    def _add(self, package: RequiredPackage, *, constraint: bool) -> None:
        if constraint and package.form is RequirementForm.NAMED and "[" in package.text.partition(";")[0]:
            self.problems.append(f"{package.origin}: constraints cannot have extras")
        elif package.form is not RequirementForm.PLACE and (problem := invalid(package.text)):
            self.problems.append(f"{package.origin}: {problem}")
        else:
            (self.constraints if constraint else self.packages).append(package)


def _option_faults(line: str, options: list[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with the values of options. An option alone lacks one; an empty one that is written is none."""
    if line in VALUED:
        yield f"{line} option requires 1 argument"
    if flag := re.match(r"(--(?:pre|no-index|prefer-binary|require-hashes))=", line):
        yield f"{flag[1]} option does not take a value"
    for algorithm, colon, _ in (value.partition(":") for name, value in options if name == "--hash"):
        if not colon:
            yield "arguments to --hash must be a hash name followed by a value, like --hash=sha256:abcde..."
        elif algorithm not in HASHES:
            yield f"allowed hash algorithms for --hash are {', '.join(HASHES)}"


def _is_known(option: str) -> bool:
    return option in SHORT or (len(option) > 2 and any(name.startswith(option) for name in OPTIONS))


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with the number of their first: continued ones joined, comments gone."""
    first, pieces = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        first = first if pieces else number
        if line.endswith("\\") and not re.match(COMMENT_LINE, line):
            pieces.append(line.strip("\\"))
            continue
        whole = "".join([*pieces, f" {line}" if re.match(COMMENT_LINE, line) else line])
        pieces.clear()
        if said := re.sub(COMMENT, "", whole).strip():
            yield first, said
    if said := re.sub(COMMENT, "", "".join(pieces)).strip():
        yield first, said


def split_options(line: str) -> tuple[str, list[tuple[str, str]] | None]:
    """The requirement of a line, and the options behind it, or alone; None for these if a quote is not closed."""
    import shlex

    words = line.split(" ")
    end = next((position for position, word in enumerate(words) if word.startswith("-")), len(words))
    try:
        rest = shlex.split(" ".join(words[end:]))
    except ValueError:
        return "", None
    options: list[tuple[str, str]] = []
    for word in rest:
        name, equals, value = word.partition("=")
        if word.startswith("--"):
            options.append((name, value if equals else ""))
        elif word.startswith("-"):
            options.append((word[:2], word[2:]))
        elif options and not options[-1][1]:
            options[-1] = (options[-1][0], word)
    return " ".join(words[:end]).strip(), options


def invalid(text: str) -> str | None:
    """What is wrong with a requirement by name; None if nothing is."""
    if read_plain(text):
        return None
    try:
        pep440.parse_requirement(text)
    except ValueError as error:
        words = plain(text)
        shown = words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"
        return f"`{shown}` is no requirement: {plain(str(error))}"
    return None


def _package(text: str, origin: str, *, editable: bool, hashed: bool) -> RequiredPackage:
    return RequiredPackage(text, origin, _form(text), editable, hashed)


def _form(text: str) -> RequirementForm:
    if re.match(DIRECT, text):
        return RequirementForm.DIRECT
    head = re.split(r"[\[;\s]", text)[0]
    if re.match(SCHEME, text) or "/" in head or head.startswith(".") or re.search(ARCHIVE, head):
        return RequirementForm.PLACE
    return RequirementForm.NAMED


def read_requirements(path: str, limit: int = limits.FILE) -> str:
    """The text of such a file, decoded as pip does it. Raises Unreadable."""
    content = read_bytes(path, limit)
    try:
        return _decode(path, content)
    except Unreadable as unreadable:
        note(path, unreadable.reason)
        raise


def _decode(path: str, content: bytes) -> str:
    """The text of a file by its byte order mark or its coding line; UTF-8 if it has neither."""
    encoding = next((name for name, mark in MARKS if content.startswith(mark)), None)
    if encoding is None:
        declared = next(filter(None, (re.match(CODING, line) for line in content.split(b"\n")[:2])), None)
        encoding = declared[1].decode() if declared else "utf-8"
        if b"\0" in content:
            raise Unreadable(path, "a binary file")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(path, f"line {line} is not {encoding.upper()}") from error
    except LookupError as error:
        raise Unreadable(path, f"says that it is encoded in {encoding}, which is no encoding") from error
