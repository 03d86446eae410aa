"""CND: the count that conda keeps of what is active."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.conda.shell_state import CondaLevel
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import SearchPath
from envdoctor_checks.conda.activation import is_last, to_the_front

DEEP = 3


@check("CND009", severity=Severity.ERROR, since="0.1")
def activation_stack_broken(
    level: CondaLevel, conda: CondaActivation | None, search_path: SearchPath
) -> Iterator[Finding]:
    """The count that conda keeps of what is active in this shell cannot be right, and conda stops at it.

    ## Why it matters
    `conda activate` and `conda deactivate` count in `CONDA_SHLVL` and keep the former environments in `CONDA_PREFIX_1`
    and so on. A value that is no number, a level without its variable, or the active environment at the very end of the
    search path ends in a traceback. Where the base comes back three times and more, shells were started inside one
    another, and each has activated it again: that is worth knowing, and harms nothing.

    ## How to fix
    Reset conda's activation stack: one active environment, nothing below it.

    ## Not a problem when
    `CONDA_SHLVL` is 0, or `CONDA_PREFIX` is empty, as `conda deactivate` leaves it: nothing is active, which is the
    usual state, whatever `CONDA_PREFIX_1` and so on hold. It is greater, with a variable for each level:
    environments were activated one after another, perhaps once more in tmux.
    """
    reset = Fix(
        "Reset conda's activation stack",
        SetVariable("CONDA_SHLVL", "1" if level.active else "0"),
        *(UnsetVariable(f"CONDA_PREFIX_{stacked.level}") for stacked in level.stack),
    )
    evidence = Evidence(f"CONDA_SHLVL is {level.text!r}", "CONDA_SHLVL")
    levels = tuple(Evidence(stacked.prefix, f"CONDA_PREFIX_{stacked.level}") for stacked in level.stack)
    if level.number is None:
        message = f"CONDA_SHLVL is {level.text!r}, which is not a number, so conda stops"
        yield Finding(message, reset, "CONDA_SHLVL", (evidence,))
    elif level.active and level.gaps:
        lacks = f"CONDA_PREFIX_{level.gaps[-1]} is not set or empty"
        message = f"CONDA_SHLVL is {level.text}, but {lacks}, and `conda deactivate` stops at that"
        yield Finding(message, reset, "CONDA_SHLVL", (evidence, *levels))
    elif rounds(level) >= DEEP:
        message = f"conda has been activated {level.number} times over, in shells inside one another"
        yield Finding(message, reset, "CONDA_SHLVL", (evidence, *levels), Severity.INFO)
    if conda is not None and is_last(conda, search_path):
        message = f"{conda.bin} is the last element of the search path, where conda's own commands stop at it"
        yield Finding(message, to_the_front(conda), "PATH", (Evidence(search_path.entries[-1].text, "PATH"),))


def rounds(level: CondaLevel) -> int:
    """How often the lowest environment, which is the base, has been activated: each new shell does that again."""
    if level.active is None:  # `conda deactivate` leaves its count and empty variables behind
        return 0
    prefixes = [*(each.prefix for each in level.stack), level.active]
    return prefixes.count(prefixes[0])
