from __future__ import annotations

import pytest

from envdoctor.fleet.replies import SHOWN, STDERR, Reply
from envdoctor.text import limits


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(bytearray(b"{}"), bytearray(b"a warning"), status=1), ""),
        (Reply(timed_out=True), "timed out after 9 s"),
        (Reply(bytearray(b"{"), timed_out=True), "timed out after 9 s, in the middle of its report"),
        (Reply(status=127), "not installed: a login shell finds no envdoctor there"),
        (Reply(complaint=bytearray(b"banner\nssh: no route\n"), status=255), "unreachable: ssh: no route"),
        (
            Reply(complaint=bytearray(b"Fatal Python error\nModuleNotFoundError: no encodings\n<no Python frame>")),
            "no report: ModuleNotFoundError: no encodings",
        ),
        (Reply(complaint=bytearray(b"x" * 900), status=1), f"no report: {'x' * SHOWN}"),
        (Reply(bytearray(b"\n"), bytearray(b"oops"), status=0), "no report: oops"),
        (Reply(came=limits.RECORDING + 1, status=137), "no report: it printed more than 10,000,000 bytes"),
        (Reply(lost="unreachable: no route"), "unreachable: no route"),
    ],
)
def test_why_there_is_no_report(reply: Reply, reason: str) -> None:
    assert reply.failure(9.0) == reason


def test_lines_are_kept_in_bounds_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORDING", 5)
    reply = Reply()
    for line in (b"ab", b"cdef", b"g"):
        reply.take(line, is_complaint=False)
        reply.take(line * STDERR, is_complaint=True)
    assert bytes(reply.output) == b"ab\ncde"
    assert len(reply.complaint) == STDERR
    assert reply.came == 7 + 3 + 7 * STDERR + 3
