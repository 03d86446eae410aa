"""The way in: carry out what was typed, and return the exit status."""

from __future__ import annotations

import os

from envdoctor.cli import output
from envdoctor.system.silent_mounts import Unanswered

COMPLETION = "_ENVDOCTOR_COMPLETE"


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit status. Nothing but the document is ever written to stdout.

    A bare `envdoctor`, which is what nearly everybody types, has nothing to parse and does without the parser.
    """
    try:
        if not arguments and COMPLETION not in os.environ:
            from envdoctor.cli.examine import examine

            return examine()
        from envdoctor.cli import commands

        return commands.run(arguments)
    except output.UsageProblem as problem:
        output.complain(f"envdoctor: {problem}")
        return 2
    except Unanswered as place:
        output.complain(f"envdoctor: nothing could be examined: {place}")
        return 3
