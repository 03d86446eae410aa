"""LIB003 to LIB007, LIB009 and LIB011 over literal facts."""

from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    RemoveFromPath,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.libraries.cuda_stubs import CudaStub, CudaStubs
from envdoctor.facts.libraries.cuda_wheels import CudaCollision, CudaWheels
from envdoctor.facts.libraries.libpython import LibpythonChoice
from envdoctor.facts.libraries.libstdcxx import Libstdcxx, LibstdcxxChoice
from envdoctor.facts.libraries.openmp import OpenmpDuplicates
from envdoctor.facts.libraries.standard_modules import BrokenModule, LibraryImports
from envdoctor.testing import assess
from envdoctor_checks.libraries.python import (
    cuda_wheels_shadowed,
    libpython_shadowed,
    openmp_duplicates_tolerated,
    ssl_module_broken,
)
from tests.checks.libraries.literals import CONDA, NEW, OLD, OTHER, PYTHON, VARIABLE, path

SHADOWED = LibpythonChoice(
    PYTHON,
    "libpython3.12.so.1.0",
    f"{OTHER}/libpython3.12.so.1.0",
    "/home/me/.pyenv/versions/3.12.1/lib/libpython3.12.so.1.0",
    VARIABLE,
    same=False,
)


@pytest.mark.sick("LIB006")
def test_another_builds_libpython_is_taken_off_the_path() -> None:
    assert assess(libpython_shadowed, SHADOWED, path(OTHER, "/usr/local/lib")) == [
        Finding(
            f"{PYTHON} runs with {SHADOWED.taken} instead of its own {SHADOWED.own}",
            Fix("Remove the other build's libraries from the path", RemoveFromPath(OTHER, VARIABLE, semicolons=True)),
            where=SHADOWED.taken,
            evidence=(
                Evidence("needs libpython3.12.so.1.0", PYTHON),
                Evidence(f"{OTHER}:/usr/local/lib", VARIABLE),
            ),
        )
    ]


@pytest.mark.healthy("LIB006")
@pytest.mark.parametrize(
    "change", [{"same": True}, {"own": None}, {"taken": None}, {"how": "the RUNPATH of /usr/bin/python"}]
)
def test_the_same_file_or_the_only_one_is_no_fault(change: dict[str, object]) -> None:
    assert assess(libpython_shadowed, msgspec.structs.replace(SHADOWED, **change), path(OTHER)) == []


BROKEN = LibraryImports(PYTHON, (VARIABLE,), (BrokenModule("ssl", "version `OPENSSL_3.2.0' not found"),), (OTHER,))


@pytest.mark.sick("LIB007")
def test_a_module_that_only_breaks_here_is_blamed_on_the_directory() -> None:
    assert assess(ssl_module_broken, BROKEN, path("/usr/local/lib", OTHER)) == [
        Finding(
            f"{PYTHON} cannot import `ssl` with this session's LD_LIBRARY_PATH",
            Fix(
                "Remove the directory of the other libraries from the path of every program",
                RemoveFromPath(OTHER, VARIABLE, semicolons=True),
            ),
            where=PYTHON,
            evidence=(
                Evidence("import ssl: version `OPENSSL_3.2.0' not found", PYTHON),
                Evidence(f"libraries are taken from {OTHER}", VARIABLE),
            ),
        )
    ]


@pytest.mark.sick("LIB007")
def test_without_a_culprit_the_variable_goes() -> None:
    start = BrokenModule("python", "symbol lookup error")
    [finding] = assess(ssl_module_broken, LibraryImports(PYTHON, (VARIABLE,), (start,)), path(OTHER))
    assert "does not start" in finding.message
    assert finding.fix.actions == (UnsetVariable(VARIABLE),)
    [finding] = assess(ssl_module_broken, LibraryImports(PYTHON, ("LD_PRELOAD",), BROKEN.broken))
    assert finding.fix.actions == (UnsetVariable("LD_PRELOAD"),)


@pytest.mark.healthy("LIB007")
def test_modules_that_import_are_no_fault() -> None:
    assert assess(ssl_module_broken, LibraryImports(PYTHON, (VARIABLE,)), path(OTHER)) == []


