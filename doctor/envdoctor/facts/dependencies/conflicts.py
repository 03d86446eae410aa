"""Is there a merge conflict in a file that nobody has resolved, and is git in the middle of the merge?"""

from __future__ import annotations

import os

from envdoctor.text.patterns import pattern
from envdoctor.text.plain import plain

BEGIN = pattern(r"<{7}(?: .*)?")
END = pattern(r">{7}(?: .*)?")
# what git keeps while a merge, a rebase, a cherry-pick or a revert waits for its conflicts to be resolved
WAITING = ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD")


def first_mark(text: str) -> tuple[int, str] | None:
    """The number and the text of the line that begins or ends the first conflict; None if there is none.

    A line of seven `=` alone proves nothing: it underlines headings.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] in "<>" and (BEGIN.fullmatch(line) or END.fullmatch(line)):
            return number, plain(line)[:60]
    return None


def is_merging(path: str) -> bool:
    """Whether git waits, in the repository around a file, for conflicts to be resolved."""
    directory = os.path.dirname(path)
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return False
        directory = parent
    return any(os.path.lexists(os.path.join(directory, ".git", name)) for name in WAITING)
