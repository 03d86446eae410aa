"""Where do Pythons, uv itself and models come from, if not from where they are published?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec.structs import replace

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.http.url import (
    Address,
    Flaw,
    Reader,
    read,
)
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.session import Session

INSTALLER_VARIABLES = (
    "UV_DOWNLOAD_URL",
    "INSTALLER_DOWNLOAD_URL",
    "UV_INSTALLER_GHE_BASE_URL",
    "UV_INSTALLER_GITHUB_BASE_URL",
)
YES = ("1", "on", "yes", "true")


class PythonMirrors(Fact, frozen=True):
    """From where uv downloads Pythons. Of each, the setting that counts first, then those that lose against it.

    Attributes:
        cpython: in the place of the releases of python-build-standalone.
        pypy: in the place of PyPy's own server.
        others: for GraalPy and Pyodide.
        astral: in the place of the server that uv's makers run, for everything that comes from it.
        listing: the list of what can be downloaded, in the place of the one inside uv.
    """

    cpython: tuple[Address, ...] = ()
    pypy: tuple[Address, ...] = ()
    others: tuple[Address, ...] = ()
    astral: tuple[Address, ...] = ()
    listing: tuple[Address, ...] = ()

    @property
    def effective(self) -> Address | None:
        """From where CPython comes; None if from uv's own places."""
        return next(iter((*self.cpython, *self.astral)), None)


class InstallerMirrors(Fact, frozen=True):
    """What uv's installer and `uv self update` are told, the strongest first; nothing else reads these variables."""

    addresses: tuple[Address, ...]

    def of(self, name: str) -> Address | None:
        """What one variable says."""
        return next((address for address in self.addresses if address.setting == name), None)


class HubEndpoint(Fact, frozen=True):
    """The server that models are downloaded from.

    Attributes:
        endpoint: what `HF_ENDPOINT` names; None if it is not set.
        offline: the variable that forbids every download; None if none does.
        client: the version of huggingface_hub that the session's Python has; None if it has none.
    """

    endpoint: Address | None = None
    offline: str | None = None
    client: str | None = None


@probe
def probe_python_mirrors(session: Session, settings: UvSettings) -> PythonMirrors:
    """Read the variables and keys that say where Pythons come from."""
    cwd = session.cwd or "/"

    def of(variable: str, key: str | None = None) -> Iterator[Address]:
        if value := settings.variable(variable):
            yield read(value, variable, variable, Reader.PLAIN, cwd=cwd)
        for found in settings.values:
            if found.key == key and found.value:
                yield read(found.value, found.key, found.origin, Reader.PLAIN, file=found.path, cwd=cwd)

    made = PythonMirrors(
        tuple(of("UV_PYTHON_INSTALL_MIRROR", "python-install-mirror")),
        tuple(of("UV_PYPY_INSTALL_MIRROR", "pypy-install-mirror")),
        (*of("UV_GRAALPY_INSTALL_MIRROR"), *of("UV_PYODIDE_INSTALL_MIRROR")),
        tuple(of("UV_ASTRAL_MIRROR_URL")),
        tuple(_file(address, cwd) for address in of("UV_PYTHON_DOWNLOADS_JSON_URL", "python-downloads-json-url")),
    )
    if made == PythonMirrors():
        raise Unavailable("no mirror for Python downloads is set")
    return made


def _file(address: Address, cwd: str) -> Address:
    """The same, where a file is as good as a URL."""
    if address.flaw is not Flaw.NO_SCHEME:
        return address
    exists = os.path.isfile(os.path.join(cwd, address.text))
    return replace(address, flaw=None if exists else Flaw.MISSING)


@probe(where_set=INSTALLER_VARIABLES, otherwise="no variable of uv's installer is set")
def probe_installer_mirrors(session: Session) -> InstallerMirrors:
    """Read the variables of uv's installer."""
    found = ((name, session.env.get(name)) for name in INSTALLER_VARIABLES)
    return InstallerMirrors(tuple(read(value, name, name, Reader.PLAIN) for name, value in found if value))


@probe(where_set=("HF_ENDPOINT",), otherwise="HF_ENDPOINT is not set")
def probe_hub_endpoint(session: Session, active: ActivePython | None) -> HubEndpoint:
    """Read `HF_ENDPOINT`, and whether the hub is used at all."""
    value = session.env["HF_ENDPOINT"]
    offline = (name for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE") if session.env.get(name, "").lower() in YES)
    endpoint = read(value, "HF_ENDPOINT", "HF_ENDPOINT", Reader.PLAIN)
    return HubEndpoint(endpoint, next(offline, None), _client(session, active) if value.endswith("/") else None)


def _client(session: Session, active: ActivePython | None) -> str | None:
    directories = active.interpreter.site_packages if active else ()
    return next(
        (each.version for each in sites(session).installed(directories) if each.name == "huggingface-hub"), None
    )
