"""LIB — shared libraries: what the session's Python and its extension modules get for the libraries that they need."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.libraries.cuda_stubs import CudaStubs
from envdoctor.facts.libraries.cuda_wheels import CudaCollision, CudaWheels
from envdoctor.facts.libraries.libpython import LibpythonChoice
from envdoctor.facts.libraries.openmp import OpenmpDuplicates
from envdoctor.facts.libraries.standard_modules import LibraryImports
from envdoctor.facts.loader.library_path import LibraryPath
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.libraries._fixes import VARIABLE, off_the_path, without


@check("LIB006", severity=Severity.ERROR, since="0.1")
def libpython_shadowed(choice: LibpythonChoice, library_path: LibraryPath | None) -> Iterator[Finding]:
    """Python runs with the `libpython` of another build.

    ## Why it matters
    A Python that was built with a shared library is little more than that library. With another build's it reports a
    wrong version, misses symbols, or looks for its standard library in the other build's place.

    ## How to fix
    Take the directory off `LD_LIBRARY_PATH`.

    ## Not a problem when
    The two files are the same, or Python cannot be started without the variable because its library lies nowhere else.
    """
    if choice.same or not choice.taken or not choice.own or choice.how != VARIABLE:
        return
    yield Finding(
        f"{choice.executable} runs with {choice.taken} instead of its own {choice.own}",
        without(
            library_path, posixpath.dirname(choice.taken), summary="Remove the other build's libraries from the path"
        ),
        where=choice.taken,
        evidence=(
            Evidence(f"needs {choice.soname}", choice.executable),
            Evidence(library_path.value if library_path else choice.taken, VARIABLE),
        ),
    )


@check("LIB007", severity=Severity.ERROR, since="0.1", unless=("LIB006",))
def ssl_module_broken(imports: LibraryImports, library_path: LibraryPath | None) -> Iterator[Finding]:
    """Python cannot import `ssl`, `ctypes` or `sqlite3` with the session's library path, and can without it.

    ## Why it matters
    Without `ssl` neither pip nor conda can download anything. The modules are linked with OpenSSL, libffi and SQLite,
    and get whatever file of that name the loader finds first.

    ## How to fix
    Take the directory off `LD_LIBRARY_PATH`. Where a conda package of OpenSSL is damaged as well:
    `conda install --force-reinstall openssl`.

    ## Not a problem when
    The module is missing either way: then this Python was built without it.
    """
    if not imports.broken:
        return
    names = " and ".join(f"`{module.name}`" for module in imports.broken if module.name != "python")
    what = f"cannot import {names}" if names else "does not start"
    variables = " and ".join(imports.variables)
    summary = "Remove the directory of the other libraries from the path of every program"
    fix = without(library_path, *imports.culprits, summary=summary)
    if VARIABLE not in imports.variables:
        fix = Fix("Unset LD_PRELOAD for Python", *(UnsetVariable(name) for name in imports.variables))
    yield Finding(
        f"{imports.executable} {what} with this session's {variables}",
        fix,
        where=imports.executable,
        evidence=(
            *(Evidence(f"import {module.name}: {module.error}", imports.executable) for module in imports.broken),
            *(Evidence(f"libraries are taken from {directory}", VARIABLE) for directory in imports.culprits),
        ),
    )


@check("LIB004", severity=Severity.WARNING, since="0.1")
def cuda_wheels_shadowed(
    wheels: CudaWheels | None, stubs: CudaStubs | None, library_path: LibraryPath
) -> Iterator[Finding]:
    """A directory on `LD_LIBRARY_PATH` stands before the CUDA libraries of the installed wheels, or before the driver.

    ## Why it matters
    Libraries of two CUDA or cuDNN releases in one process end in undefined symbols, `CUDNN_STATUS_…` or a crash. The
    toolkit's `stubs` hold a `libcuda.so` without any code: whatever gets it finds no GPU, or ends with error 34.

    ## How to fix
    Take the toolkit's directory off `LD_LIBRARY_PATH`: wheels need none. Leave the driver's directories there, such as
    `/usr/lib/wsl/lib` or `/usr/local/nvidia/lib64`. For linking, `stubs` belong on `LIBRARY_PATH` (the compiler's), or
    into `-L`.

    ## Not a problem when
    The directory holds the driver's libraries only, other sonames than the wheels, or torch finds its own first by an
    RPATH. The driver's directory comes before `stubs`; or there is no driver at all, where they are only named.
    """
    yield from _stubs(stubs, library_path)
    if wheels is None:
        return
    for element in library_path.elements:
        own = [collision for collision in wheels.collisions if collision.element == element.text]
        if own and not element.is_duplicate:
            differing = [collision for collision in own if _differs(collision)]
            shown = differing or own
            yield Finding(
                f"{element.text} on {VARIABLE} stands before the installed CUDA wheels: {_compared(shown[0])}",
                off_the_path(
                    library_path, element, summary="Remove the toolkit's libraries from the path: wheels need none"
                ),
                where=element.text,
                evidence=tuple(Evidence(f"{c.other} comes before {c.wheel}", VARIABLE) for c in shown[:6]),
                severity=Severity.ERROR if differing else Severity.WARNING,
            )


def _stubs(stubs: CudaStubs | None, library_path: LibraryPath) -> Iterator[Finding]:
    for stub in stubs.stubs if stubs else ():
        culprit = next(element for element in library_path.elements if element.text == stub.element)
        if stub.driver is None:
            effect, severity = "once this machine has a driver, it is hidden", Severity.INFO
        elif stub.is_soname:
            effect, severity = f"no program finds the driver, {stub.driver}", Severity.ERROR
        else:
            effect, severity = f"what opens that name does not find the driver, {stub.driver}", Severity.WARNING
        yield Finding(
            f"{stub.element} on {VARIABLE} holds a stand-in for the driver, {stub.name}, which finds no GPU: {effect}",
            off_the_path(library_path, culprit, summary="Remove the stubs from the path: they are for linking only"),
            where=stub.element,
            evidence=(Evidence(library_path.value, VARIABLE),),
            severity=severity,
        )


def _differs(collision: CudaCollision) -> bool:
    """Whether the two files are of different releases, by major and minor."""
    if not collision.wheel_version or not collision.other_version:
        return False
    return collision.wheel_version.split(".")[:2] != collision.other_version.split(".")[:2]


def _compared(collision: CudaCollision) -> str:
    other, wheel = collision.other_version, collision.wheel_version
    if other is None and wheel is None:
        return f"both hold {collision.soname}"
    theirs = f"{collision.soname} {other}" if other else f"a {collision.soname} too"
    return f"it has {theirs}, the wheel brings {wheel or 'its own'}"


@check("LIB009", severity=Severity.WARNING, since="0.1")
def openmp_duplicates_tolerated(openmp: OpenmpDuplicates, exported: ExportedLines | None) -> Iterator[Finding]:
    """`KMP_DUPLICATE_LIB_OK` hides that two OpenMP runtimes are in one process.

    ## Why it matters
    Intel's runtime would end the program instead ("OMP: Error #15"). Its makers call the variable unsafe: results may
    be wrong, or the program crashes later.

    ## How to fix
    Unset it, and take both stacks from one source: numpy and torch both by conda, or both as wheels; in conda
    `conda install nomkl` keeps Intel's runtime out.

    ## Not a problem when
    Wheels on Linux bring a `libgomp` of their own under a name with a hash: that is not the runtime this is about.
    """
    if not openmp.tolerated:
        return
    yield Finding(
        f"KMP_DUPLICATE_LIB_OK={openmp.value} hides two OpenMP runtimes in one process",
        lasting(
            Fix(
                "Unset KMP_DUPLICATE_LIB_OK to see which libraries conflict, and take both from one source",
                UnsetVariable("KMP_DUPLICATE_LIB_OK"),
            ),
            exported,
        ),
        where="KMP_DUPLICATE_LIB_OK",
        evidence=(
            Evidence(openmp.value, "KMP_DUPLICATE_LIB_OK"),
            *(Evidence("an OpenMP runtime", path) for path in openmp.runtimes[:6]),
        ),
    )
