"""Facts to judge, as literals: name what matters, the rest is as on a healthy machine."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.facts.python.active import ActivePython, Answer, Answers
from envdoctor.facts.python.interpreter import Interpreter, Pip
from envdoctor.facts.python.interpreters import Failure
from envdoctor.facts.session.context import Examined, Marker, Place
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Tool, Venv
from envdoctor.facts.venv.pyvenv_cfg import PyvenvConfig, parse

HOME = "/home/me"
PROJECT = f"{HOME}/project"
ROOT = f"{PROJECT}/.venv"
BASE = "/usr/bin/python3.11"
SYSTEM_MARKER = "/usr/lib/python3.11/EXTERNALLY-MANAGED"
SETTINGS_OF = {
    Tool.UV: {"version": "", "version_info": "3.11.2", "uv": "0.9.1"},
    Tool.VIRTUALENV: {"version": "", "version_info": "3.11.2.final.0", "virtualenv": "20.29.3"},
}


def make_examined(*places: Place | Marker, **changes: Any) -> Examined:
    """A session of bash in the project's directory, in these surroundings."""
    facts: dict[str, Any] = {
        "shell": "bash",
        "login": False,
        "interactive": True,
        "shell_started": 1_790_000_000.0,
        "cwd": PROJECT,
        "home": HOME,
        "search_path": (),
        "virtual_env": None,
        "user_id": 1000,
        "effective_user_id": 1000,
        "system": "Linux",
        "machine": "x86_64",
        "launched_as": "plain",
        "markers": tuple(p if isinstance(p, Marker) else Marker(p, p.value, "a variable") for p in places),
    }
    return Examined(**{**facts, **changes})


def make_search_path(*directories: str) -> SearchPath:
    """A search path of directories that exist."""
    return SearchPath(tuple(PathEntry(place, d, d, real=os.path.normpath(d)) for place, d in enumerate(directories)))


def make_interpreter(prefix: str, version: tuple[int, int, int] = (3, 11, 7), **changes: Any) -> Interpreter:
    """A Python in this prefix, with a pip unless told otherwise; `base_prefix` makes it a virtual environment's."""
    minor = f"{version[0]}.{version[1]}"
    packages = f"{prefix}/lib/python{minor}/site-packages"
    base: str = changes.pop("base_prefix", prefix)
    made = Interpreter(
        version=version,
        level="final",
        build=minor,
        implementation="cpython",
        executable=f"{prefix}/bin/python",
        prefix=prefix,
        base_prefix=base,
        exec_prefix=prefix,
        stdlib=f"{base}/lib/python{minor}",
        purelib=packages,
        platlib=packages,
        sys_path=(packages,),
        sees_user_site=prefix == base,
        user_base=f"{HOME}/.local",
        user_site=f"{HOME}/.local/lib/python{minor}/site-packages",
        externally_managed=None,
        platform="linux",
        machine="x86_64",
        multiarch="x86_64-linux-gnu",
        libc="glibc 2.36",
        extension_suffix=".so",
        free_threaded=False,
        pointer_bits=64,
        pip=Pip(packages, "26.3"),
        path=f"{prefix}/bin/python",
        asked_as=(f"{prefix}/bin/python",),
        root=prefix,
        base_root=base,
    )
    return msgspec.structs.replace(made, **changes)


def make_python(prefix: str = "/usr", version: str = "3.11.2", *, name: str = "python3", **changes: Any) -> Interpreter:
    """A Python by the name of its command. `/usr` is the distribution's, which pip may not change."""
    major, minor, micro = map(int, version.split("."))
    path = f"{prefix}/bin/{name}"
    managed = SYSTEM_MARKER if changes.get("base_prefix", prefix) == "/usr" else None
    facts = {"externally_managed": managed, "path": path, "executable": path, "asked_as": (path,)}
    return make_interpreter(prefix, (major, minor, micro), **{**facts, **changes})


