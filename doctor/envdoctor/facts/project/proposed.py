"""Which expectations does a project suggest by its files? A text to begin with, each line with where it comes from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import get_args

import msgspec

from envdoctor.facts.project.command_versions import QUESTIONS
from envdoctor.facts.project.expectations import Expectations, Managers, mistakes
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

DOCKERFILE = "Dockerfile"
ENVIRONMENTS = ("environment.yml", "environment.yaml")
FROM_PYTHON = pattern(r"FROM (?:docker\.io/)?(?:library/)?python:(3\.[0-9]{1,2})(?![0-9])", re.IGNORECASE)
NAME = pattern(r"name:[ \t]{1,20}([A-Za-z0-9_][A-Za-z0-9_.-]{0,60})[ \t\r]{0,20}")
LONGEST_LINE = 4_000
HEAD = """\
# What this project needs of a machine. `envdoctor` checks it, and CI annotates the line that is not met.
# {way}
# For what else can be said, see the section on expectations in envdoctor's docs/configuration.md.
"""
EXAMPLES = """\
# variables = { HF_ENDPOINT = "", MODE = { pattern = "fast-*" } }  # "" means set to anything
# forbid-variables = ["PYTHONHOME"]
# packages = ["numpy>=2"]
# free-disk = "5 GB"
# platform = ["linux", "macos-arm64"]
# libraries = ["libGL.so.1"]
"""


class Line(msgspec.Struct, frozen=True):
    """One expectation as TOML writes it, and the file that suggests it."""

    text: str
    origin: str


def proposed(project: Project, requires: RequiresPython | None, table: str) -> str:
    """The text of a table with what the project's files suggest, and examples of the rest."""
    lines = tuple(_lines(project, requires))
    way = (
        "Each line has been read off the files of the project." if lines else "Its files suggest nothing by themselves."
    )
    body = "".join(f"{line.text}  # from {line.origin}\n" for line in lines)
    return f"{HEAD.format(way=way)}[{table}]\n{body}{EXAMPLES}"


def _lines(project: Project, requires: RequiresPython | None) -> Iterator[Line]:
    docker = _docker_lines(project.root)
    if python := _python(requires, docker):
        yield python
    claim = next((claim for claim in project.claims if claim.manager is project.manager), None)
    if claim and claim.manager.value in get_args(Managers):
        yield Line(f'manager = "{claim.manager.value}"', os.path.basename(claim.path))
    yield from _environment(project)
    if commands := _installed(docker):
        pairs = ", ".join(f'{name} = ""' for name in commands)
        yield Line(f"commands = {{ {pairs} }}", DOCKERFILE)


def _python(requires: RequiresPython | None, docker: tuple[str, ...]) -> Line | None:
    """What the project says of its Python, else that of its image."""
    if requires and len(requires.alternatives) == 1:
        wanted = requires.alternatives[0]
        plain = wanted.isprintable() and not set(wanted) & set("\"'\\")
        if wanted and plain and not list(mistakes(Expectations(python=wanted))):
            return Line(f'python = "{wanted}"', os.path.basename(requires.origin))
    images = [found[1] for line in docker if (found := FROM_PYTHON.match(line))]
    return Line(f'python = "=={images[-1]}.*"', DOCKERFILE) if images else None


def _environment(project: Project) -> Iterator[Line]:
    """The environment of conda by its name; one beside the files, unless the manager finds that by itself."""
    if project.manager is ProjectManager.CONDA:
        for file in ENVIRONMENTS:
            if name := next((found[1] for line in _read(project.root, file) if (found := NAME.fullmatch(line))), None):
                yield Line(f'environment = "{name}"', file)
                return
    has_venv = os.path.isfile(os.path.join(project.root, ".venv/pyvenv.cfg"))
    if project.manager is ProjectManager.PIP and has_venv:
        yield Line('environment = ".venv"', ".venv")


def _installed(docker: tuple[str, ...]) -> tuple[str, ...]:
    """The commands among the packages that an image gets by apt-get, as far as they have the name of their package."""
    found: dict[str, None] = {}
    for line in docker:
        for command in line.replace("&&", ";").split(";"):
            words = [word for word in command.split() if word != "sudo"]
            words = words[1:] if words[:1] == ["RUN"] else words
            if words[:1] in (["apt-get"], ["apt"]) and "install" in words:
                named = (word.partition("=")[0] for word in words[words.index("install") + 1 :])
                found |= dict.fromkeys(name for name in named if name in QUESTIONS)
    return tuple(found)


def _docker_lines(root: str) -> tuple[str, ...]:
    """The instructions of the Dockerfile, continued lines joined."""
    joined, parts = [], list[str]()
    for line in _read(root, DOCKERFILE):
        if not line.startswith("#"):
            parts.append(line.removesuffix("\\"))
            if not line.endswith("\\"):
                joined.append(" ".join(parts))
                parts = []
    return tuple(joined)


def _read(root: str, name: str) -> Iterator[str]:
    """The lines of a file without the blanks around them; none if it cannot be read."""
    try:
        text = read_text(os.path.join(root, name), limits.FILE)
    except Unreadable:
        return
    yield from (line.strip()[:LONGEST_LINE] if name == DOCKERFILE else line for line in text.splitlines())
