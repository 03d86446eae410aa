"""Are the mirrors for Pythons, for uv itself and for models what the tools expect?"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

import msgspec

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.downloads import InstallerMirrors, PythonMirrors
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.mirrors._urls import (
    corrected,
    place,
    proof,
    set_to,
    shown,
)

SUFFIX = "/releases/download"
PROJECT = "astral-sh/python-build-standalone"
OLD_PROJECT = "indygreg/python-build-standalone"
MOST_FAULTS = 8  # that one address may have, one behind the other
ARCHIVE = pattern(r"\.(tar\.(gz|bz2|xz|zst)|zip|sh|ps1)$")
ON_GITHUB = pattern(r"github\.com/[^/]+/python-build-standalone(?P<rest>/.*)?$", re.DOTALL)
TRUNCATED = pattern(r"python-build-standalone/releases$|/releases/(tag|latest|latest/download)$")
DATED = pattern(r"/releases/download/[0-9]{8}(/.*)?$", re.DOTALL)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a mirror: a clause that follows its name, and the address as it was probably meant."""

    clause: str
    meant: str | None = None
    severity: Severity = Severity.ERROR


@check("MIR001", severity=Severity.ERROR, since="0.1")
def python_mirror_malformed(
    mirrors: PythonMirrors, uv: UvIndexes, pip: PipIndexes, startup: StartupFiles | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """The mirror for Python downloads is not what uv appends a version to.

    ## Why it matters
    uv puts `/<date>/<file>` behind `UV_PYTHON_INSTALL_MIRROR`, in the place of the releases of
    python-build-standalone on GitHub. With a package index there, or without `/releases/download`, every
    `uv python install` ends in "404", and uv does not fall back to the usual place.

    ## How to fix
    Keep the mirror and correct the suffix:
    `https://<proxy>/https://github.com/astral-sh/python-build-standalone/releases/download` for a proxy of GitHub, or
    the directory of a mirror that holds the dated directories. `uv python list --show-urls` does not show the mirror,
    so it proves nothing.

    ## Not a problem when
    The mirror is a directory of its own that holds the dated directories: then it needs no suffix. A slash at the end
    and `file://` are fine. Proxies of GitHub take the inner `https://` as optional: `https://<proxy>/github.com/…`
    works as well.
    """
    indexes = (*uv.defaults, *uv.extras, *pip.indexes, *pip.extras)
    yield from _judged(mirrors.cpython[:1], functools.partial(_cpython, indexes=indexes), startup, exported)
    yield from _judged(mirrors.pypy[:1], functools.partial(_pypy, indexes=indexes), startup, exported)
    yield from _judged(mirrors.others, _readable, startup, exported)
    yield from _judged(mirrors.astral[:1], _astral, startup, exported)
    yield from _judged(mirrors.listing[:1], _readable, startup, exported)
    if mirrors.listing and mirrors.cpython:
        yield _list_and_mirror(mirrors.listing[0], mirrors.cpython[0])


def _judged(
    addresses: tuple[Address, ...],
    rule: Callable[[Address], Fault | None],
    startup: StartupFiles | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    for address in addresses:
        if fault := rule(address):
            whole = msgspec.structs.replace(fault, meant=_whole(address, fault, rule))
            yield _finding(address, whole, startup, exported)


def _whole(address: Address, fault: Fault | None, rule: Callable[[Address], Fault | None]) -> str | None:
    """The address in which the rule finds no more fault; None if nobody can tell it."""
    for _ in range(MOST_FAULTS):
        if fault is None:
            return address.text
        if fault.meant is None:
            return None
        address = msgspec.structs.replace(address, text=fault.meant, flaw=None)
        fault = rule(address)
    return None


def _finding(address: Address, fault: Fault, startup: StartupFiles | None, exported: ExportedLines | None) -> Finding:
    if fault.meant is None:
        fix = Fix("Correct the mirror's address", Manual(f"Set {place(address)} to the mirror's own address."))
    else:
        fix = lasting(set_to(address, fault.meant, "Keep the mirror, with the address that uv needs"), exported)
    return Finding(f"{address.setting} {fault.clause}", fix, address.origin, proof(address, startup), fault.severity)


def _readable(address: Address) -> Fault | None:
    if address.flaw is None:
        return None
    return Fault(f"{address.flaw.value}, and uv refuses it", corrected(address))


def _cpython(address: Address, indexes: tuple[Address, ...]) -> Fault | None:
    return _readable(address) or _index(address, indexes) or _suffix(address) or _former_owner(address)


def _index(address: Address, indexes: tuple[Address, ...]) -> Fault | None:
    if "simple" in address.path.split("/") or any(address.same_place(index) for index in indexes):
        return Fault(f"names a package index ({shown(address)}), which holds no Pythons")
    return None


def _suffix(address: Address) -> Fault | None:
    """What is wrong at the end of a mirror of the releases."""
    text = address.text.rstrip("/")
    if text.count(SUFFIX) > 1:
        return Fault(f"says {SUFFIX} twice", text[: text.index(SUFFIX)] + SUFFIX)
    if dated := DATED.search(text):
        return Fault("names one release, to which uv appends the date again", text[: dated.start()] + SUFFIX)
    if ARCHIVE.search(text):
        return Fault("names one file, where a directory is wanted")
    on_github = ON_GITHUB.search(text)
    if (on_github and on_github["rest"] != SUFFIX) or TRUNCATED.search(text):
        start = text.index("python-build-standalone") if "python-build-standalone" in text else None
        whole = None if start is None else f"{text[:start]}python-build-standalone{SUFFIX}"
        return Fault(f"does not end with {SUFFIX}", whole)
    return None


def _former_owner(address: Address) -> Fault | None:
    """Whether the project is named as it was before it moved."""
    text = address.text.rstrip("/")
    if OLD_PROJECT in text:
        clause = f"names the project by its former owner; most mirrors have it as {PROJECT}"
        return Fault(clause, text.replace(OLD_PROJECT, PROJECT), Severity.WARNING)
    return None


def _pypy(address: Address, indexes: tuple[Address, ...]) -> Fault | None:
    if fault := _readable(address) or _index(address, indexes):
        return fault
    if "python-build-standalone" in address.path:
        return Fault("names builds of CPython, where those of PyPy are wanted")
    return None


def _astral(address: Address) -> Fault | None:
    text = address.text.rstrip("/")
    if fault := _readable(address):
        return fault
    if text.endswith(SUFFIX):
        clause = f"ends with {SUFFIX}, but uv appends the whole path itself"
        return Fault(clause, re.sub(r"(/github)?(/astral-sh)?/python-build-standalone/releases/download$", "", text))
    return None


def _list_and_mirror(listing: Address, mirror: Address) -> Finding:
    return Finding(
        f"{mirror.setting} only serves the addresses of GitHub that {listing.setting} lists; for any other uv stops",
        Fix(
            "Keep one of the two settings",
            Manual(f"If `uv python install` says that the URL does not match, leave out {mirror.setting}."),
        ),
        listing.origin,
        (listing.evidence, mirror.evidence),
        Severity.INFO,
    )


@check("MIR002", severity=Severity.WARNING, since="0.1")
def installer_mirror_misused(
    installer: InstallerMirrors,
    mirrors: PythonMirrors | None,
    startup: StartupFiles | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """A variable of uv's installer has the wrong shape, or is expected to do another's work.

    ## Why it matters
    The installer, and `uv self update`, append `/astral-sh/uv/releases/download/<version>` to
    `UV_INSTALLER_GITHUB_BASE_URL`, and nothing but a file name to `UV_DOWNLOAD_URL`. Neither is read by any other
    command: `uv python install` still goes to the usual place.

    ## How to fix
    One variable for each purpose: `UV_INSTALLER_GITHUB_BASE_URL="https://<proxy>/https://github.com"` to install uv,
    `UV_PYTHON_INSTALL_MIRROR` to install Pythons.

    ## Not a problem when
    uv is installed already: what is left of the variable does no harm. Whether a proxy answers is not judged here.
    """
    for address in installer.addresses:
        rule = _download if "DOWNLOAD" in address.setting else _base
        yield from _judged((address,), rule, startup, exported)
    first, *others = installer.addresses
    for address in others:
        if not first.same_place(address):
            yield Finding(
                f"uv's installer does not look at {address.setting}, because {first.setting} is set too",
                lasting(Fix("Keep one of the two settings", UnsetVariable(address.setting)), exported),
                address.setting,
                (first.evidence, address.evidence),
                Severity.INFO,
            )
    base = installer.of("UV_INSTALLER_GITHUB_BASE_URL")
    if base and _base(base) is None and (mirrors is None or mirrors.effective is None):
        yield from _only_for_the_installer(base)


def _base(address: Address) -> Fault | None:
    text = address.text
    if address.flaw is not None:
        return Fault(f"{address.flaw.value}, and the installer cannot use it", corrected(address), Severity.WARNING)
    for tail in ("/astral-sh", SUFFIX):
        if tail in address.path:
            clause = "holds a path that uv's installer appends itself (/astral-sh/uv/releases/download/<version>)"
            return Fault(clause, text[: text.index(tail)], Severity.WARNING)
    if text.endswith("/"):
        return Fault("ends with a slash, and the installer appends another", text.rstrip("/"), Severity.WARNING)
    return None


def _download(address: Address) -> Fault | None:
    if address.flaw is not None:
        return Fault(f"{address.flaw.value}, and the installer cannot use it", corrected(address), Severity.WARNING)
    if ARCHIVE.search(address.path):
        clause = "names one file, where the directory of the archives is wanted"
        return Fault(clause, address.text.rpartition("/")[0], Severity.WARNING)
    if address.path.endswith((SUFFIX, "/releases", "/astral-sh/uv")):
        return Fault("names no version: the installer appends nothing but a file name", None, Severity.WARNING)
    return None


def _only_for_the_installer(base: Address) -> Iterator[Finding]:
    """Somebody who needs a mirror to install uv will need one for Pythons."""
    if not base.path.endswith("github.com") or base.credentials.secret:
        return
    value = f"{base.text}/{PROJECT}{SUFFIX}"
    yield Finding(
        "UV_INSTALLER_GITHUB_BASE_URL serves uv's installer alone; `uv python install` goes to the usual place",
        Fix("Set the mirror for Python downloads too", SetVariable("UV_PYTHON_INSTALL_MIRROR", value)),
        base.setting,
        (base.evidence, Evidence("UV_PYTHON_INSTALL_MIRROR is not set", "UV_PYTHON_INSTALL_MIRROR")),
        Severity.INFO,
    )
