"""Where does each tool keep its cache? By its own variables, files and defaults; no tool is run.

Held against the real tools by tests/clinic/test_disks_truth.py: uv 0.13, pip 23 and 26, poetry 2.5, pipenv 2026.10,
hatch 1.18, pdm 2.29, pre-commit 4.7. conda's rule is that of conda/base/context.py, 26.7, that of the Hugging Face hub
the one of huggingface_hub/constants.py, 2.4.
"""

from __future__ import annotations

import enum
import os
import re
import sys
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project import hatch, poetry
from envdoctor.facts.project.project import Project
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import read_toml
from envdoctor.text.patterns import pattern

USUAL = "its usual place"
XDG = "XDG_CACHE_HOME"
REFERENCE = pattern(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
# of the variables that a path may refer to, those that say where the user's directories are
REFERRED = ("HOME", "USER", "LOGNAME", "TMPDIR", "SCRATCH", "WORK", "XDG_CACHE_HOME", "XDG_DATA_HOME")


class CacheTool(enum.Enum):
    """Whose cache it is."""

    UV = "uv"
    PIP = "pip"
    CONDA = "conda"
    POETRY = "poetry"
    PIPENV = "pipenv"
    HATCH = "hatch"
    PDM = "pdm"
    PRE_COMMIT = "pre-commit"
    HUGGING_FACE = "Hugging Face"


class Cache(Fact, frozen=True):
    """The cache of a tool, whether or not it is there.

    Attributes:
        tool: whose it is.
        path: the directory. It is absolute.
        origin: what says so: a variable, a file with its line, or that it is the tool's usual place.
        relative: whether it was named relative to the working directory, so that each directory has another.
    """

    tool: CacheTool
    path: str
    origin: str = USUAL
    relative: bool = False


class Unused(Fact, frozen=True):
    """A tool that is told to do without its cache, and what tells it so."""

    tool: CacheTool
    origin: str


class Caches(Fact, frozen=True):
    """The caches of all tools that are known here. conda has several, of which it writes to the first that it may."""

    caches: tuple[Cache, ...] = ()
    unused: tuple[Unused, ...] = ()

    def of(self, tool: CacheTool) -> Cache | None:
        """The cache that a tool uses; None if it does without."""
        if any(each.tool is tool for each in self.unused):
            return None
        return next((cache for cache in self.caches if cache.tool is tool), None)


@probe
def probe_caches(
    session: Session,
    uv: UvSettings,
    pip: PipSettings,
    condarc: Condarc | None,
    roots: CondaRoots | None,
    project: Project | None,
) -> Caches:
    """Follow each tool's own order."""
    caches = (
        _uv(session, uv),
        _pip(session, pip),
        *_conda(session, condarc, roots),
        _poetry(session, project),
        _named(session, CacheTool.PIPENV, "PIPENV_CACHE_DIR") or _usual(session, CacheTool.PIPENV, "pipenv"),
        _hatch(session),
        _pdm(session),
        _pre_commit(session),
        _hugging_face(session),
    )
    return Caches(tuple(filter(None, caches)), tuple(_unused(uv, pip)))


def _unused(uv: UvSettings, pip: PipSettings) -> Iterator[Unused]:
    in_file = uv.value("no-cache")
    if uv.switched_on("UV_NO_CACHE"):
        yield Unused(CacheTool.UV, "UV_NO_CACHE")
    elif in_file and in_file.value == "true" and uv.variable("UV_NO_CACHE") is None:
        yield Unused(CacheTool.UV, in_file.origin)
    # any word, `false` too, switches it off: _handle_no_cache_dir in pip/_internal/cli/cmdoptions.py
    if setting := pip.effective("no-cache-dir"):
        yield Unused(CacheTool.PIP, setting.origin)


def _uv(session: Session, settings: UvSettings) -> Cache | None:
    if named := settings.variable("UV_CACHE_DIR"):
        return _placed(session, CacheTool.UV, named, "UV_CACHE_DIR")
    if value := settings.value("cache-dir"):
        # clap reads a path in a file as it stands, from where uv is typed
        return _placed(session, CacheTool.UV, value.value, value.origin) if value.value else None
    return _usual(session, CacheTool.UV, "uv", macos=".cache/uv")


def _pip(session: Session, settings: PipSettings) -> Cache | None:
    if setting := settings.effective("cache-dir"):
        return _placed(session, CacheTool.PIP, _at_home(session, setting.value), setting.origin)
    return _usual(session, CacheTool.PIP, "pip")


def _conda(session: Session, condarc: Condarc | None, roots: CondaRoots | None) -> Iterator[Cache]:
    elements = condarc.elements("pkgs_dirs") if condarc else ()
    for element in elements:
        yield _placed(session, CacheTool.CONDA, _expanded(session, element.value), element.origin)
    if elements or not roots:
        return
    first = [root for root in roots.roots if roots.active in (root.path, root.real)]
    for root in dict.fromkeys((*first, *roots.roots)):
        yield Cache(CacheTool.CONDA, f"{root.path}/pkgs")
    if session.home:
        yield Cache(CacheTool.CONDA, f"{session.home}/.conda/pkgs")


def _poetry(session: Session, project: Project | None) -> Cache | None:
    path, origin = poetry.cache_directory(session, project.root if project else None)
    if path is None:
        return _usual(session, CacheTool.POETRY, "pypoetry")
    return _placed(session, CacheTool.POETRY, _at_home(session, path), origin)


def _hatch(session: Session) -> Cache | None:
    if named := session.env.get("HATCH_CACHE_DIR"):
        return _placed(session, CacheTool.HATCH, _expanded(session, named), "HATCH_CACHE_DIR")
    path, file = hatch.cache_directory(session)
    if path is None or file is None:
        return _usual(session, CacheTool.HATCH, "hatch")
    return _placed(session, CacheTool.HATCH, _expanded(session, path), file)


def _pdm(session: Session) -> Cache | None:
    if named := session.env.get("PDM_CACHE_DIR"):
        return _placed(session, CacheTool.PDM, _at_home(session, named), "PDM_CACHE_DIR")
    config = _absolute(session, "XDG_CONFIG_HOME") or f"{session.home}/.config"
    if sys.platform == "darwin":
        config = f"{session.home}/Library/Application Support"
    file = session.env.get("PDM_CONFIG_FILE") or f"{config}/pdm/config.toml"
    try:
        path = read_toml(file).table.get("cache_dir")
    except Unreadable:
        path = None
    if isinstance(path, str) and path:
        return _placed(session, CacheTool.PDM, _at_home(session, path), file)
    return _usual(session, CacheTool.PDM, "pdm")


def _pre_commit(session: Session) -> Cache | None:
    if named := _named(session, CacheTool.PRE_COMMIT, "PRE_COMMIT_HOME"):
        return named
    return _beside(session, CacheTool.PRE_COMMIT, "pre-commit")


def _hugging_face(session: Session) -> Cache | None:
    for name, below in (("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""), ("HF_HOME", "hub")):
        if name in session.env:  # an empty one is the working directory
            path = os.path.join(_expanded(session, session.env[name]), below)
            return _placed(session, CacheTool.HUGGING_FACE, path, name)
    return _beside(session, CacheTool.HUGGING_FACE, "huggingface/hub")


def _named(session: Session, tool: CacheTool, variable: str) -> Cache | None:
    value = session.env.get(variable)
    return _placed(session, tool, value, variable) if value else None


def _beside(session: Session, tool: CacheTool, name: str) -> Cache | None:
    """The cache of a tool that takes `XDG_CACHE_HOME` as it is, relative or not, and `~/.cache` on every system."""
    if home := session.env.get(XDG):
        return _placed(session, tool, os.path.join(home, name), XDG)
    return Cache(tool, f"{session.home}/.cache/{name}") if session.home else None


def _usual(session: Session, tool: CacheTool, name: str, macos: str | None = None) -> Cache | None:
    """The cache of a tool that follows the specification: a relative `XDG_CACHE_HOME` does not count."""
    if sys.platform == "darwin" and macos is None:
        return Cache(tool, f"{session.home}/Library/Caches/{name}") if session.home else None
    if home := _absolute(session, XDG):
        return Cache(tool, os.path.join(home, name), XDG)
    return Cache(tool, f"{session.home}/{macos or f'.cache/{name}'}") if session.home else None


def _absolute(session: Session, variable: str) -> str | None:
    value = session.env.get(variable, "")
    return value if os.path.isabs(value) else None


def _placed(session: Session, tool: CacheTool, path: str, origin: str) -> Cache:
    place = os.path.normpath(os.path.join(session.cwd or "/", path))
    return Cache(tool, place, origin, not os.path.isabs(path))


def _at_home(session: Session, path: str) -> str:
    return f"{session.home}{path[1:]}" if session.home and (path == "~" or path.startswith("~/")) else path


def _expanded(session: Session, path: str) -> str:
    """A path in which `~` and the variables that are known to name directories stand for what they hold."""

    def held(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return session.env.get(name, found[0]) if name in REFERRED else found[0]

    return REFERENCE.sub(held, _at_home(session, path))
