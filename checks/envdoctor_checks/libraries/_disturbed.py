"""How is it said that a program gets libraries that do not fit it?"""

from __future__ import annotations

from envdoctor.facts.libraries.programs import DisturbedProgram
from envdoctor.facts.loader.conflicts import Clash
from envdoctor_checks.libraries._fixes import within

# a program that gets one of these from elsewhere, without version information, is in danger even if it starts
DELICATE = ("libssl.", "libcrypto.", "libcurl.", "libffi.", "libstdc++.", "libgcc_s.")
MOST_EVIDENCE = 6


def gets(clash: Clash) -> str:
    """What a program gets, and what is wrong with it."""
    if clash.file is None:
        return f"needs {clash.soname}, which {clash.detail}"
    instead = f" instead of {clash.instead_of}" if clash.instead_of else ""
    return f"gets {clash.file}{instead}: it {clash.detail}"


def clashes_of(program: DisturbedProgram, directory: str) -> list[Clash]:
    """The clashes of a program that come from this directory, those that break it first."""
    return [c for c in program.clashes if within(directory, c.file) or within(directory, c.needed_by)]
