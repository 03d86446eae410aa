"""What can a project expect of the session that it runs in, and what of that cannot be meant?

These are texts of a file that came with a clone: a command is a name and never a path, a library a soname, and a
pattern knows `*` and `?` alone, so that none of them can run anything or keep the match busy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from envdoctor.text.patterns import pattern
from envdoctor.text.requirements import read
from envdoctor.text.versions import are_specifiers

MOST = 100
LONGEST = 1_000
LONGEST_PATTERN = 200
MOST_STARS = 5
"""A pattern of `fnmatch` takes a text's length to the power of its stars."""

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
Words = Annotated[tuple[Word, ...], msgspec.Meta(max_length=MOST)]
Managers = Literal["uv", "conda", "pip", "poetry", "pipenv", "pdm", "pixi"]

NAME = pattern(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")
VARIABLE = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
SECRET_NAME = pattern(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|_PASS$|_PWD$|(?:^|_|API)KEY(?:$|_|S$)|CREDENTIAL|_AUTH$|^AUTH$|COOKIE|_PAT$|_SAS$",
    re.IGNORECASE,
)
"""The name of a variable that probably holds a secret."""
SIZE = pattern(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([kMGT]i?B)")
PLATFORM = pattern(r"(linux|macos)(?:-([a-z0-9_]{1,20}))?")
UNITS = {"k": 1, "M": 2, "G": 3, "T": 4}


class Pattern(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What a value has to look like: `*` stands for any characters, `?` for one."""

    pattern: Word


class Expectations(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What a project needs of the session.

    Attributes:
        python: the versions of Python that it runs on.
        manager: who installs its packages.
        environment: the environment that must be active, by its directory or by conda's name; or any of several.
        commands: the commands that must run, each with the versions that are fine; empty for any.
        variables: the variables that must be set, each with its value, or with what that looks like; empty for any.
        forbid_variables: the variables that must not be set.
        packages: the requirements that the installed packages must satisfy.
        free_disk: the space that must be free where the project lies: `5 GB`.
        platform: the system, with the machine if that matters: `linux`, `macos-arm64`; or any of several.
        libraries: the sonames that must load in the session's Python.
    """

    python: Word | None = None
    manager: Managers | None = None
    environment: Word | Words | None = None
    commands: dict[str, str] = {}
    variables: dict[str, str | Pattern] = {}
    forbid_variables: Words = ()
    packages: Words = ()
    free_disk: Word | None = None
    platform: Word | Words | None = None
    libraries: Words = ()


def is_secret(name: str) -> bool:
    """Whether a variable probably holds a secret, by its name."""
    return SECRET_NAME.search(name) is not None


def each(words: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """One word or several, as several."""
    return (words,) if isinstance(words, str) else words or ()


def size(text: str) -> int | None:
    """The bytes that `5 GB` or `500 MiB` are; None for what is no size."""
    if not (found := SIZE.fullmatch(text)):
        return None
    unit = found[2]
    return int(float(found[1]) * (1024 if "i" in unit else 1000) ** UNITS[unit[0]])


def system_and_machine(text: str) -> tuple[str, str | None] | None:
    """`linux` and `x86_64` of `linux-x86_64`; None for what names no platform."""
    found = PLATFORM.fullmatch(text)
    return (found[1], found[2]) if found else None


def mistakes(expected: Expectations) -> Iterator[tuple[str, str]]:
    """What cannot be meant: the name of each such setting, `commands.git`, and what is right."""
    if expected.python is not None and not are_specifiers(expected.python):
        yield "python", "versions are written like >=3.11,<3.14"
    if expected.free_disk is not None and size(expected.free_disk) is None:
        yield "free-disk", "a size is written like 5 GB or 500 MiB"
    for text in each(expected.platform):
        if system_and_machine(text) is None:
            yield "platform", f"`{text}` is no platform; there are linux and macos, with a machine as in linux-x86_64"
    for text in expected.packages:
        if read(text) is None:
            yield f"packages.{text}", f"`{text}` is no requirement; one is written like numpy>=2"
    for text in expected.libraries:
        if os.sep in text or not NAME.fullmatch(text):
            yield f"libraries.{text}", f"`{text}` is no soname; one is written like libGL.so.1"
    yield from _wrong_commands(expected)
    yield from _wrong_variables(expected)


def _wrong_commands(expected: Expectations) -> Iterator[tuple[str, str]]:
    if len(expected.commands) > MOST:
        yield "commands", f"more than {MOST}"
    for name, wanted in expected.commands.items():
        if len(name) > LONGEST_PATTERN or not NAME.fullmatch(name):
            yield f"commands.{name}", "a command is named as it is typed, without a path"
        elif not are_specifiers(wanted):
            yield f"commands.{name}", 'versions are written like >=5,<8; "" means any'


def _wrong_variables(expected: Expectations) -> Iterator[tuple[str, str]]:
    if len(expected.variables) > MOST:
        yield "variables", f"more than {MOST}"
    for name, wanted in expected.variables.items():
        if not VARIABLE.fullmatch(name):
            yield f"variables.{name}", f"`{name}` is no name of a variable"
        elif is_secret(name) and wanted and isinstance(wanted, str):
            yield f"variables.{name}", 'a secret does not belong into this file; expect "", or a pattern'
        elif isinstance(wanted, Pattern) and (
            len(wanted.pattern) > LONGEST_PATTERN or wanted.pattern.count("*") > MOST_STARS or "[" in wanted.pattern
        ):
            limits = f"up to {LONGEST_PATTERN} characters and {MOST_STARS} of `*`; of `[` it knows nothing"
            yield f"variables.{name}", f"a pattern has {limits}"
    for name in expected.forbid_variables:
        if not VARIABLE.fullmatch(name):
            yield f"forbid-variables.{name}", f"`{name}` is no name of a variable"
        elif name in expected.variables:
            yield f"forbid-variables.{name}", f"`{name}` is expected as well; keep one of the two"
