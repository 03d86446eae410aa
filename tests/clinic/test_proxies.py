"""Which proxy pip and uv take, held against both."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.http.url import Reader, read
from envdoctor.facts.network.proxies import Proxies
from tests.clinic.uv import newest_uv
from tests.mirror_server import MirrorServer
from tests.support import make_session, see

pytestmark = pytest.mark.clinic

ROWS: tuple[dict[str, str], ...] = (
    {"HTTP_PROXY": "{live}", "http_proxy": "{dead}"},
    {"HTTP_PROXY": "{dead}", "http_proxy": "{live}"},
    {"HTTP_PROXY": "{live}", "http_proxy": ""},
    {"ALL_PROXY": "{live}", "HTTP_PROXY": "{dead}"},
    {"ALL_PROXY": "{live}"},
    {"HTTP_PROXY": "127.0.0.1:{port}"},
    {"HTTP_PROXY": "{live}", "NO_PROXY": "*.invalid"},
    {"HTTP_PROXY": "{live}", "NO_PROXY": ".invalid"},
    {"HTTP_PROXY": "{live}", "NO_PROXY": "mirror.invalid:8080"},
    {"HTTP_PROXY": "{live}", "NO_PROXY": "x,*"},
    {"HTTP_PROXY": "{live}", "NO_PROXY": "x", "no_proxy": "mirror.invalid"},
)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_tools_take_this_proxy(
    row: dict[str, str], mirror: MirrorServer, python_with_pip: Path, tmp_path: Path
) -> None:
    places = {"live": mirror.url, "port": mirror.port, "dead": "http://127.0.0.1:9"}
    variables = {name: value.format(**places) for name, value in row.items()}
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **variables}
    found = see(Proxies, make_session(env, cwd=tmp_path))
    index = "http://mirror.invalid:8080/simple"
    uv = (newest_uv(), "pip", "compile", "--no-cache", "--no-config", "--default-index", index, "-")
    pip = (
        str(python_with_pip),
        "-m",
        "pip",
        "download",
        "--no-cache-dir",
        "--retries",
        "0",
        "--trusted-host",
        "mirror.invalid",
    )
    for command, is_uv in ((uv, True), ((*pip, "--index-url", index, "demo"), False)):
        mirror.take_paths()
        tool = {**env, "UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        subprocess.run(command, env=tool, cwd=tmp_path, input="demo", capture_output=True, text=True, check=False)
        expected = found.for_uv("http") if is_uv else found.for_pip("http")
        goes_there = expected is not None and expected.port == str(mirror.port)
        goes_there = goes_there and not found.direct(read(index, "", "", Reader.PIP), uv=is_uv)
        assert (f"{index}/demo/" in mirror.take_paths()) is goes_there, command
