from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.mirrors.servers import Targets
from tests.facts.mirrors.reachability_world import session
from tests.support import see

pytestmark = pytest.mark.tools  # what pip trusts is asked of the Python that runs it


def test_each_tool_goes_its_own_way(tmp_path: Path) -> None:
    index = "https://mirror.example/simple"
    env = {
        "PIP_INDEX_URL": index,
        "UV_DEFAULT_INDEX": index,
        "HTTPS_PROXY": "http://upper.example:80",
        "https_proxy": "http://lower.example:80",
        "REQUESTS_CA_BUNDLE": "/requests.pem",
        "SSL_CERT_FILE": "/ssl.pem",
        "UV_INSECURE_HOST": "mirror.example",
        "PIP_TRUSTED_HOST": "other.example",
    }
    pip, uv = see(Targets, session(tmp_path, env)).targets
    assert (pip.proxy, pip.anchors.places, pip.verify) == ("http://lower.example:80", ("/requests.pem",), True)
    assert (uv.proxy, uv.anchors.places, uv.verify) == ("http://upper.example:80", ("/ssl.pem",), False)
    excepted = see(Targets, session(tmp_path, {**env, "NO_PROXY": ".example", "no_proxy": "x"}))
    assert [target.proxy for target in excepted.targets] == ["http://lower.example:80", None]


def test_an_index_that_no_command_asks_is_not_asked(tmp_path: Path) -> None:
    env = {"UV_DEFAULT_INDEX": "https://mirror.example/simple", "PIP_INDEX_URL": "https://other.example/simple"}
    (tmp_path / "uv.toml").write_text("[pip]\nno-index = true\n")
    assert [target.tool for target in see(Targets, session(tmp_path, env)).targets] == ["pip", "uv"]
    (tmp_path / "uv.toml").write_text("no-index = true\n")
    assert [target.tool for target in see(Targets, session(tmp_path, env)).targets] == ["pip"]
