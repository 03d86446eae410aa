"""Is a program only a part of itself, as a full disk, a crash or an interrupted install leaves it?"""

from __future__ import annotations

import re

from envdoctor.text.patterns import pattern

# pip, distlib, setuptools, conda and uv import the function by its name, and call it under `if __name__`
ENTRY = pattern(rb"^from[ \t]+[\w.]+[ \t]+import[ \t]+(?:\w+[ \t]+as[ \t]+)?(?!__)(\w+)[ \t]*\r?$", re.MULTILINE)
MAIN = pattern(rb"^if[ \t]+__name__\b", re.MULTILINE)
# what calls nothing; any other module may do its work when it is imported
IDLE = pattern(rb"[ \t]*(?:#[^\n]*|import[ \t]+(?:re|sys|os)[ \t]*|from[ \t][^\n(]*)?\r?")


def missing_head(head: bytes) -> str | None:
    """Why a file does nothing, or the wrong thing, that has no first line to say who runs it."""
    if not head:
        return "is empty"
    if not head.strip(b"\0"):
        return "holds nothing but zero bytes"
    if all(line.startswith(b"#") or not line for line in head.split(b"\n")):
        return "holds no command"
    return "has lost its first line, which names its Python" if _calls(head) is not None else None


def missing_end(script: bytes) -> str | None:
    """Why a Python script does nothing, by the whole text of it; None if it may be complete.

    Only what begins as launchers do is judged: a wrapper calls what it likes.
    """
    *lines, last = script.split(b"\n")[1:] or [b""]
    if all(map(IDLE.fullmatch, lines)) and b"(" not in last and not last.startswith(b"import "):
        return "is cut short: it calls nothing"
    return "is cut short" if _calls(script) is False else None


def _calls(script: bytes) -> bool | None:
    """Whether a launcher calls what it has imported, down to the last bracket; None for a script of another kind."""
    entry = ENTRY.search(script)
    main = MAIN.search(script, entry.end()) if entry else None
    if not (entry and main):
        return None
    body = script[main.end() :]
    return entry[1] + b"(" in body and body.count(b"(") == body.count(b")")
