"""Can the session's Python talk to a SOCKS proxy? Looked up in its directories of packages."""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.network.proxies import Proxies
from envdoctor.facts.python.active import ActivePython


class SocksSupport(Fact, frozen=True):
    """What the session's Python has for SOCKS.

    Attributes:
        python: the interpreter.
        pip: whether it has a pip.
        pysocks: whether it has PySocks, which pip and requests need.
        httpx: whether it has httpx.
        socksio: whether it has socksio, which httpx needs.
        guarded: whether pip refuses to install into it.
    """

    python: str
    pip: bool = True
    pysocks: bool = False
    httpx: bool = False
    socksio: bool = False
    guarded: bool = False


@probe
def probe_socks_support(active: ActivePython, proxies: Proxies) -> SocksSupport:
    """Look for the packages, where a SOCKS proxy is set at all."""
    if not any(proxy.is_socks for proxy in proxies.every):
        raise Unavailable("no SOCKS proxy is set")
    python = active.interpreter

    def has(name: str) -> bool:
        return any(os.path.exists(os.path.join(directory, name)) for directory in python.site_packages)

    return SocksSupport(
        python.path,
        python.pip is not None,
        has("socks.py"),
        has("httpx"),
        has("socksio"),
        python.externally_managed is not None and not python.is_venv,
    )
