from __future__ import annotations

import msgspec

from envdoctor.facts.shell_values import Edit
from envdoctor.facts.startup_lines import LineKind, StartupLine
from envdoctor_checks.terminal_causes import Cause, _forgotten


def test_of_two_lines_that_set_the_path_anew_one_is_the_cause() -> None:
    """Debian's /etc/profile assigns another path for root than for everybody else: only one of the two was run."""
    line = StartupLine(file="/etc/profile", number=5, text="", kind=LineKind.PATH, name="PATH", edit=Edit.ASSIGN)
    other = msgspec.structs.replace(line, number=7)
    assert _forgotten(line, other, "/usr/bin") == Cause("because /etc/profile:5 sets the search path anew", (line,))
    rc = msgspec.structs.replace(line, file="/home/ada/.bashrc", edit=Edit.PREPEND)
    assert _forgotten(line, rc, "/usr/bin").lines == (line, rc)
