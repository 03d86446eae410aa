"""Lines about what is done, as it is done: secrets masked, laid out for stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from envdoctor.cli import output
from envdoctor.render.lines import Line, Span
from envdoctor.text.secrets import Masker
from envdoctor.text.visible import visible

_masker = Masker()


def say(lines: Sequence[Line]) -> None:
    """Write lines to stdout."""
    masked = [msgspec.structs.replace(line, spans=tuple(_masked(span) for span in line.spans)) for line in lines]
    output.write(output.shown(masked, sys.stdout))
    sys.stdout.flush()


@contextmanager
def working(what: str) -> Iterator[Callable[[str], object]]:
    """Show on a terminal what is being done, while it is. What it gives is told of each further step."""
    if not sys.stderr.isatty() or output.in_ci(os.environ):
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(visible(_masker.mask(what)))) as status:
        yield lambda step: status.update(Text(visible(_masker.mask(f"{what}: {step}"))))


def _masked(span: Span) -> Span:
    return Span(_masker.mask(span.text), span.style)
