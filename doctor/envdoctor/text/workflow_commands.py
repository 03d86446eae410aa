"""Text that no CI service takes for a command to itself.

GitHub's runner obeys every line that begins with `::name`, and `##[name` wherever it stands (actions/runner,
ActionCommand.cs); Azure's agent obeys `##vso[`. A directory may be called so.
"""

from __future__ import annotations

from envdoctor.text.patterns import pattern

AT_THE_START = pattern(r"(?m)^(\s*):(?=:)")
# the first `#` of the older form
ANYWHERE = pattern(r"#(?=#[\w-]*\[)")
BREAK = "·"


def without_commands(text: str) -> str:
    """The text with a visible mark where a command would begin."""
    return ANYWHERE.sub(f"#{BREAK}", AT_THE_START.sub(rf"\1:{BREAK}", text))
