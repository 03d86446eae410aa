from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.loader.conflicts import Clash, Effect
from envdoctor.facts.loader.library_path import (
    DyldVariables,
)
from envdoctor.facts.loader.preload import Preload, PreloadItem
from envdoctor.testing import assess
from envdoctor_checks.libraries.preload import dyld_variable_set, preload_invalid
from tests.checks.libraries.test_library_path import programs


def preloading(*items: PreloadItem, machine: str = "x86_64") -> Preload:
    return Preload(items, machine)


GONE = PreloadItem("/nope.so", "LD_PRELOAD", None, "does not exist")


CRYPTO = PreloadItem("/opt/libcrypto.so.3", "LD_PRELOAD", "/opt/libcrypto.so.3", soname="libcrypto.so.3")


ALLOCATOR = PreloadItem("libjemalloc.so.2", "LD_PRELOAD", "/usr/lib/libjemalloc.so.2", soname="libjemalloc.so.2")


GOMP = PreloadItem("/usr/lib/libgomp.so.1", "LD_PRELOAD", "/usr/lib/libgomp.so.1", soname="libgomp.so.1")


@pytest.mark.sick("LIB008")
def test_a_missing_object_is_a_warning_and_is_unset() -> None:
    assert assess(preload_invalid, preloading(GONE)) == [
        Finding(
            "LD_PRELOAD names /nope.so, which every program ignores with a message, as it does not exist",
            Fix(
                "Remove the entry, and write LD_PRELOAD=/nope.so before the one command that needs it",
                UnsetVariable("LD_PRELOAD"),
            ),
            where="LD_PRELOAD",
            evidence=(Evidence("/nope.so", "LD_PRELOAD"),),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("LIB008")
def test_openssl_for_every_program_is_an_error_and_the_others_stay() -> None:
    [finding] = assess(preload_invalid, preloading(ALLOCATOR, CRYPTO, GONE))
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (SetVariable("LD_PRELOAD", "libjemalloc.so.2"),)


def test_an_object_for_another_machine_and_one_of_the_systems_file_are_told_apart() -> None:
    other = PreloadItem("/opt/x.so", "/etc/ld.so.preload:3", "/opt/x.so", "for another machine (i386, 32 bit)")
    [finding] = assess(preload_invalid, preloading(other))
    assert finding.message.endswith("as it is for another machine (i386, 32 bit)")
    assert finding.fix.actions == (Manual("As root, take /opt/x.so out of /etc/ld.so.preload:3"),)


def test_whatever_breaks_a_program_is_an_error() -> None:
    broken = Clash(
        "libjemalloc.so.2", "/bin/git", "/usr/lib/libjemalloc.so.2", None, Effect.BREAKS, "lacks the symbol x"
    )
    [finding] = assess(preload_invalid, preloading(ALLOCATOR), programs(("git", broken)))
    assert finding.severity is Severity.ERROR
    assert "disturbs git" in finding.message


def test_openmp_is_for_arm_alone() -> None:
    [finding] = assess(preload_invalid, preloading(GOMP))
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("LIB008")
def test_allocators_the_systems_own_and_openmp_on_arm_are_left_alone() -> None:
    own = msgspec.structs.replace(CRYPTO, is_own=True)
    assert assess(preload_invalid, preloading(ALLOCATOR, own), programs()) == []
    assert assess(preload_invalid, preloading(GOMP, machine="aarch64")) == []


@pytest.mark.sick("LIB010")
def test_dyld_variables_are_named_the_mild_one_as_advice() -> None:
    found = assess(
        dyld_variable_set,
        DyldVariables((("DYLD_LIBRARY_PATH", "/opt/lib"), ("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib"))),
    )
    assert [(finding.where, finding.severity) for finding in found] == [
        ("DYLD_LIBRARY_PATH", Severity.WARNING),
        ("DYLD_FALLBACK_LIBRARY_PATH", Severity.INFO),
    ]
    assert found[0].fix.actions == (UnsetVariable("DYLD_LIBRARY_PATH"),)


@pytest.mark.healthy("LIB010")
def test_a_mac_without_them_is_healthy() -> None:
    assert assess(dyld_variable_set, DyldVariables()) == []
