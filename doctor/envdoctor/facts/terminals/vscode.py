"""Which interpreter is VS Code told to use in this folder, by `.vscode/settings.json`, which may hold comments?"""

from __future__ import annotations

import os
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.venv.layout import is_environment
from envdoctor.system.files import Unreadable, read_text, real_path
from envdoctor.system.session import Session
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

SETTINGS = ".vscode/settings.json"
KEYS = ("python.defaultInterpreterPath", "python.pythonPath")  # the second is its name of before 2021
COMMENT = pattern(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
TRAILING_COMMA = pattern(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
VARIABLE = pattern(r"\$\{([^{}]*+)\}")


class EditorChoice(Fact, frozen=True, kw_only=True):
    """The interpreter that VS Code is told to use for this folder.

    Attributes:
        file: the settings.
        key: the name of the setting.
        value: what it says, verbatim.
        path: the interpreter, or the directory of an environment, with variables replaced; None if one is not known, or
            the value is a command.
        exists: whether that is there.
        root: the environment or installation that it belongs to, links resolved.
        is_venv: whether that is a virtual environment.
        is_conda: whether it is a conda environment.
    """

    file: str
    key: str
    value: str
    path: str | None = None
    exists: bool = False
    root: str | None = None
    is_venv: bool = False
    is_conda: bool = False


@probe
def probe_editor_choice(session: Session) -> EditorChoice:
    """Look for the settings in the working directory and above."""
    if session.cwd is None:
        raise Unavailable("the working directory has been deleted")
    folder = session.cwd
    while not os.path.isfile(file := os.path.join(folder, SETTINGS)):
        if folder in (session.home, os.path.dirname(folder)):
            raise Unavailable(f"there is no {SETTINGS} here or above")
        folder = os.path.dirname(folder)
    import json

    try:
        settings = json.loads(plain(read_text(file, limits.VSCODE)))
    except (Unreadable, ValueError, RecursionError) as error:
        if not isinstance(error, Unreadable):
            note(file, f"not JSON: {error}")
        raise Unavailable(f"{file} cannot be read: {error}") from error
    for key in KEYS:
        value = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(value, str) and value:
            return chosen(session, file, key, value, folder)
    raise Unavailable(f"{file} names no interpreter")


def chosen(session: Session, file: str, key: str, value: str, folder: str) -> EditorChoice:
    """What a value of the setting comes to in this folder."""
    known = {"workspaceFolder": folder, "workspaceRoot": folder, "userHome": session.home}
    path = VARIABLE.sub(lambda name: known.get(name[1]) or name[0], value)
    if path.startswith("~/") and session.home:
        path = session.home + path[1:]
    if "${" in path or "\\" in path or "/" not in path:
        return EditorChoice(file=file, key=key, value=value)
    path = os.path.normpath(os.path.join(folder, path))
    root = path if os.path.isdir(path) else os.path.dirname(os.path.dirname(path))
    venv, conda = is_environment(root), os.path.isdir(os.path.join(root, "conda-meta"))
    if not venv and not conda:  # only then does the link tell where it belongs
        root = os.path.dirname(os.path.dirname(real_path(path)))
    return EditorChoice(
        file=file,
        key=key,
        value=value,
        path=path,
        exists=os.path.exists(path),
        root=real_path(root),
        is_venv=venv,
        is_conda=conda,
    )


def plain(text: str) -> str:
    """JSON with comments and commas before a closing bracket, without both. What stands in strings stays."""
    without = COMMENT.sub(lambda found: found[1] or " ", text)
    return TRAILING_COMMA.sub(lambda found: found[1] or "", without)
