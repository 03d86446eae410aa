from __future__ import annotations

import os
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from envdoctor.facts.libraries.architecture import (
    ForeignModule,
    MachineCode,
    architectures,
    probe_machine_code,
    with_other_c_library,
)
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session
from tests.builders import make_examined, make_python
from tests.support import make_session

X86_64, AARCH64 = 0x01000007, 0x0100000C


def elf(machine: int, *, little: bool = True) -> bytes:
    order = "<" if little else ">"
    return (
        b"\x7fELF\x02" + (b"\x01" if little else b"\x02") + b"\x01" + bytes(9) + struct.pack(f"{order}HH", 3, machine)
    )


def universal(*kinds: int) -> bytes:
    entries = b"".join(struct.pack(">IIIII", kind, 0, 0, 0, 0) for kind in kinds)
    return b"\xca\xfe\xba\xbe" + struct.pack(">I", len(kinds)) + entries


@pytest.mark.parametrize(
    ("head", "made_for"),
    [
        (elf(62), ("x86_64",)),
        (elf(183), ("aarch64",)),
        (elf(22, little=False), ("s390x",)),
        (elf(9999), ("9999",)),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", AARCH64), ("aarch64",)),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", X86_64), ("x86_64",)),
        (universal(X86_64, AARCH64), ("x86_64", "aarch64")),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", ()),
        (b"\xca\xfe\xba\xbe\0\0\0\x02", ()),
        (b"\x7fELF", ()),
        (b"#!/bin/sh\n", ()),
        (b"", ()),
    ],
)
def test_the_first_bytes_tell(head: bytes, made_for: tuple[str, ...]) -> None:
    assert architectures(head) == made_for


class Mac(Session):
    """A Mac with Apple's own processor."""

    def run(self, *argv: str, **_: Any) -> Any:
        from envdoctor.system.child_processes import Completed, Ending

        assert argv[1:] == ("-n", "hw.optional.arm64")
        return Completed(argv, Ending.EXITED, 0, "1\n")


def test_under_rosetta_the_kernel_says_what_the_program_wants_to_hear(tmp_path: Path) -> None:
    program = tmp_path / "bin/python3"
    program.parent.mkdir()
    program.write_bytes(universal(X86_64, AARCH64))
    session = Mac({}, "/", make_session().launch)
    examined = make_examined(system="Darwin", machine="x86_64")
    for believes, emulated in (("x86_64", True), ("arm64", False)):
        python = make_python(str(tmp_path), "3.12.1", machine=believes, sys_path=())
        code = probe_machine_code(session, examined, ActivePython("python3", python))
        assert (code.machine, code.is_emulated) == ("aarch64", emulated)


def test_this_python_is_made_for_this_machine() -> None:
    python = make_python(sys.prefix, path=os.path.realpath(sys.executable), machine=os.uname().machine)
    examined = make_examined(machine=os.uname().machine)
    code = probe_machine_code(make_session(), examined, ActivePython("python", python))
    assert len(code.made_for) == 1
    assert not code.is_emulated
    assert code.foreign == ()


def test_modules_of_another_machine_are_found_with_their_package(tmp_path: Path) -> None:
    packages = tmp_path / "site-packages"
    (packages / "fast-1.0.dist-info").mkdir(parents=True)
    (packages / "fast-1.0.dist-info/RECORD").write_text("fast/_core.abi3.so,,\nfast/__init__.py,,\n")
    (packages / "fast").mkdir()
    (packages / "fast/_core.abi3.so").write_bytes(elf(183))
    (packages / "lone.cpython-311-x86_64-linux-gnu.so").write_bytes(elf(183))
    (packages / "good.so").write_bytes(elf(62))
    (packages / "fast/other.cpython-312-aarch64-linux-gnu.so").write_bytes(elf(183))
    (packages / "fast/text.abi3.so").write_text("not a library")
    (packages / "fast/data").mkdir()
    (packages / "fast/data/android.so").write_bytes(elf(183))
    python_file = tmp_path / "bin/python3"
    python_file.parent.mkdir()
    python_file.write_bytes(elf(62))
    suffix = ".cpython-311-x86_64-linux-gnu.so"
    python = make_python(str(tmp_path), "3.11.7", sys_path=(str(packages),), extension_suffix=suffix)
    code = probe_machine_code(make_session(), make_examined(), ActivePython("python3", python))
    assert code == MachineCode(
        *(str(python_file), ("x86_64",), "x86_64", "x86_64"),
        (
            ForeignModule(f"{packages}/lone{suffix}", ("aarch64",)),
            ForeignModule(f"{packages}/fast/_core.abi3.so", ("aarch64",), "fast"),
        ),
    )


@pytest.mark.parametrize(
    ("suffix", "other", "library"),
    [
        (".cpython-312-x86_64-linux-gnu.so", ".cpython-312-x86_64-linux-musl.so", "musl"),
        (".cpython-312-aarch64-linux-musl.so", ".cpython-312-aarch64-linux-gnu.so", "glibc"),
        (".cpython-312-darwin.so", None, None),
        (".cpython-312-arm-linux-gnueabihf.so", None, None),
        (".so", None, None),
    ],
)
def test_the_suffix_names_the_c_library(suffix: str, other: str | None, library: str | None) -> None:
    assert with_other_c_library(suffix) == (other, library)


def test_modules_for_another_c_library_are_foreign_unless_there_is_another_for_this_one(tmp_path: Path) -> None:
    packages, musl = tmp_path / "site-packages", ".cpython-312-x86_64-linux-musl.so"
    for name in (f"lone{musl}", f"fast/_core{musl}", f"both{musl}", "both.abi3.so", f"pure{musl}", "pure.py"):
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_bytes(b"")
    (packages / "other.cpython-311-x86_64-linux-musl.so").write_bytes(b"")
    python = make_python(
        str(tmp_path), "3.12.1", sys_path=(str(packages),), extension_suffix=".cpython-312-x86_64-linux-gnu.so"
    )
    code = probe_machine_code(make_session(), make_examined(), ActivePython("python", python))
    assert [(module.path, module.c_library) for module in code.foreign] == [
        (f"{packages}/lone{musl}", "musl"),
        (f"{packages}/fast/_core{musl}", "musl"),
    ]
