"""An environment with what is found in it, as facts."""

from __future__ import annotations

from typing import Any

from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.dependencies import Dependencies, EnvironmentDependencies
from envdoctor.facts.packages.records import EnvironmentRecords, PackageRecords
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.venv.layout import Tool

ROOT = "/proj/.venv"
PYTHON = f"{ROOT}/bin/python"
SITE = f"{ROOT}/lib/python3.11/site-packages"
NOTHING = Builders()
WITH_UV = Builders(uv=(0, 13, 9))


def target(**more: Any) -> Target:
    return Target(root=ROOT, python=PYTHON, version=(3, 11, 7), **{"directories": (SITE,), **more})


def made_by_uv(**more: Any) -> Target:
    return target(tool=Tool.UV, **more)


def record(stem: str) -> str:
    return f"{SITE}/{stem}.dist-info"


def records(where: Target | None = None, **found: Any) -> PackageRecords:
    return PackageRecords((EnvironmentRecords(where or target(), 9, **found),))


def dependencies(where: Target | None = None, **found: Any) -> Dependencies:
    return Dependencies((EnvironmentDependencies(where or target(), **found),))
