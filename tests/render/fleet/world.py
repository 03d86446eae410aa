"""An answer with everything in it."""

from __future__ import annotations

from envdoctor.fleet.answer import Answer, Change, Difference, Found, Group, History, Trait, Unexamined

NAMES = tuple(f"m{number}" for number in range(1, 13))
FULL = Answer(
    sessions=(("ssh command (bash, login)", 14), ("cron job (dash)", 1)),
    machines=15,
    groups=(
        Group((), NAMES),
        Group(("LIB001", "PIP001"), ("s1", "s2")),
        Group(("PIP001",), ("<b>odd</b> | `x`",)),
    ),
    unexamined=(Unexamined("u1", "unreachable: no route"),),
    found=(
        Found("LIB001", "too-old", "error", 2, 3),
        Found("PIP001", "elsewhere", "warning", 3, 3),
        Found("PY001", "said", "info", 1, 1),
    ),
    differences=(
        Difference("LIB001", "error", 2, 13, (Trait("Libc.version", "2.17", 2, 1, 0.92, ("Os.name",), 4),)),
        Difference("PIP001", "warning", 3, 12, (Trait("Pip", None, 3, 0, 1.0),)),
        Difference("PY001", "info", 1, 14, ()),
    ),
    problems=("bad.json: it is empty",),
    notes=("reports of several versions",),
    left_out=2,
    history=History(
        "2026-01-01",
        "2026-01-02",
        new=(Change("LIB001", "error", ("s1", "s2")),),
        gone=(Change("PY001", "warning", ("m1",)),),
        added=("m9",),
        lost=("m0",),
    ),
)
EMPTY = Answer((), 0, (), (), (), ())