def make_venv_python(root: str, version: str = "3.12.1", **changes: Any) -> Interpreter:
    """The Python of a virtual environment, which stands on a build of its own below `/opt`."""
    base = {"base_prefix": f"/opt/python{version}", "name": "python"}
    return make_python(root, version, **{**base, **changes})


def make_active_python(prefix: str, command: str = "python", **changes: Any) -> ActivePython:
    """The session works with the Python of this prefix."""
    return ActivePython(command, make_interpreter(prefix, **changes))


def make_hit(name: str, path: str, runs: str | None = None, **changes: Any) -> Hit:
    """A file that answers to a command."""
    kind = HitKind.PYTHON if name.startswith("python") else HitKind.SCRIPT
    facts: dict[str, Any] = {"position": 0, "real": path, "kind": kind, "runs": runs}
    return Hit(name, path, **{**facts, **changes})


def make_commands(*found: Answer | Hit | None) -> Commands:
    """What the search path holds: what answers, and other files behind it."""
    hits = (item.hit if isinstance(item, Answer) else item for item in found)
    return Commands(tuple(hit for hit in hits if hit is not None))


UV_AND_PIP = make_commands(make_hit("uv", f"{HOME}/.local/bin/uv"), make_hit("pip", f"{ROOT}/bin/pip"))


def make_answer(name: str, path: str, python: Interpreter | Failure | None, **changes: Any) -> Answer:
    """What comes of typing a command."""
    hit = make_hit(name, path, python.path if python else None, **changes)
    if isinstance(python, Failure):
        return Answer(name, hit, failure=python)
    return Answer(name, hit, python)


def make_answer_in(name: str, prefix: str | None, position: int = 0, **changes: Any) -> Answer:
    """What comes of typing a command that the Python of this prefix runs; nothing is found without a prefix."""
    if prefix is None:
        return Answer(name)
    python = make_interpreter(prefix, **changes)
    return make_answer(name, f"{prefix}/bin/{name}", python, position=position, kind=HitKind.PYTHON)


def make_answers(*answers: Answer) -> Answers:
    """Who answers to the four commands; nobody to those that are not given."""
    return Answers(**{answer.name: answer for answer in answers})


def make_config(root: str, **values: str) -> PyvenvConfig:
    """A `pyvenv.cfg` with these settings, `home` first; an empty value takes one away."""
    settings = {"home": "/usr/bin", "version": "3.11.2", **values}
    return parse(f"{root}/pyvenv.cfg", "".join(f"{key} = {value}\n" for key, value in settings.items() if value))


def make_venv(root: str = ROOT, tool: Tool = Tool.VENV, **changes: Any) -> Venv:
    """A virtual environment in which nothing is amiss."""
    facts: dict[str, Any] = {
        "real": root,
        "config": f"{root}/pyvenv.cfg",
        "settings": make_config(root, **SETTINGS_OF.get(tool, {})),
        "tool": tool,
        "scripts": f"{root}/bin",
        "python": f"{root}/bin/python",
        "base": BASE,
        "activate": f"{root}/bin/activate",
        "activate_root": root,
        "site_packages": (f"{root}/lib/python3.11/site-packages",),
        "has_pip": tool is not Tool.UV,
    }
    return Venv(root=root, **{**facts, **changes})


def make_active(root: str = ROOT, tool: Tool = Tool.VENV, **changes: Any) -> ActiveVenv:
    """What `VIRTUAL_ENV` names: a virtual environment in which nothing is amiss."""
    return ActiveVenv(root, make_venv(root, tool, **changes))


def make_condition(venv: Venv | None = None, **changes: Any) -> Condition:
    """The condition of the project's environment, which is not active."""
    return Condition(venv=venv or make_venv(), **{"near": True, "rebuild_with": BASE, **changes})


def make_conditions(*found: Condition) -> VenvConditions:
    """The conditions; without any, those of one sound environment of the project."""
    return VenvConditions(found or (make_condition(),))
