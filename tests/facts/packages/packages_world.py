"""Directories of installed packages, written by hand, and old enough that no installer can still be at work on them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from envdoctor.facts.packages.dependencies import EnvironmentDependencies, probe_dependencies
from envdoctor.facts.packages.overrides import UvOverrides
from envdoctor.facts.packages.records import EnvironmentRecords, probe_package_records
from envdoctor.facts.packages.targets import PackageTargets, Target
from tests.support import make_session

LONG_AGO = 1_700_000_000


def add(directory: Path, stem: str, *requires: str, headers: str = "", **files: str | None) -> Path:
    """A package `name-version`; a file that is None is left out. Its `.dist-info`."""
    name, _, version = stem.partition("-")
    info = directory / f"{stem}.dist-info"
    info.mkdir(parents=True)
    lines = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    content: dict[str, str | None] = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}{lines}",
        "INSTALLER": "pip\n",
        "RECORD": f"{name}.py,,\n",
        **files,
    }
    for file, text in content.items():
        if text is not None:
            (info / file).write_text(text)
    age(info)
    return info


def age(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)


def target(*directories: Path, root: Path | None = None, **more: Any) -> Target:
    first = directories[0]
    return Target(
        root=str(root or first),
        python=f"{root or first}/bin/python",
        version=more.pop("version", (3, 11, 7)),
        directories=tuple(map(str, directories)),
        **more,
    )


def records(*directories: Path, **more: Any) -> EnvironmentRecords:
    """What is wrong with the records in these directories."""
    [seen] = probe_package_records(make_session(), PackageTargets((target(*directories, **more),))).environments
    return seen


def dependencies(
    directories: Sequence[Path], overrides: UvOverrides | None = None, **more: Any
) -> EnvironmentDependencies:
    """What does not fit together in these directories."""
    session = make_session()
    seen = probe_package_records(session, PackageTargets((target(*directories, **more),)))
    [judged] = probe_dependencies(session, seen, overrides).environments
    return judged
