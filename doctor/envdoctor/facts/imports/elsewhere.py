"""Where else on this machine is a module that a Python does not find?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.imports.providers import import_names, provider
from envdoctor.facts.imports.resolution import Imports
from envdoctor.facts.python.interpreters import Interpreters

MOST_PLACES = 5
MOST_ENVIRONMENTS = 200


def found(
    imports: Imports, top: str, interpreters: Interpreters | None, environments: RegisteredEnvironments | None
) -> Iterator[tuple[str, str | None]]:
    """A sentence about each other environment of the machine, and other Python of the session, and its directory."""
    seen = {os.path.realpath(entry.path) for entry in imports.entries}
    told = 0
    for label, directory in _places(imports, interpreters, environments):
        real = os.path.realpath(directory)
        if real in seen or told > MOST_PLACES:
            continue
        seen.add(real)
        if not _has(directory, top):
            continue
        told += 1
        if told > MOST_PLACES:
            yield "more environments have it", None
            continue
        named = [
            each
            for each in imports.sites.directory(directory).distributions
            if top in import_names(imports.sites, each)
        ]
        what = f" ({provider(imports.sites, named[0]).titled})" if named else ""
        yield f"it is installed{what} in {label}", directory


def _places(
    imports: Imports, interpreters: Interpreters | None, environments: RegisteredEnvironments | None
) -> Iterator[tuple[str, str]]:
    """Directories of packages that this Python does not search, each with what it belongs to."""
    python = imports.python
    if not python.sees_user_site or python.user_site not in {entry.path for entry in imports.entries}:
        yield "the user's packages, which this Python does not see here", python.user_site
    if python.is_venv:
        base = "the base of this environment, whose packages it does not see"
        for directory in _package_directories(python.base_prefix):
            yield f"{python.base_prefix}, {base}", directory
    for other in interpreters.answered if interpreters else ():
        for directory in other.site_packages:
            yield f"{other.prefix} (Python {other.version_text}, {other.path})", directory
    for environment in environments.environments[:MOST_ENVIRONMENTS] if environments else ():
        for directory in _package_directories(environment.path):
            yield _called(environment), directory


def _called(environment: KnownEnvironment) -> str:
    version = f", Python {environment.python}" if environment.python else ""
    return f"{environment.path} ({environment.kind.value}{version})"


def _package_directories(root: str) -> Iterator[str]:
    """The directories of packages below a prefix, for whatever Python."""
    for library in ("lib", "lib64", "local/lib"):
        for name in listed(os.path.join(root, library)):
            if name.startswith(("python", "pypy")):
                for packages in ("site-packages", "dist-packages"):
                    directory = os.path.join(root, library, name, packages)
                    if os.path.isdir(directory):
                        yield directory


def _has(directory: str, name: str) -> bool:
    """Whether a module of this name lies there, for whatever Python."""
    if os.path.isdir(os.path.join(directory, name)):
        return True
    stems = (file for file in listed(directory) if file.startswith(f"{name}."))
    return any(file.endswith((".py", ".so", ".pyd", ".pyc")) for file in stems)


def listed(directory: str) -> list[str]:
    """The names in a directory, sorted; none where it cannot be read."""
    try:
        return sorted(os.listdir(directory))
    except (OSError, ValueError):
        return []
