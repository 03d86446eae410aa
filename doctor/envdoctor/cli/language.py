"""In which language is a manual wanted, and is there one in it?

Findings, JSON and reports stay English: people search for their words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from envdoctor.engine.check import Check
from envdoctor.system.files import Unreadable, read_text

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")
# In the order of gettext (https://www.gnu.org/software/gettext/manual: "The LANGUAGE variable"). They are read as text,
# because a container often names a locale that it does not have.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def wanted(env: Mapping[str, str]) -> str:
    """The language that the variables of a session ask for, if there are manuals in it; else English."""
    value = next((env[name] for name in VARIABLES if env.get(name)), "")
    language = value.partition(":")[0].partition("_")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else ENGLISH


def manual_in(language: str, check: Check[Any]) -> str | None:
    """The manual of a check in a language: `LANGUAGE/CODE.md` beside its module. None if there is none."""
    if language == ENGLISH:
        return check.manual
    spec = find_spec(check.module)
    if spec is None or spec.origin is None:
        return None
    try:
        return read_text(os.path.join(os.path.dirname(spec.origin), language, f"{check.code}.md")).strip()
    except Unreadable:
        return None
