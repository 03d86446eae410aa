"""A session with its places on disks, as facts."""

from __future__ import annotations

from typing import Any

from envdoctor.facts.disks.caches import Cache, Caches, CacheTool, Unused
from envdoctor.facts.disks.home import HomeDirectory
from envdoctor.facts.disks.volumes import DiskPlace, DiskPlaces, Use, Volume
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv.layout import Tool
from tests.builders import HOME, PROJECT, ROOT, make_commands, make_hit

UV_CACHE, PIP_CACHE, HUB_CACHE = f"{HOME}/.cache/uv", f"{HOME}/.cache/pip", f"{HOME}/.cache/huggingface/hub"
PLENTY = 500 * 10**9
UV = make_commands(make_hit("uv", "/usr/bin/uv"))
PIP = make_commands(make_hit("pip", f"{ROOT}/bin/pip"))
BOTH = make_commands(make_hit("uv", "/usr/bin/uv"), make_hit("pip", f"{ROOT}/bin/pip"))
OF_UV = Builders(manager=ProjectManager.UV, project=PROJECT, uv=(0, 13, 9), collection=f"{HOME}/.virtualenvs")
OF_PIP = Builders(manager=ProjectManager.PIP, project=PROJECT)
AT_HOME = HomeDirectory(HOME)
CACHES = Caches(
    (Cache(CacheTool.UV, UV_CACHE), Cache(CacheTool.PIP, PIP_CACHE), Cache(CacheTool.HUGGING_FACE, HUB_CACHE))
)
NO_UV_CACHE = Caches(CACHES.caches, (Unused(CacheTool.UV, "UV_NO_CACHE"),))


def volume(directory: str = "/", **more: Any) -> Volume:
    """A disk with plenty of room."""
    facts = {"kind": "ext4", "number": sum(directory.encode()), "free": PLENTY, "free_files": 10**7}
    return Volume(directory=directory, **{**facts, **more})


def places(**volumes: Volume) -> DiskPlaces:
    """The places of a session, all on one disk but for those that another is given for."""
    root = volume()

    def place(name: str, use: Use, path: str, tool: CacheTool | None = None) -> DiskPlace:
        return DiskPlace(use=use, path=path, volume=volumes.get(name, root), tool=tool)

    return DiskPlaces(
        (
            place("environment", Use.ENVIRONMENT, ROOT),
            place("uv", Use.CACHE, UV_CACHE, CacheTool.UV),
            place("pip", Use.CACHE, PIP_CACHE, CacheTool.PIP),
            place("hub", Use.CACHE, HUB_CACHE, CacheTool.HUGGING_FACE),
            place("temporary", Use.TEMPORARY, "/tmp"),
            place("project", Use.PROJECT, PROJECT),
            place("home", Use.HOME, HOME),
            place("elsewhere", Use.ELSEWHERE, "/var/tmp"),
        )
    )


def targets(tool: Tool | None = Tool.VENV, **more: Any) -> PackageTargets:
    """The project's environment."""
    return PackageTargets(
        (Target(root=ROOT, python=f"{ROOT}/bin/python", version=(3, 11), directories=(), tool=tool, **more),)
    )


OF_VENV, MADE_BY_UV = targets(), targets(Tool.UV)
