"""What the session's Python has for SOCKS, told by the files of its packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.network.proxies import Proxies, Proxy
from envdoctor.facts.network.socks import SocksSupport, probe_socks_support
from tests.builders import make_active_python

SOCKS = Proxies((Proxy("socks5h://127.0.0.1:1080", "ALL_PROXY", "ALL_PROXY"),))


def support(packages: Path, **changes: Any) -> SocksSupport:
    return probe_socks_support(
        make_active_python("/py", sys_path=(str(packages),), purelib=str(packages), **changes), SOCKS
    )


def test_packages_are_found_by_their_files(tmp_path: Path) -> None:
    packages = tmp_path / "site-packages"
    packages.mkdir()
    assert support(packages) == SocksSupport("/py/bin/python")
    (packages / "socks.py").touch()
    (packages / "httpx").mkdir()
    assert support(packages) == SocksSupport("/py/bin/python", pysocks=True, httpx=True)
    (packages / "socksio").mkdir()
    assert support(packages).socksio


def test_a_guarded_python_is_one_that_pip_refuses_and_no_virtual_environment(tmp_path: Path) -> None:
    marker = "/py/lib/EXTERNALLY-MANAGED"
    assert support(tmp_path, externally_managed=marker).guarded
    assert not support(tmp_path, externally_managed=marker, base_prefix="/usr").guarded
    assert not support(tmp_path).guarded
    assert not support(tmp_path, pip=None).pip


def test_without_a_socks_proxy_there_is_nothing_to_say() -> None:
    http = Proxies((Proxy("http://p.example:8080", "ALL_PROXY", "ALL_PROXY"),))
    for proxies in (http, Proxies()):
        with pytest.raises(Unavailable, match="no SOCKS proxy is set"):
            probe_socks_support(make_active_python("/py"), proxies)
