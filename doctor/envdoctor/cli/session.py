"""The options that say which session is examined, and the session itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from envdoctor.cli.output import UsageProblem
from envdoctor.session import DEFAULT_TIMEOUT, Session

F = TypeVar("F", bound=Callable[..., Any])


def options(command: F) -> F:
    """`--python` and `--timeout`."""
    python = click.option("--python", metavar="PATH", help="Examine this interpreter instead of the one `python` runs.")
    timeout = click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True, max=600),
        default=DEFAULT_TIMEOUT,
        show_default=True,
        metavar="SECONDS",
        help="How long one question to the machine may take.",
    )
    return python(timeout(command))


def open_session(python: str | None, timeout: float) -> Session:
    """The session this process was started in."""
    if python is not None:
        python = _absolute(os.path.expanduser(python))
        if not os.access(python, os.X_OK) or os.path.isdir(python):
            raise UsageProblem(f"--python: {python} is not a program that can be run")
    return Session.of_this_process(python, timeout)


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(path)
    except OSError as error:
        raise UsageProblem(f"--python: {path} is relative, and the working directory has been deleted") from error
