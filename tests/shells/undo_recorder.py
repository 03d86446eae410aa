"""A plugin of pytest: writes down every fix with an undo that the tests of the checks produce, and who has made it.

`UNDO_RECORD` names the file. A line is the place of the call in the source, and the steps of the fix and of its undo.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import msgspec

from envdoctor.engine.fix import AnyAction, Fix, Run

Recorded = dict[str, Any]

recorded: dict[str, None] = {}
made = Fix.__init__


def encoded(step: AnyAction) -> Recorded:
    """A step as JSON."""
    if isinstance(step, Run):
        return {"kind": "run", "argv": step.argv, "variables": step.variables, "directory": step.directory}
    return msgspec.to_builtins(step)  # type: ignore[no-any-return]  # a struct becomes an object


def record(fix: Fix, *arguments: Any, **named: Any) -> None:
    made(fix, *arguments, **named)
    caller = sys._getframe(1).f_code
    if fix.undo and f"{os.sep}envdoctor_checks{os.sep}" in caller.co_filename:
        steps = [[encoded(step) for step in steps] for steps in (fix.actions, fix.undo)]
        place = caller.co_filename.rpartition(f"{os.sep}envdoctor_checks{os.sep}")[2], caller.co_name
        line = json.dumps([*place, *steps])
        if "masked-home" not in line:  # as it would be shared: such a path stands for another machine's home
            recorded[line] = None


def pytest_configure() -> None:
    Fix.__init__ = record  # type: ignore[method-assign,assignment]


def pytest_unconfigure() -> None:
    with open(os.environ["UNDO_RECORD"], "w", encoding="utf-8") as file:
        file.write("\n".join(recorded))
