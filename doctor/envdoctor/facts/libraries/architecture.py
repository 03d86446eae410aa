"""For which processor are the session's Python and its extension modules made, and for which is this machine?

An extension module may also be made for another C library: musl's (Alpine) in place of glibc's, or the reverse. Its
name says so, `_core.cpython-312-x86_64-linux-musl.so`, and under that name Python does not find it at all.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Refused, probe
from envdoctor.facts.loader.elf import MACHINES
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Sites, sites
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.context import Examined
from envdoctor.system.child_processes import Ending
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session

HEAD = 4096
SYSCTL = "/usr/sbin/sysctl"
MOST_MODULES = 60
MOST_ENTRIES = 2000
DEEPEST = 2
# the other names of a machine in `uname -m`, and below Apple's mach-o/fat.h, mach-o/loader.h and mach/machine.h
SAME = {"amd64": "x86_64", "arm64": "aarch64", "armv7l": "arm", "armv8l": "arm", "armv6l": "arm", "i686": "i386"}
MACH_O = {b"\xcf\xfa\xed\xfe": "<", b"\xce\xfa\xed\xfe": "<", b"\xfe\xed\xfa\xcf": ">", b"\xfe\xed\xfa\xce": ">"}
UNIVERSAL = b"\xca\xfe\xba\xbe"
CPU_TYPES = {0x01000007: "x86_64", 0x0100000C: "aarch64", 7: "i386", 12: "arm"}
# how the C library is called in the suffix of an extension module, and what it is otherwise called
C_LIBRARIES = {"-linux-gnu": "glibc", "-linux-musl": "musl"}
# what a processor of the first kind runs by itself, too
ALSO_RUNS = {"x86_64": ("i386",), "aarch64": ("arm",)}


class ForeignModule(Fact, frozen=True):
    """An extension module that is made for another processor or C library than the Python that would load it.

    Attributes:
        path: the file.
        made_for: the processors that it is made for.
        package: the installed package that it belongs to; None if no record names it.
        c_library: the C library that it is made for, if that is the reason: `musl`, `glibc`.
    """

    path: str
    made_for: tuple[str, ...]
    package: str | None = None
    c_library: str | None = None


class MachineCode(Fact, frozen=True):
    """The processors in question, in the kernel's words for Linux: `x86_64`, `aarch64`.

    Attributes:
        program: the file of the interpreter, links resolved.
        made_for: the processors that it is made for; several for a universal program.
        runs_on: the processor that it believes to run on.
        machine: the processor that this machine has.
        foreign: extension modules that the interpreter cannot load, of the first few that were looked at.
    """

    program: str
    made_for: tuple[str, ...]
    runs_on: str
    machine: str
    foreign: tuple[ForeignModule, ...] = ()

    @property
    def is_emulated(self) -> bool:
        """Whether the processor that the interpreter runs on is not the one that is there."""
        return self.runs_on != self.machine and self.runs_on not in ALSO_RUNS.get(self.machine, ())


@probe
def probe_machine_code(session: Session, examined: Examined, active: ActivePython) -> MachineCode:
    """Read the first bytes of the interpreter, and of some extension modules beside it."""
    python = active.interpreter
    program = os.path.realpath(python.path)
    made_for = _made_for(program)
    believes = spelled(python.machine or examined.machine)
    runs_on = believes if len(made_for) != 1 or examined.system == "Darwin" else made_for[0]
    return MachineCode(
        program, made_for, runs_on, _machine(session, examined), tuple(_foreign(sites(session), python, runs_on))
    )


def spelled(machine: str) -> str:
    """One name for a processor that has several."""
    return SAME.get(machine.lower(), machine.lower())


def _machine(session: Session, examined: Examined) -> str:
    """The processor of the machine. Under Rosetta the kernel says what the program wants to hear."""
    if examined.system == "Darwin" and spelled(examined.machine) != "aarch64":
        done = session.run(SYSCTL, "-n", "hw.optional.arm64")
        if done.ending is Ending.REFUSED:
            raise Refused(f"{SYSCTL} {done.stderr}")
        if done.stdout.strip() == "1":
            return "aarch64"
    return spelled(examined.machine)


def _made_for(path: str) -> tuple[str, ...]:
    try:
        return architectures(read_head(path, HEAD))
    except Unreadable:
        return ()


def architectures(head: bytes) -> tuple[str, ...]:
    """The processors that a program or library is made for, by its first bytes; none if it is no such file."""
    try:
        if head.startswith(b"\x7fELF"):
            order = "<" if head[5] == 1 else ">"
            [machine] = struct.unpack_from(f"{order}H", head, 18)
            return (MACHINES.get(machine, str(machine)),)
        if head[:4] in MACH_O:
            return (_cpu(*struct.unpack_from(f"{MACH_O[head[:4]]}I", head, 4)),)
        if head.startswith(UNIVERSAL):
            [count] = struct.unpack_from(">I", head, 4)
            if count < 20:  # Java's class files begin with the same bytes
                return tuple(_cpu(*struct.unpack_from(">I", head, 8 + 20 * index)) for index in range(count))
    except (struct.error, IndexError):
        pass
    return ()


def _cpu(kind: int) -> str:
    return CPU_TYPES.get(kind, str(kind))


def _foreign(known: Sites, python: Interpreter, runs_on: str) -> Iterator[ForeignModule]:
    checked = 0
    suffix = python.extension_suffix or ".so"
    other, c_library = with_other_c_library(suffix)
    for directory in python.site_packages:
        for path in _modules(directory, (suffix, ".abi3.so", *([other] if other else []))):
            checked += 1
            if checked > MOST_MODULES:
                return
            if other and path.endswith(other):
                if not _is_there_too(path.removesuffix(other), suffix):
                    yield ForeignModule(path, (), known.owner(directory, path), c_library)
                continue
            made_for = _made_for(path)
            if made_for and runs_on not in made_for:
                yield ForeignModule(path, made_for, known.owner(directory, path))


def with_other_c_library(suffix: str) -> tuple[str | None, str | None]:
    """The suffix of the same Python on another C library, and that library; None where a suffix names none."""
    for (tag, _), (other, name) in zip(C_LIBRARIES.items(), reversed(C_LIBRARIES.items()), strict=True):
        if suffix.endswith(f"{tag}.so"):
            return f"{suffix.removesuffix(f'{tag}.so')}{other}.so", name
    return None, None


def _is_there_too(stem: str, suffix: str) -> bool:
    """Whether Python finds the module under another name: a package may bring files for several systems."""
    return any(os.path.exists(f"{stem}{ending}") for ending in (suffix, ".abi3.so", ".so", ".py", "/__init__.py"))


def _modules(directory: str, suffixes: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    """Extension modules that this Python would try to load, in a directory of packages and one level below."""
    try:
        with os.scandir(directory) as found:
            entries = sorted(found, key=lambda entry: entry.name)[:MOST_ENTRIES]
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(suffixes) or (entry.name.count(".") == 1 and entry.name.endswith(".so")):
            yield entry.path
    for entry in entries:
        if depth + 1 < DEEPEST and entry.name.isidentifier() and entry.is_dir(follow_symlinks=False):
            yield from _modules(entry.path, suffixes, depth + 1)