def test_labels_are_compared_as_numbers() -> None:
    assert LibstdcxxChoice(PYTHON, OLD, None, NEW).is_older
    assert not LibstdcxxChoice(PYTHON, NEW, None, OLD).is_older
    same = Libstdcxx("/x", "GLIBCXX_3.4.30", "CXXABI_1.3.9")
    assert LibstdcxxChoice(PYTHON, same, None, NEW).is_older


WHEEL = "/env/lib/python3.12/site-packages/nvidia/cudnn/lib"


TOOLKIT = "/usr/local/cuda-12.1/lib64"


def collision(wheel: str | None, other: str | None) -> CudaWheels:
    found = CudaCollision("libcudnn.so.9", f"{WHEEL}/libcudnn.so.9", wheel, f"{TOOLKIT}/libcudnn.so.9", other, TOOLKIT)
    return CudaWheels((WHEEL,), (found,))


@pytest.mark.sick("LIB004")
@pytest.mark.parametrize(
    ("wheel", "other", "severity"),
    [
        ("9.1.0.70", "9.8.0", Severity.ERROR),
        ("9.1.0.70", "9.1.1", Severity.WARNING),
        (None, "9.1.1", Severity.WARNING),
        ("9.1.0.70", None, Severity.WARNING),
    ],
)
def test_releases_decide_about_the_severity(wheel: str | None, other: str | None, severity: Severity) -> None:
    [finding] = assess(cuda_wheels_shadowed, collision(wheel, other), path(TOOLKIT, "/usr/lib/wsl/lib"))
    assert finding.severity is severity
    assert finding.fix.actions == (RemoveFromPath(TOOLKIT, VARIABLE, semicolons=True),)
    assert finding.evidence == (Evidence(f"{TOOLKIT}/libcudnn.so.9 comes before {WHEEL}/libcudnn.so.9", VARIABLE),)
    theirs = f"libcudnn.so.9 {other}" if other else "a libcudnn.so.9 too"
    assert finding.message.endswith(f"it has {theirs}, the wheel brings {wheel or 'its own'}")


@pytest.mark.sick("LIB004")
def test_no_release_is_known() -> None:
    [finding] = assess(cuda_wheels_shadowed, collision(None, None), path(TOOLKIT))
    assert finding.message.endswith("stands before the installed CUDA wheels: both hold libcudnn.so.9")


@pytest.mark.sick("LIB004")
@pytest.mark.parametrize(
    ("name", "driver", "severity", "effect"),
    [
        ("libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", Severity.ERROR, "no program finds the driver, /usr/lib/wsl"),
        ("libcuda.so", "/usr/lib/wsl/lib/libcuda.so.1", Severity.WARNING, "what opens that name does not find the"),
        ("libcuda.so.1", None, Severity.INFO, "once this machine has a driver, it is hidden"),
    ],
)
def test_stubs_of_the_driver_are_taken_off(name: str, driver: str | None, severity: Severity, effect: str) -> None:
    stubs = "/usr/local/cuda/lib64/stubs"
    [finding] = assess(cuda_wheels_shadowed, None, CudaStubs((CudaStub(stubs, name, driver),)), path(stubs))
    assert finding.severity is severity
    assert f"holds a stand-in for the driver, {name}, which finds no GPU: {effect}" in finding.message
    assert finding.fix.actions == (UnsetVariable(VARIABLE),)


@pytest.mark.healthy("LIB004")
def test_wheels_without_a_collision_are_healthy() -> None:
    assert assess(cuda_wheels_shadowed, CudaWheels((WHEEL,)), None, path("/usr/lib/wsl/lib", TOOLKIT)) == []


@pytest.mark.sick("LIB009")
def test_a_guard_that_is_off_is_switched_on_again() -> None:
    runtimes = (f"{CONDA}/lib/libiomp5.so",)
    [finding] = assess(openmp_duplicates_tolerated, OpenmpDuplicates("TRUE", tolerated=True, runtimes=runtimes))
    assert finding.message == "KMP_DUPLICATE_LIB_OK=TRUE hides two OpenMP runtimes in one process"
    assert finding.fix.actions == (UnsetVariable("KMP_DUPLICATE_LIB_OK"),)
    assert finding.evidence[1] == Evidence("an OpenMP runtime", runtimes[0])


@pytest.mark.healthy("LIB009")
def test_a_guard_that_is_on_is_healthy() -> None:
    assert assess(openmp_duplicates_tolerated, OpenmpDuplicates("FALSE", tolerated=False)) == []
