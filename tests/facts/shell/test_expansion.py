from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from envdoctor.facts.shell.expansion import (
    expand,
    marked,
    split_list,
    unquoted,
)
from envdoctor.facts.shell.startup_reader import read_lines
from envdoctor.facts.shell.tokenizer import Broken


@given(st.text("ab/$PATH{}:+-~ \"'\\\0", max_size=40))
def test_no_value_makes_it_raise(value: str) -> None:
    expand(marked(unquoted(value)), {"PATH": "/x"})
    split_list("PATH", value)
    with contextlib.suppress(Broken):
        list(read_lines("rc", f"export PATH={value}\n", {}))
