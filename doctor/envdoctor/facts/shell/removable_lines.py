"""Can a line of a start-up file be taken out without harm to what stands around it?"""

from __future__ import annotations

import os

from envdoctor.facts.shell.parser import commands
from envdoctor.facts.shell.startup_lines import StartupLine
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.system.files import Unreadable, are_unique, read_text


def whole_line(found: StartupLine) -> str | None:
    """The line of the file, verbatim, if it can be taken out by its text; None otherwise.

    It holds this command and nothing else, is the only one of its text, and stands in no compound command, which might
    be empty without it. This user may change the file.
    """
    if not os.access(found.file, os.W_OK):
        return None
    try:
        text = read_text(found.file)
        around = [command for command in commands(text, fish=found.file.endswith(".fish")) if command.is_alone]
    except (Unreadable, Broken):
        return None
    lines = text.split("\n")
    if found.number > len(lines) or all(command.line != found.number for command in around):
        return None
    whole = lines[found.number - 1]
    is_all = whole.partition(" #")[0].strip().rstrip(";") == found.text.strip()
    return whole if is_all and are_unique([whole], lines) else None
