"""On which Pythons does a project run by its `setup.cfg` or `setup.py`? Read as text; nothing of it is run."""

from __future__ import annotations

import os
import re

from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

DYNAMIC = "requires-python"
OPTIONS, KEY = "options", "python_requires"
LONGEST_LINE = 1_000
# what Python 3 says of a line of Python 2, and such lines of which it says "invalid syntax" alone
SAID_OF_PYTHON_2 = pattern(
    r"Missing parentheses in call to '(?:print|exec)'|multiple exception types must be|leading zeros in decimal"
)
PYTHON_2 = pattern(r"^\s*+raise\s++[\w.]++\s*+,|<>|`|\b[uU][rR]['\"]|\b\d++[lL]\b|^\s*+except\b[^:,]*+,\s*+\w++\s*+:")
WRITTEN = pattern(r"(?m)^[^#\n'\"]*?\bpython_requires\s{0,9}=\s{0,9}(['\"])([^'\"\n]{1,200}+)\1")


def python_requires(root: str) -> RequiresPython | None:
    """What the files say; where both do, `setup.cfg` wins, as for setuptools. None where it is not written down."""
    return _of_cfg(os.path.join(root, "setup.cfg")) or _of_script(os.path.join(root, "setup.py"))


def _of_cfg(path: str) -> RequiresPython | None:
    import configparser

    parser = configparser.ConfigParser(interpolation=None)
    try:
        text = read_text(path, limits.SETUP_FILE)
        parser.read_string(text)
    except Unreadable:
        return None
    except configparser.Error:  # its message repeats what is there
        note(path, "setuptools cannot read it either")
        return None
    written = parser.get(OPTIONS, KEY, fallback=parser.get(OPTIONS, KEY.replace("_", "-"), fallback=""))
    found = re.search(rf"(?m)^{KEY[:6]}[_-]{KEY[7:]}\s*[=:]", text)
    value = ",".join(written.split("\n")).strip(" ,") if written else ""
    return _required(value, path, text.count("\n", 0, found.start()) + 1 if found else 0)


def _of_script(path: str) -> RequiresPython | None:
    import ast
    import warnings

    try:
        text = read_text(path, limits.SETUP_FILE)
    except Unreadable:
        return None
    try:
        with warnings.catch_warnings():  # of an escape that Python does not know
            warnings.simplefilter("ignore")
            module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, SyntaxError) and _is_python_2(error):
            return _of_python_2(text, path)
        line = getattr(error, "lineno", None)
        note(path, f"line {line} is no Python of today" if line else "no Python, or nested too deeply")
        return None
    constants = {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _name(node.func) == "setup":
            value = next((keyword.value for keyword in node.keywords if keyword.arg == KEY), None)
            if isinstance(value, ast.Name):
                value = constants.get(value.id)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                return _required(value.value, path, value.lineno)
    return None


def _is_python_2(error: SyntaxError) -> bool:
    """Whether a line that Python 3 refuses is good Python 2: no mistake, but a project for another Python."""
    mixed = isinstance(error, TabError)
    return mixed or bool(SAID_OF_PYTHON_2.match(error.msg) or PYTHON_2.search((error.text or "")[:LONGEST_LINE]))


def _of_python_2(text: str, path: str) -> RequiresPython | None:
    """What stands there, where nobody parses it any more."""
    found = WRITTEN.search(text)
    return _required(found[2], path, text.count("\n", 0, found.start()) + 1) if found else None


def _name(function: object) -> str | None:
    """What a call calls: `setup`, or the last part of `setuptools.setup`."""
    import ast

    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else None


def _required(text: str, path: str, line: int) -> RequiresPython | None:
    return RequiresPython(text, (text,), f"{path}:{line}" if line else path) if text else None
