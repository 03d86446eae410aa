"""docs/proof.md: for each check the cases that prove its fix, from the record and from the cases themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.clinic.proof import Proof, recorded

CLINIC = Path(__file__).parent
PREFACE = """\
# Proofs

A case makes a session sick with real tools and examines it. It takes the fix from `envdoctor fix` in a real shell, as
the column *fixed by* says, and examines again: the finding is gone and no new problem is there. The files of the home
and of the project are compared before and after: none has changed but those that the fix names, and the caches of the
tools it runs. [Fixes](fix.md) explains the commands. `fix --apply` was asked with `--yes`, and its questions about what
is removed were answered.

There is one row for a check and a shell. More cases of a check run the commands that the report prints. *Pasted* means
that `envdoctor fix` has printed the commands and they were typed: envdoctor may not run them itself, or the shell has
to do some of them. *By hand* is what no command can do, and *partly by hand* what needs more than commands: the case
shows that the check speaks, and most do what it says and examine again. *Not run* is a check whose sickness this kind
of machine cannot have.

`test_fix_pairs.py` proves the fixes of thirteen faults together: every two of them meet in one home, one command
applies what lasts, one line fixes the shell, and no problem is left.

This page is made from the record that the cases keep; a test compares both.

| check | environment | shell | fixed by | result | case |
|---|---|---|---|---|---|
"""


def page(codes: tuple[str, ...]) -> str:
    """The page, with a row for each check and shell."""
    cases = list(functions())
    rows = [
        *((proof.code, proof.environment, proof.shell, proof.way, proof.result, proof.test) for proof in recorded()),
        *(row for code in codes for row in _others(code, cases)),
    ]
    lines = (f"| {' | '.join((*row, f'`{_name(case)}`'))} |\n" for *row, case in sorted(rows))
    return PREFACE + "".join(lines)


def _others(code: str, cases: list[tuple[str, ast.FunctionDef]]) -> Iterator[tuple[str, ...]]:
    """The row of a check of which nothing is recorded: its first case with a cure, or else its first case."""
    if any(proof.code == code for proof in recorded()):
        return
    cured = next((name for name, node in cases if code in _cured_in(node)), None)
    if cured:
        yield code, "", "", "as printed", "gone", cured
    else:
        yield code, "", "", "not run", "found", next(name for name, node in cases if code in _sick_in(node))


def without_cases() -> list[Proof]:
    """What is recorded of cases that are no more."""
    there = {name for name, _ in functions()}
    return [proof for proof in recorded() if proof.test.partition("[")[0] not in there]


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every test of the clinic, by its file and name."""
    for file in sorted(CLINIC.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield f"tests/clinic/{file.name}::{node.name}", node


def _cured_in(node: ast.FunctionDef) -> Iterator[str]:
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Attribute(attr="cure"), args=[ast.Constant(value=str(code)), *_]):
                yield code
            case _:
                continue


def _sick_in(node: ast.FunctionDef) -> Iterator[str]:
    for mark in node.decorator_list:
        match mark:
            case ast.Call(func=ast.Attribute(attr="sick"), args=codes):
                yield from (str(ast.literal_eval(code)) for code in codes)
            case _:
                continue


def _name(case: str) -> str:
    """The case without its folder and its parameters."""
    return case.removeprefix("tests/clinic/").partition("[")[0]
