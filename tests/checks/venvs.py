"""Literal facts about environments, sound unless a test says otherwise."""

from __future__ import annotations

from typing import Any

import msgspec

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.session.context import Examined, Marker
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Tool, Venv
from envdoctor.facts.venv.pyvenv_cfg import PyvenvConfig, parse

HOME = "/home/me"
PROJECT = "/home/me/project"
ROOT = f"{PROJECT}/.venv"
BASE = "/usr/bin/python3.11"


def config(root: str, **values: str) -> PyvenvConfig:
    """A `pyvenv.cfg` with these settings, `home` first."""
    settings = {"home": "/usr/bin", "version": "3.11.2", **values}
    text = "".join(f"{key} = {value}\n" for key, value in settings.items() if value)
    return parse(f"{root}/pyvenv.cfg", text)


def venv(root: str = ROOT, **fields: Any) -> Venv:
    """A sound environment."""
    settings = fields.pop("settings", config(root))
    sound = {
        "real": root,
        "config": f"{root}/pyvenv.cfg",
        "settings": settings,
        "tool": Tool.VENV,
        "scripts": f"{root}/bin",
        "python": f"{root}/bin/python",
        "base": BASE,
        "activate": f"{root}/bin/activate",
        "activate_root": root,
        "site_packages": (f"{root}/lib/python3.11/site-packages",),
        "has_pip": True,
    }
    return Venv(root=root, **{**sound, **fields})


def condition(environment: Venv | None = None, **fields: Any) -> Condition:
    """The condition of the project's environment, which is not active."""
    return Condition(venv=environment or venv(), **{"near": True, "rebuild_with": BASE, **fields})


def conditions(*found: Condition) -> VenvConditions:
    """The conditions, of one sound project's environment if none is given."""
    return VenvConditions(found or (condition(),))


def activated(root: str = ROOT, **fields: Any) -> ActiveVenv:
    """What `VIRTUAL_ENV` names."""
    return ActiveVenv(root, fields.pop("venv", venv(root)), **fields)


def examined(cwd: str = PROJECT, *markers: Marker, user: int = 1000, python: str | None = None) -> Examined:
    """A session in the project's directory."""
    return Examined(
        shell="bash",
        login=False,
        interactive=True,
        shell_started=None,
        cwd=cwd,
        home=HOME,
        user_id=user,
        effective_user_id=user,
        system="Linux",
        machine="x86_64",
        launched_as="plain",
        search_path=(),
        virtual_env=None,
        python=python,
        markers=markers,
    )


def interpreter(prefix: str = "/usr", **fields: Any) -> Interpreter:
    """A Python 3.11 of a prefix, the system's unless another is given."""
    known = {
        "version": (3, 11, 2),
        "level": "final",
        "build": "3.11.2",
        "implementation": "cpython",
        "executable": f"{prefix}/bin/python3",
        "prefix": prefix,
        "base_prefix": "/usr",
        "exec_prefix": prefix,
        "stdlib": "/usr/lib/python3.11",
        "purelib": f"{prefix}/lib/python3.11/site-packages",
        "platlib": f"{prefix}/lib/python3.11/site-packages",
        "sys_path": (),
        "sees_user_site": False,
        "user_base": "",
        "user_site": "",
        "externally_managed": None,
        "platform": "linux",
        "machine": "x86_64",
        "multiarch": None,
        "libc": None,
        "extension_suffix": None,
        "free_threaded": False,
        "pointer_bits": 64,
        "pip": None,
        "path": f"{prefix}/bin/python3",
        "asked_as": (f"{prefix}/bin/python3",),
        "root": prefix,
        "base_root": "/usr",
    }
    names = {field.name for field in msgspec.structs.fields(Interpreter)}
    return Interpreter(**{name: value for name, value in {**known, **fields}.items() if name in names})


def answers(python: Interpreter | None, pip: Interpreter | None = None) -> Answers:
    """Who answers to `python` and `pip`."""
    return Answers(python=_answer("python", python), pip=_answer("pip", pip))


def _answer(name: str, by: Interpreter | None) -> Answer:
    if by is None:
        return Answer(name)
    return Answer(name, Hit(name, f"{by.prefix}/bin/{name}", 0, by.path, HitKind.PYTHON, by.path), by)
