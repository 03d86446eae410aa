"""What does the project's `environment.yml` ask of conda and of pip, if it is for the environment that is used?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.dependencies import conflicts
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Dependency, dependency
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits, pep440

if TYPE_CHECKING:
    import yaml

SPEC = r"(?:[^\s:]++::)?([A-Za-z0-9][A-Za-z0-9_.-]*+)(?:\[[^\]]*+\])?\s*+(.*)"
RECORD = r"(.+)-([^-]+)-[^-]+\.json"


class CondaSpec(Fact, frozen=True):
    """A package of conda's that is asked for.

    Attributes:
        name: what conda calls it.
        wanted: the versions that will do, as written: `=1.26`, `>=3.9,<4`, empty for any.
        origin: `file:line`.
        installed: the version that the environment has; None if it has none.
    """

    name: str
    wanted: str
    origin: str
    installed: str | None = None

    @property
    def is_met(self) -> bool:
        """Whether the environment has it; what cannot be compared is not held against it."""
        return self.installed is not None and fits(self.installed, self.wanted) is not False


class EnvironmentFile(Fact, frozen=True):
    """An `environment.yml`, and the active conda environment that it describes.

    Attributes:
        path: the file.
        name: of the environment.
        specs: what conda installs.
        packages: what pip installs, as PEP 508 says it.
    """

    path: str
    name: str
    specs: tuple[CondaSpec, ...] = ()
    packages: tuple[Dependency, ...] = ()


@probe
def probe_environment_file(project: Project, environment: ProjectEnvironment) -> EnvironmentFile:
    """Read the file, and the names of conda's records in the environment."""
    path = path_of(project)
    if path is None:
        raise Unavailable("the project has no environment.yml")
    try:
        name, specs, packages = parse(path, read_text(path, limits.YAML))
    except Unreadable as unreadable:
        raise Unavailable(str(unreadable)) from unreadable
    if not environment.is_conda or environment.is_venv or os.path.basename(environment.root) != name:
        raise Unavailable(f"{path} is for the environment {name or 'of any name'}, which is not active")
    have = dict(_records(environment.root))
    found = tuple(CondaSpec(spec.name, spec.wanted, spec.origin, have.get(spec.name.lower())) for spec in specs)
    return EnvironmentFile(path, name, found, packages)


def path_of(project: Project) -> str | None:
    """The project's `environment.yml`; None if it has none."""
    paths = (claim.path for claim in project.claims_of(ProjectManager.CONDA))
    return next((path for path in paths if os.path.basename(path).startswith("environment.")), None)


def fault(path: str) -> tuple[int, str] | None:
    """The line, 0 if unknown, and why conda refuses the file; None if it can be read, or not by this user."""
    from envdoctor.facts.dependencies import environment_specs
    from envdoctor.system.yaml import NotYaml, parse_yaml

    try:
        text = read_text(path, limits.YAML)
    except Unreadable:
        return None
    if mark := conflicts.first_mark(text):
        return mark
    try:
        top = parse_yaml(path, text)
    except NotYaml as error:
        return error.line or 0, error.reason
    return next(environment_specs.faults(top), None) if text.strip() else (0, "it is empty")


def ignored(path: str) -> tuple[tuple[int, str, bool], ...]:
    """What conda passes over, where it reads the file: the line, what is said of it, and whether that is a slip."""
    from envdoctor.facts.dependencies import environment_specs
    from envdoctor.system.yaml import read_yaml

    try:
        return tuple(environment_specs.ignored(read_yaml(path)))
    except Unreadable:
        return ()


def parse(path: str, text: str) -> tuple[str, tuple[CondaSpec, ...], tuple[Dependency, ...]]:
    """The name, conda's part and pip's part of an `environment.yml`. Raises Unreadable, with the line."""
    import yaml

    from envdoctor.system.yaml import parse_yaml

    table = _mapping(parse_yaml(path, text))
    name = table["name"].value if isinstance(table.get("name"), yaml.ScalarNode) else ""
    specs: list[CondaSpec] = []
    packages: list[Dependency] = []
    for item in _items(table.get("dependencies")):
        if isinstance(item, yaml.ScalarNode) and (spec := re.fullmatch(SPEC, item.value.strip())):
            specs.append(CondaSpec(spec[1], _constraint(spec[2]), f"{path}:{item.start_mark.line + 1}"))
        entries = (entry for entry in _items(_mapping(item).get("pip")) if isinstance(entry, yaml.ScalarNode))
        named = (entry for entry in entries if not entry.value.startswith("-"))
        packages += [dependency(entry.value, f"{path}:{entry.start_mark.line + 1}") for entry in named]
    return name, tuple(specs), tuple(packages)


def fits(version: str, wanted: str) -> bool | None:
    """Whether a version of conda's is one of those wanted; None where the two cannot be compared."""

    def term(text: str) -> str:
        exact = re.fullmatch(r"=?(\d[^*=]*?)(?:\.?\*)?", text)
        return f"=={exact[1].rstrip('.')}.*" if exact else text

    groups = (",".join(map(term, group.split(","))) for group in wanted.split("|"))
    answers = [pep440.admits(pep440.specifiers(group), version) for group in groups]
    return True if True in answers else None if None in answers else False


def _constraint(text: str) -> str:
    """The versions of a spec, without its build: `=1.26=py311_0`, `1.26 py311_0`."""
    word = text.split(maxsplit=1)[0] if text else ""
    build = re.fullmatch(r"(==?[^=<>!|,]+)=[^=]+", word)
    return build[1] if build else word


def _mapping(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    import yaml

    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    # a key that is no scalar may be a tangle of anchors, which as text would never end
    return {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def _items(node: yaml.Node | None) -> Iterator[yaml.Node]:
    import yaml

    yield from node.value if isinstance(node, yaml.SequenceNode) else ()


def _records(prefix: str) -> Iterator[tuple[str, str]]:
    try:
        names = os.listdir(os.path.join(prefix, "conda-meta"))
    except OSError:
        return
    for name in names:
        if record := re.fullmatch(RECORD, name):
            yield record[1].lower(), record[2]
