from __future__ import annotations

from envdoctor.render.fleet.text import layout
from envdoctor.render.lines import plain
from tests.render.fleet.world import EMPTY, FULL

WHOLE = """\
Examined: ssh command (bash, login) on 14 machines, cron job (dash) on 1 machine. These are facts of machines and accounts, not of anybody's terminal.
LIB001 on 2 machines: Libc.version = 2.17, on 2 of these 2, on 1 of 13 without it

Since 2026-01-01
  + new LIB001 on 2 machines: s1, s2
  - gone PY001 on 1 machine: m1
  with a report only now: m9
  without a report now: m0

Machines with the same errors and warnings
       12  nothing found
           m1, m2, m3, m4, m5, m6, m7, m8 and 4 more
        2  LIB001, PIP001
           s1, s2
        1  PIP001
           <b>odd</b> | `x`
  2 machines left out by --where

Without a report: 1 machine
  u1: unreachable: no route

Findings
  error   LIB001 too-old: 2 machines, 3 findings
  warning PIP001 elsewhere: 3 machines
  info    PY001 said: 1 machine

What differs by LIB001: 2 machines with it, 13 without
  Libc.version = 2.17
    on 2 of these 2, on 1 of 13 without it; lift 0.92
    so do Os.name and 4 more

What differs by PIP001: 3 machines with it, 12 without
  Pip: nothing there
    on 3 of these 3, on 0 of 12 without it; lift 1.00

What differs by PY001: 1 machine with it, 14 without
  nothing tells them apart: no value has a lift of 0.2

! bad.json: it is empty
! reports of several versions
"""  # noqa: E501 - the lines as they are


def test_a_fleet_as_a_person_reads_it() -> None:
    assert plain(layout(FULL)) == WHOLE


def test_of_no_report_nothing_is_made_up() -> None:
    assert plain(layout(EMPTY)) == "Examined: nothing. There is no report.\nNo machine was examined.\n"
