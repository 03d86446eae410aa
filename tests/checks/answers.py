"""What answers to commands, as literal facts: name what matters, the rest is as on a healthy machine."""

from __future__ import annotations

import os
from typing import Any

from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreters import Failure, Interpreter
from envdoctor.facts.session.context import Examined, Marker, Place
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Tool, Venv
from envdoctor.facts.venv.pyvenv_cfg import parse
from tests.checks.pythons import interpreter

SYSTEM_MARKER = "/usr/lib/python3.11/EXTERNALLY-MANAGED"


def make_python(prefix: str = "/usr", version: str = "3.11.2", *, name: str = "python3", **changes: Any) -> Interpreter:
    """A Python in a prefix; `pip=None` takes its pip away. `/usr` is the distribution's, any other may install."""
    major, minor, micro = map(int, version.split("."))
    path = f"{prefix}/bin/{name}"
    managed = SYSTEM_MARKER if changes.get("base_prefix", prefix) == "/usr" else None
    facts = {"externally_managed": managed, "path": path, "executable": path, "asked_as": (path,)}
    return interpreter(prefix, (major, minor, micro), **{**facts, **changes})


def make_venv_python(root: str, version: str = "3.12.1", **changes: Any) -> Interpreter:
    """The Python of a virtual environment, which stands on an own build below `/opt`."""
    base = {"base_prefix": f"/opt/python{version}", "name": "python"}
    return make_python(root, version, **{**base, **changes})


def make_hit(name: str, path: str, runs: str | None, **changes: Any) -> Hit:
    """A file that answers to a command."""
    kind = HitKind.PYTHON if name.startswith("python") else HitKind.SCRIPT
    facts: dict[str, Any] = {"position": 0, "real": path, "kind": kind, "runs": runs}
    return Hit(name, path, **{**facts, **changes})


def make_answer(name: str, path: str, python: Interpreter | Failure | None, **changes: Any) -> Answer:
    """What comes of typing a command."""
    hit = make_hit(name, path, python.path if python else None, **changes)
    if isinstance(python, Failure):
        return Answer(name, hit, failure=python)
    return Answer(name, hit, python)


def make_answers(*answers: Answer) -> Answers:
    """Who answers to the four commands; nobody to those that are not given."""
    return Answers(**{answer.name: answer for answer in answers})


def make_commands(*found: Answer | Hit | None) -> Commands:
    """What the search path holds: what answers, and other files behind it."""
    hits = (item.hit if isinstance(item, Answer) else item for item in found)
    return Commands(tuple(hit for hit in hits if hit is not None))


def make_active(root: str, tool: Tool = Tool.VENV, **changes: Any) -> ActiveVenv:
    """An active virtual environment in which nothing is amiss."""
    made_by = {Tool.UV: "uv = 0.9.1", Tool.VIRTUALENV: "virtualenv = 20.29.3"}.get(tool, "version = 3.12.1")
    config = f"{root}/pyvenv.cfg"
    scripts = f"{root}/bin"
    facts: dict[str, Any] = {
        "config": config,
        "settings": parse(config, f"home = /opt/python3.12.1/bin\ninclude-system-site-packages = false\n{made_by}\n"),
        "tool": tool,
        "scripts": scripts,
        "python": f"{scripts}/python",
        "base": "/opt/python3.12.1/bin/python3.12",
        "activate": f"{scripts}/activate",
        "activate_root": root,
    }
    return ActiveVenv(root, Venv(root=root, real=root, **{**facts, **changes}))


def make_search_path(*directories: str) -> SearchPath:
    """A search path of directories that exist."""
    return SearchPath(tuple(PathEntry(place, d, d, real=os.path.normpath(d)) for place, d in enumerate(directories)))


def make_examined(*places: Place, **changes: Any) -> Examined:
    """A session of bash in a terminal, in these surroundings."""
    facts: dict[str, Any] = {
        "shell": "bash",
        "login": False,
        "interactive": True,
        "shell_started": 1_790_000_000.0,
        "cwd": "/home/ada/p",
        "home": "/home/ada",
        "search_path": (),
        "virtual_env": None,
        "user_id": 1000,
        "effective_user_id": 1000,
        "system": "Linux",
        "machine": "x86_64",
        "launched_as": "plain",
        "markers": tuple(Marker(place, place.value, "a variable") for place in places),
    }
    return Examined(**{**facts, **changes})
