"""How does each command tell its version? The wrong question is answered by an error, or by asking a daemon.

Every row has been tried on Debian 12 to 13; the rows for java, javac and ffmpeg also hold what their older releases
and builds from git print, by their documentation.
"""

from __future__ import annotations

import re

import msgspec

from envdoctor.text import pep440
from envdoctor.text.patterns import pattern

GENERAL = pattern(r"(?<![\w.])v?([0-9]{1,9}(?:\.[0-9]{1,9}){1,7}[\w.+-]{0,40})")
NUMBERS = pattern(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,7}")
VERSIONED = pattern(r"(?<=[a-z+])-?[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}$")
LONGEST = 20_000
"""The characters of an answer that are searched."""


class Question(msgspec.Struct, frozen=True):
    """How a command is asked for its version.

    Attributes:
        arguments: what it is called with.
        expression: what its answer looks like, with the version as a group; without it, the first dotted number.
        known: whether this is known to work; otherwise a refusal says nothing.
    """

    arguments: tuple[str, ...] = ("--version",)
    expression: re.Pattern[str] = GENERAL
    known: bool = True


UNKNOWN = Question(known=False)
QUESTIONS = {
    **dict.fromkeys(
        ("npm", "uv", "make", "cmake", "ninja", "pkg-config", "rustc", "cargo", "docker", "podman", "curl", "wget"),
        Question(),
    ),
    **dict.fromkeys(("tar", "redis-cli", "sqlite3", "ruby", "php", "mpirun", "pandoc", "patchelf", "gdb"), Question()),
    **dict.fromkeys(("bash", "zsh", "fish", "tcsh", "ldd", "vim", "screen", "chromium"), Question()),
    "git": Question(expression=pattern(r"git version (\S{1,60})")),
    "node": Question(expression=pattern(r"v(\S{1,60})")),
    "python": Question(expression=pattern(r"Python (\S{1,60})")),
    "python3": Question(expression=pattern(r"Python (\S{1,60})")),
    "pip": Question(expression=pattern(r"pip (\S{1,60})")),
    "pip3": Question(expression=pattern(r"pip (\S{1,60})")),
    **dict.fromkeys(("gcc", "g++", "gfortran"), Question(expression=pattern(r"\) ([0-9][0-9.]{0,40})"))),
    "clang": Question(expression=pattern(r"clang version ([0-9.]{1,40})")),
    "jq": Question(expression=pattern(r"jq-(\S{1,60})")),
    "rsync": Question(expression=pattern(r"version v?([0-9.]{1,40})")),
    "zstd": Question(expression=pattern(r"v([0-9.]{1,40})")),
    "psql": Question(expression=pattern(r"\) (\S{1,60})")),
    "perl": Question(expression=pattern(r"\(v([0-9.]{1,40})\)")),
    "nvcc": Question(expression=pattern(r"V([0-9]\S{0,60})")),
    "protoc": Question(expression=pattern(r"libprotoc (\S{1,60})")),
    "git-lfs": Question(expression=pattern(r"git-lfs/([0-9.]{1,40})")),
    "aws": Question(expression=pattern(r"aws-cli/(\S{1,60})")),
    "ffmpeg": Question(("-version",), pattern(r"version n?([0-9][0-9.]{0,40})")),
    "ffprobe": Question(("-version",), pattern(r"version n?([0-9][0-9.]{0,40})")),
    "java": Question(("-version",), pattern(r'version "(?:1\.)?([^"\s]{1,60})"')),
    "javac": Question(("-version",), pattern(r"javac (?:1\.)?(\S{1,60})")),
    "swig": Question(("-version",)),
    "convert": Question(("-version",), pattern(r"ImageMagick (\S{1,60})")),
    "tmux": Question(("-V",), pattern(r"tmux (?:next-)?(\S{1,60})")),
    "ssh": Question(("-V",), pattern(r"OpenSSH_(?:for_Windows_)?([0-9.]{1,40})")),
    "sshd": Question(("-V",), pattern(r"OpenSSH_(?:for_Windows_)?([0-9.]{1,40})")),
    "dot": Question(("-V",)),
    "unzip": Question(("-v",)),
    "go": Question(("version",), pattern(r"go version go(\S{1,60})")),
    "openssl": Question(("version",), pattern(r"(?:OpenSSL|LibreSSL) (\S{1,60})")),
    "terraform": Question(("version",)),
    "kubectl": Question(("version", "--client")),
}


def question_for(command: str) -> Question:
    """How a command is asked; `gcc-12` and `python3.11` like the one without the number."""
    plain = VERSIONED.sub("", command)
    return QUESTIONS.get(command) or QUESTIONS.get(plain) or UNKNOWN


def version_in(question: Question, *outputs: str) -> str | None:
    """The version that an answer tells, by the first output that has one; None if none is understood."""
    for output in outputs:
        if found := question.expression.search(output[:LONGEST]):
            version = found[1].rstrip(".,;)")
            return version if NUMBERS.match(version) else None
    return None


def is_admitted(wanted: str, version: str) -> bool | None:
    """Whether versions are fine that are written like `>=5,<8`; None if the two cannot be compared.

    What follows on the numbers does not count: to Python `3.3a` is before 3.3, and to tmux behind it.
    """
    numbers = NUMBERS.match(version)
    return pep440.admits(pep440.specifiers(wanted), numbers[0]) if numbers else None
