"""LIB: what the loader is told to load first, and what macOS takes away."""

from __future__ import annotations

from collections.abc import Iterator

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
from envdoctor.facts.libraries.programs import DisturbedPrograms
from envdoctor.facts.loader.library_path import (
    DyldVariables,
)
from envdoctor.facts.loader.preload import Preload, PreloadItem
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.common.wording import listed


@check("LIB008", severity=Severity.WARNING, since="0.1")
def preload_invalid(
    preload: Preload, disturbed: DisturbedPrograms | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """`LD_PRELOAD` names something that cannot be loaded, or that does not belong into every program.

    ## Why it matters
    What cannot be loaded is reported by every single program on its standard error, which breaks scripts that read it.
    Another build's `libstdc++`, `libcrypto` or `libssl` replaces every program's own: what fits one Python
    breaks ssh or curl.

    ## How to fix
    Unset the variable, and set it for the one command that needs it: `LD_PRELOAD=/path/lib.so command`.

    ## Not a problem when
    It names an allocator (jemalloc, tcmalloc) or a tool made for it, or on ARM `libgomp`, which fixes "cannot allocate
    memory in static TLS block".
    """
    by_origin: dict[str, list[tuple[PreloadItem, str, Severity]]] = {}
    for item in preload.items:
        if fault := _preload_fault(item, preload.machine, disturbed):
            by_origin.setdefault(item.origin, []).append((item, *fault))
    for origin, faults in by_origin.items():
        bad = [item.text for item, _, _ in faults]
        yield Finding(
            f"{origin} names {listed([f'{item.text}, which {fault}' for item, fault, _ in faults])}",
            lasting(_without_preload(preload, origin, bad), exported),
            where=origin,
            evidence=tuple(Evidence(item.file or item.text, origin) for item, _, _ in faults),
            severity=max((severity for _, _, severity in faults), key=lambda severity: severity.rank),
        )


def _preload_fault(item: PreloadItem, machine: str, disturbed: DisturbedPrograms | None) -> tuple[str, Severity] | None:
    if item.problem:
        return f"every program ignores with a message, as it is {item.problem}".replace(
            "is does", "does"
        ), Severity.WARNING
    broken = [p.name for p in disturbed.programs if any(c.file == item.file for c in p.clashes)] if disturbed else []
    if broken:
        return f"disturbs {listed(broken)}", Severity.ERROR
    if item.is_own or not item.soname:
        return None
    if item.soname.startswith(("libstdc++.", "libgcc_s.", "libcrypto.", "libssl.")):
        return "replaces the system's own in every program", Severity.ERROR
    if item.soname.startswith("libgomp.") and machine not in {"aarch64", "arm64", "armv7l"}:
        return "every program loads, whether it computes or not", Severity.WARNING
    return None


def _without_preload(preload: Preload, origin: str, bad: list[str]) -> Fix:
    if origin != "LD_PRELOAD":
        return Fix(f"Remove the entry from {origin}", Manual(f"As root, take {listed(bad)} out of {origin}"))
    kept = [item.text for item in preload.items if item.origin == origin and item.text not in bad]
    summary = f"Remove the entry, and write LD_PRELOAD={bad[0]} before the one command that needs it"
    if not kept:
        return Fix(summary, UnsetVariable("LD_PRELOAD"))
    return Fix(summary, SetVariable("LD_PRELOAD", ":".join(kept)))


@check("LIB010", severity=Severity.INFO, since="0.1")
def dyld_variable_set(dyld: DyldVariables, exported: ExportedLines | None) -> Iterator[Finding]:
    """`DYLD_` variables are set, which reach some programs and not others.

    ## Why it matters
    macOS removes them when a protected program is started: `/bin/sh`, `/usr/bin/env`, `/usr/bin/python3`, and with them
    everything started by a pyenv shim or a script with `#!/usr/bin/env`. What works when typed fails in a script, and
    libraries of the same name are taken from elsewhere where the variables do arrive.

    ## How to fix
    Unset them. Libraries of a conda environment are found without them; for others give the program an `rpath`.
    `DYLD_FALLBACK_LIBRARY_PATH` for a single command is the mildest form.

    ## Not a problem when
    conda-build or a debugger sets them for its own children.
    """
    for name, value in dyld.variables:
        is_mild = name.startswith("DYLD_FALLBACK")
        effect = (
            "is looked at last" if is_mild else "comes before every program's own libraries, where it arrives at all"
        )
        yield Finding(
            f"{name} is set: {value} {effect}",
            lasting(Fix("Set the variable for the one command that needs it", UnsetVariable(name)), exported),
            where=name,
            evidence=(Evidence(value, name),),
            severity=Severity.INFO if is_mild else Severity.WARNING,
        )
