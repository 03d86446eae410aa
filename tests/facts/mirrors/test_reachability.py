from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.mirrors.reachability import Reachability, Verdict
from envdoctor.facts.mirrors.servers import Purpose
from tests.facts.mirrors.reachability_world import session
from tests.mirror_server import MirrorServer
from tests.support import see

pytestmark = pytest.mark.tools  # what pip trusts is asked of the Python that runs it


def test_nothing_is_asked_unless_it_is_asked_for(tmp_path: Path, mirror: MirrorServer) -> None:
    mirror.take_paths()
    with pytest.raises(Unavailable, match="with `--network` only"):
        see(Reachability, session(tmp_path, {"UV_DEFAULT_INDEX": f"{mirror.url}/simple"}, network=False))
    assert mirror.take_paths() == []


def test_what_is_not_set_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no mirror is set"):
        see(Reachability, session(tmp_path, {}))
    with pytest.raises(Unavailable, match="no mirror is set"):
        see(
            Reachability,
            session(tmp_path, {"UV_DEFAULT_INDEX": "mirror.example/simple", "PIP_INDEX_URL": "file:///srv"}),
        )


def test_every_mirror_is_asked_once(tmp_path: Path, mirror: MirrorServer) -> None:
    (tmp_path / ".condarc").write_text(f"default_channels: [{mirror.url}/conda]\n")
    url = mirror.url
    env = {
        "PIP_INDEX_URL": f"{url}/simple",
        "UV_DEFAULT_INDEX": f"{url}/simple",
        "UV_INDEX": f"{url}/moved/simple {url}/nothing",
        "PIP_EXTRA_INDEX_URL": f"{url}/portal",
        "UV_PYTHON_INSTALL_MIRROR": f"{url}/gh/releases/download",
        "HF_ENDPOINT": f"{url}/hub",
    }
    mirror.take_paths()
    found = see(Reachability, session(tmp_path, env))
    assert [(a.target.tool, a.target.purpose, a.verdict, a.status) for a in found.asked] == [
        ("pip", Purpose.INDEX, Verdict.FITS, 200),
        ("pip", Purpose.EXTRA, Verdict.OTHER, 200),
        ("uv", Purpose.EXTRA, Verdict.FITS, 200),
        ("uv", Purpose.EXTRA, Verdict.FITS, 404),
        ("uv", Purpose.PYTHONS, Verdict.FITS, 404),
        ("conda", Purpose.CHANNEL, Verdict.NOT_FOUND, 404),
        ("models", Purpose.HUB, Verdict.FITS, 404),
    ]
    assert all(a.milliseconds is not None for a in found.asked)
    assert sorted(mirror.take_paths()) == sorted(
        [
            *("/conda/noarch/repodata.json", "/gh/releases/download", "/hub", "/moved/simple/pip/"),
            *("/nothing/pip/", "/portal/pip/", "/simple/pip/", "/simple/pip/"),
        ]
    )


def test_a_refusal_of_the_proxy_is_the_proxys(tmp_path: Path, mirror: MirrorServer) -> None:
    env = {"HTTP_PROXY": mirror.url, "http_proxy": mirror.url, "NO_PROXY": "", "no_proxy": ""}

    def verdict(denial: str) -> tuple[Verdict, str | None]:
        index = f"http://mirror.invalid/denied/{denial}"
        [asked] = see(Reachability, session(tmp_path, {**env, "UV_DEFAULT_INDEX": index})).asked
        return asked.verdict, asked.failure

    assert verdict("403/squid") == (Verdict.UNREACHABLE, "the proxy does not let it through")
    assert verdict("403/none") == (Verdict.EITHER, None)
    assert verdict("401/none") == (Verdict.NO_ENTRY, None)


def test_a_login_that_is_kept_elsewhere_is_not_missing(tmp_path: Path, mirror: MirrorServer) -> None:
    env = {"UV_DEFAULT_INDEX": f"{mirror.url}/private/simple", "UV_KEYRING_PROVIDER": "subprocess"}
    [asked] = see(Reachability, session(tmp_path, env)).asked
    assert (asked.verdict, asked.login) == (Verdict.LOGIN, "uv asks a keyring, as UV_KEYRING_PROVIDER says")
    wrong = mirror.with_credentials("/private/simple", "wrong")
    [asked] = see(Reachability, session(tmp_path, {**env, "UV_DEFAULT_INDEX": wrong})).asked
    assert (asked.verdict, asked.login) == (Verdict.NO_ENTRY, None)
