"""The blocks that conda and mamba write into start-up files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envdoctor.facts.shell.expansion import (
    expand,
)
from envdoctor.facts.shell.startup_lines import (
    LineKind,
    StartupLine,
)
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

BLOCK_START = pattern(r"^# >>> (conda|mamba) initialize >>>", re.MULTILINE)


BLOCK_ROOT = pattern(r"MAMBA_ROOT_PREFIX[= ]['\"]?([^'\"\s;]++)")


BLOCK_WORD = pattern(r"[^'\"\s;]++")


BLOCK_PATH = pattern(r"/|~|\$HOME")


BLOCK_PROGRAM = pattern(r"/(?:bin|condabin)/(?:conda|mamba|micromamba)\b")


def conda_blocks(file: str, text: str, known: Mapping[str, str]) -> Iterator[StartupLine]:
    """The blocks that `conda init` and `mamba shell init` write, with the root that they belong to."""
    for place, start in enumerate(BLOCK_START.finditer(text)):
        if place == limits.CONDA_BLOCKS:
            raise Broken(f"it has more than {limits.CONDA_BLOCKS} blocks of conda or mamba")
        end = text.find(f"# <<< {start[1]} initialize <<<", start.end())
        root = _root_in(text[start.end() : end if end >= 0 else None])
        yield StartupLine(
            file=file,
            number=text.count("\n", 0, start.start()) + 1,
            text=start[0],
            kind=LineKind.BLOCK,
            name=start[1],
            value=expand(root, known) if root else None,
            end=text.count("\n", 0, end) + 1 if end >= 0 else None,
        )


def _root_in(body: str) -> str | None:
    """The root that a block names: in words, or as the place of the program that it starts."""
    if named := BLOCK_ROOT.search(body):
        return named[1]
    for word in BLOCK_WORD.finditer(body):
        begin = BLOCK_PATH.search(word[0])
        program = begin and BLOCK_PROGRAM.search(word[0], begin.end())
        if begin and program:
            return word[0][begin.start() : program.start()]
    return None
