"""Which places does a requirements file name that pip cannot install from? In the words of pip 20 to 26."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envdoctor.facts.project.requirements_txt import (
    ARCHIVE,
    SCHEME,
    RequiredPackage,
    RequirementForm,
    Requirements,
)
from envdoctor.system.files import is_there
from envdoctor.text.numbers import whole
from envdoctor.text.plain import plain

FILE = "file:"
VCS = r"(?:git|hg|svn|bzr)\+"
# what pip expands, or what this does not read as a path
UNCERTAIN = frozenset("$%~\\#")
EXTRAS = r"(.+)\[[^\[\]]*+\]"
AT_LAST = r"[^@]*+@\s*+(\S.*)"
PROJECT = ("setup.py", "pyproject.toml")
Fault = tuple[str, int, str]


def faults(requirements: Requirements) -> Iterator[Fault]:
    """The file, the line, and pip's words. Archives that a marker limits may not count here, and are passed over."""
    root = os.path.dirname(requirements.path)
    for constraint, packages in ((False, requirements.packages), (True, requirements.constraints)):
        for package in packages:
            path, _, line = package.origin.rpartition(":")
            said = _unnamed(package) if constraint else _gone(package, (root, os.path.dirname(path)))
            if said:
                yield path, whole(line) or 0, said


def _unnamed(package: RequiredPackage) -> str | None:
    """A constraint limits a name; a place has none."""
    if package.editable:
        return "editable requirements are not allowed as constraints"
    is_place = package.form is RequirementForm.PLACE
    return "unnamed requirements are not allowed as constraints" if is_place else None


def _gone(package: RequiredPackage, directories: tuple[str, ...]) -> str | None:
    """What pip says of a place; relative ones are looked for from the project, and from the file that names them."""
    place = _local(package)
    if place is None:
        return None
    found = next((path for one in directories if is_there(path := os.path.join(one, place))), None)
    shown, is_archive = plain(place), re.search(ARCHIVE, place) is not None
    if package.editable and (found is None or is_archive):
        return f"{shown} is not a valid editable requirement: it is no path to a local project, and no VCS URL"
    if found is None:
        is_address = package.form is RequirementForm.DIRECT or package.text.startswith(FILE)
        missing = "no such file or directory" if is_archive or is_address else "invalid requirement, and no such path"
        return f"{missing}: `{shown}`"
    if os.path.isdir(found) and not any(is_there(os.path.join(found, name)) for name in PROJECT):
        return f"{shown} does not appear to be a Python project: neither `setup.py` nor `pyproject.toml` found"
    return None


def _local(package: RequiredPackage) -> str | None:
    """The path that a requirement names; None where it names none, or one that is not read here."""
    text = package.text
    if package.form is RequirementForm.DIRECT:
        direct = re.fullmatch(AT_LAST, text)
        text = direct[1] if direct else ""
    elif package.form is RequirementForm.NAMED and not package.editable:
        return None
    before, marker, _ = text.partition(";")
    before = before.rstrip()
    if marker and (re.search(ARCHIVE, before) or before.startswith(FILE)):
        return None
    if before.startswith(FILE):
        path = before.removeprefix(FILE).removeprefix("//").partition("#")[0]
        return path if path.startswith("/") and not UNCERTAIN & {*path} else None
    if package.form is RequirementForm.DIRECT or re.match(f"{VCS}|{SCHEME}", before) or UNCERTAIN & {*before}:
        return None
    extras = re.fullmatch(EXTRAS, before)
    return (extras[1] if extras else before).strip() or None
