"""What the commands that stand in fixes change: environments, packages, settings, files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from itertools import pairwise

from envdoctor.engine.fix import Run
from envdoctor.plan.effect import ACTIVE, Effect, Verb, resolved
from envdoctor.text.patterns import pattern

PYTHON = pattern(r"(python|pypy)[0-9.]*")
REQUIREMENT = pattern(r"([A-Za-z0-9][A-Za-z0-9._-]*+)(\[[^\]]*+\])?+\s*+(.*)")
SEPARATORS = pattern(r"[-_.]+")
VALUED = frozenset(
    {
        "-r",
        "-e",
        "-p",
        "-c",
        "--editable",
        "--python",
        "--prefix",
        "--requirement",
        "--torch-backend",
        "--with",
        "--name",
    }
)
"""The options of installers, in fixes, whose value is the next word."""
CONDA = frozenset({"conda", "mamba", "micromamba"})
MANAGERS = frozenset({"uv", "pdm", "pixi", "poetry", "pipenv"})
AGAIN = frozenset({"--reinstall", "--force-reinstall", "--reinstall-package", "--force"})
ON_FILES = frozenset({"rm", "rmdir", "mv", "chown", "chmod", "sed", "touch", "ln"})


def effects_of_command(run: Run, cwd: str) -> Iterator[Effect]:
    """What a command changes; nothing for one that is not known."""
    where = resolved(run.directory or ".", cwd)
    program, *words = run.argv[1:] if run.argv[:1] == ("sudo",) else run.argv
    name = posixpath.basename(program)
    if PYTHON.fullmatch(name) and words[:1] == ["-m"]:
        yield from _of_module(program, words[1:], where)
    elif name == "virtualenv" or (name == "uv" and words[:1] == ["venv"]):
        yield from _made(words if name == "virtualenv" else words[1:], where)
    elif name == "uv" and words[:1] == ["pip"]:
        yield from _packages(words[1:], _option(words, "--python", where) or ACTIVE)
    elif name in CONDA:
        yield from _of_conda(words, where)
    elif name in MANAGERS and (effects := _of_manager(name, words, where)):
        yield from effects
    elif name in ON_FILES:
        yield from _of_files(name, words, where)
    elif setting := _setting(name, words, where):
        yield setting


def _of_module(python: str, words: Sequence[str], where: str) -> Iterator[Effect]:
    module, *rest = words
    if module == "venv":
        yield from _made(rest, where)
    elif module == "ensurepip":
        yield Effect(Verb.FILL, _root(resolved(python, where)))
    elif module == "pip":
        yield from _packages(rest, resolved(python, where))


def _made(words: Sequence[str], where: str) -> Iterator[Effect]:
    """Of a new environment. One that is made with `--clear` loses what was in it."""
    *_, place = ("--", *words)
    root = resolved(".venv" if place.startswith("-") else place, where)
    if "--clear" in words:
        yield Effect(Verb.CLEAR, root)
    yield Effect(Verb.MAKE, root)


def _packages(words: Sequence[str], python: str) -> Iterator[Effect]:
    """Of `install` and `uninstall`, whichever tool does it."""
    root = _root(python)
    verb, *rest = words or [""]
    if verb == "uninstall":
        yield Effect(Verb.REPAIR, root)
        yield from (Effect(Verb.UNINSTALL, f"{root} {name}") for name, _ in _named(rest))
    elif verb in ("install", "sync", "update"):
        yield Effect(Verb.REPAIR if AGAIN & set(rest) else Verb.FILL, root)
        yield from (Effect(Verb.INSTALL, f"{root} {name}", version) for name, version in _named(rest))


def _named(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """The packages among the words of an installer, under one spelling, each with what is said of its version."""
    rest = iter(words)
    for word in rest:
        if word in VALUED:
            next(rest, None)
        elif match := REQUIREMENT.fullmatch(word):
            yield SEPARATORS.sub("-", match[1]).lower(), match[3] or None


def _of_conda(words: Sequence[str], where: str) -> Iterator[Effect]:
    verb, *rest = words or [""]
    prefix = _option(words, "--prefix", where) or _option(words, "-p", where) or ACTIVE
    if verb == "config" and ("--set" in rest or "--remove" in rest or "--append" in rest):
        *_, option, key, value = rest
        change = {"--set": Verb.SET, "--append": Verb.ADD, "--prepend": Verb.ADD}.get(option, Verb.TAKE)
        yield Effect(change, f"conda's {key}", value)
    elif verb in ("remove", "uninstall"):
        yield from _packages(("uninstall", *rest), prefix)
    else:
        yield from _packages((verb if verb != "env" else "update", *(rest if verb != "env" else ())), prefix)


def _of_manager(name: str, words: Sequence[str], where: str) -> tuple[Effect, ...]:  # noqa: PLR0911 - one branch a command
    """Of a command that keeps the environment of a project, by the root of the project."""
    environment = posixpath.join(where, ".venv") if name in ("uv", "pdm") else f"{name}'s environment of {where}"
    match list(words):
        case ["sync" | "install", *rest] if AGAIN & set(rest) or "--inexact" in rest:
            return (Effect(Verb.REPAIR if AGAIN & set(rest) else Verb.FILL, environment),)
        case ["sync" | "install", *_] | ["env", "use", *_]:
            return (Effect(Verb.MAKE, environment), Effect(Verb.FILL, environment))
        case ["add", *rest]:
            return (
                Effect(Verb.FILL, environment),
                *(Effect(Verb.INSTALL, f"{environment} {n}", v) for n, v in _named(rest)),
            )
        case ["--rm", *_]:
            return (Effect(Verb.CLEAR, environment),)
        case ["lock", *_]:
            return (Effect(Verb.FILL, posixpath.join(where, f"{name}.lock")),)
        case ["python", "pin", version]:
            return (Effect(Verb.SET, posixpath.join(where, ".python-version"), version),)
        case _:
            return ()


def _of_files(name: str, words: Sequence[str], where: str) -> Iterator[Effect]:
    """Of a command that is given files: those that are named, and of what is moved only where it was."""
    places = [word for word in words if not word.startswith("-")]
    if name in ("chown", "chmod", "sed"):
        places = places[1:]  # an owner, a mode, an expression
    gone = name in ("rm", "mv")
    for place in places[:1] if name == "mv" else places:
        yield Effect(Verb.CLEAR if gone else Verb.REPAIR, resolved(place, where))


def _setting(name: str, words: Sequence[str], where: str) -> Effect | None:  # noqa: PLR0911 - one branch a command
    """Of a command that sets or unsets one value."""
    match [name, *words]:
        case ["tmux", "set-environment", option, variable] if "u" in option:
            return Effect(Verb.UNSET, f"tmux's {variable}", option)
        case ["tmux", "set-environment", *_, variable, value]:
            return Effect(Verb.SET, f"tmux's {variable}", value)
        case ["pip", "config", "set", key, value]:
            return Effect(Verb.SET, f"pip's {key}", value)
        case ["pip", "config", "unset", key]:
            return Effect(Verb.UNSET, f"pip's {key}")
        case ["pyenv", "local", version]:
            return Effect(Verb.SET, posixpath.join(where, ".python-version"), version)
        case ["pyenv", "global", version]:
            return Effect(Verb.SET, "pyenv's global version", version)
        case _:
            return None


def _option(words: Sequence[str], option: str, where: str) -> str | None:
    """The path that an option is given."""
    after = [value for word, value in pairwise(words) if word == option]
    return resolved(after[0], where) if after else None


def _root(python: str) -> str:
    """The environment of an interpreter that is named by its path; a directory is the environment itself."""
    directory, name = posixpath.split(python)
    return posixpath.dirname(directory) if PYTHON.fullmatch(name) and posixpath.basename(directory) == "bin" else python
