from __future__ import annotations

import re
import subprocess

import pytest

from envdoctor.facts.loader.host import glibc_version, read_host
from envdoctor.facts.loader.processor import AVX512_1, LEVELS, PLATFORMS, platform_name, subdirectories
from tests.native import system_loader

V2 = "cpu\nflags\t\t: fpu " + " ".join(sorted(LEVELS["x86-64-v2"]))
V3 = f"{V2} {' '.join(sorted(LEVELS['x86-64-v3']))}"
INTEL = f"processor\t: 0\nvendor_id\t: GenuineIntel\n{V3}"
WIDE = f"{INTEL} {' '.join(sorted(AVX512_1))}"
PHI = f"{INTEL} {' '.join(sorted(PLATFORMS['xeon_phi']))}"
LEGACY = ("tls/x86_64/x86_64", "tls/x86_64", "tls", "x86_64/x86_64", "x86_64")
HASWELL = ("tls/haswell/x86_64", "tls/haswell", "tls/x86_64", "tls", "haswell/x86_64", "haswell", "x86_64")


@pytest.mark.tools
def test_the_loader_itself_says_the_same() -> None:
    said = subprocess.run([system_loader(), "--help"], env={}, capture_output=True, text=True, check=True).stdout
    host = read_host()
    supported = re.findall(r"^  (x86-64-\S+) \(supported, searched\)", said, re.MULTILINE)
    assert tuple(supported) == host.levels
    assert ("Legacy HWCAP" in said) == (glibc_version() < (2, 37))
    if "AT_PLATFORM" in said:
        assert re.findall(r"^  (\S+) \(AT_PLATFORM; supported, searched\)", said, re.MULTILINE) == [host.platform]


@pytest.mark.parametrize(
    ("machine", "cpu", "glibc", "expected"),
    [
        ("x86_64", V2, (2, 40), ("glibc-hwcaps/x86-64-v2",)),
        ("x86_64", V3, (2, 40), ("glibc-hwcaps/x86-64-v3", "glibc-hwcaps/x86-64-v2")),
        ("x86_64", V2, (2, 36), ("glibc-hwcaps/x86-64-v2", *LEGACY)),
        ("x86_64", V3, (2, 31), LEGACY),
        ("x86_64", INTEL, (2, 31), HASWELL),
        ("x86_64", INTEL, (2, 25), LEGACY),
        ("x86_64", "", (2, 40), ()),
        ("x86_64", V3, (), ()),
        ("aarch64", V3, (2, 36), ()),
    ],
)
def test_the_processor_and_the_version_decide_about_subdirectories(
    machine: str, cpu: str, glibc: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    assert subdirectories(machine, cpu, glibc) == expected


def test_a_processor_of_intels_with_wide_registers_has_a_directory_more() -> None:
    found = subdirectories("x86_64", WIDE, (2, 31))
    assert found[:3] == ("tls/haswell/avx512_1/x86_64", "tls/haswell/avx512_1", "tls/haswell/x86_64")
    assert found[-3:] == ("avx512_1/x86_64", "avx512_1", "x86_64")
    assert len(found) == 15


@pytest.mark.parametrize(
    ("machine", "cpu", "glibc", "expected"),
    [
        ("x86_64", INTEL, (2, 36), "haswell"),
        ("x86_64", INTEL, (2, 40), "haswell"),
        ("x86_64", PHI, (2, 36), "xeon_phi"),
        ("x86_64", INTEL, (2, 25), "x86_64"),
        ("x86_64", INTEL, (), "x86_64"),
        ("x86_64", V3, (2, 36), "x86_64"),
        ("x86_64", "", (2, 36), "x86_64"),
        ("aarch64", INTEL, (2, 36), "aarch64"),
    ],
)
def test_platforms_have_names_where_the_processor_is_intels(
    machine: str, cpu: str, glibc: tuple[int, ...], expected: str
) -> None:
    assert platform_name(machine, cpu, glibc) == expected
