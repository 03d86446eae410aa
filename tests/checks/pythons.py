"""Interpreters as facts, without a machine that has them."""

from __future__ import annotations

from typing import Any

import msgspec

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.python.active import ActivePython, Answer
from envdoctor.facts.python.interpreter import Interpreter, Pip


def interpreter(prefix: str, version: tuple[int, int, int] = (3, 11, 7), **more: Any) -> Interpreter:
    """A Python in this prefix, with a pip unless told otherwise; `base_prefix` makes it a virtual environment's."""
    minor = f"{version[0]}.{version[1]}"
    packages = f"{prefix}/lib/python{minor}/site-packages"
    base: str = more.pop("base_prefix", prefix)
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
        user_base="/home/ann/.local",
        user_site=f"/home/ann/.local/lib/python{minor}/site-packages",
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
    return msgspec.structs.replace(made, **more)


def active(prefix: str, command: str = "python", **more: Any) -> ActivePython:
    """The session works with the Python of this prefix."""
    return ActivePython(command, interpreter(prefix, **more))


def answer(name: str, prefix: str | None, position: int = 0, **more: Any) -> Answer:
    """What comes of typing a command that is run by the Python of this prefix; nothing is found without one."""
    if prefix is None:
        return Answer(name)
    path = f"{prefix}/bin/{name}"
    return Answer(name, Hit(name, path, position, path, HitKind.PYTHON, path), interpreter(prefix, **more))
