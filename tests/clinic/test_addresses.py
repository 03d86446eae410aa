"""How pip and uv read an address, held against both: a request for the right page, or none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.http.url import Flaw, Reader, read
from tests.clinic.uv import newest_uv
from tests.mirror_server import MirrorServer

pytestmark = pytest.mark.clinic

# nothing but the mirror can be reached: whatever else is asked for ends at a proxy where nobody listens
ISOLATED = {
    "PATH": "/usr/bin:/bin",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1",
    "LC_ALL": "C.UTF-8",
}

UV_ROWS = (
    ("http://{host}/simple", None),
    ("http://{host}/simple/", None),
    (" http://{host}/simple\n", None),
    ("http://{host}/simple\r", None),
    ("http:/{host}/simple", None),
    ("http:\\\\{host}\\simple", None),
    ("http://{host}/sim\tple", None),
    ("http://{host}/simple#x", None),
    ("http://me:p@ss@{host}/simple", None),
    ("corp=http://{host}/simple", None),
    ("co rp=http://{host}/simple", Flaw.BAD_NAME),
    ('"http://{host}/simple"', Flaw.QUOTED),
    ("{host}/simple", Flaw.NO_SCHEME),
    ("htp://{host}/simple", Flaw.UNKNOWN_SCHEME),
    ("ftp://{host}/simple", Flaw.UNKNOWN_SCHEME),
    ("http://{host}/simple http://{host}/simple", Flaw.BLANKS),
    ("http://{host}/simple,http://{host}/simple", Flaw.COMMAS),
    ("http://{host}/sim%zzple", Flaw.BAD_ESCAPE),
    ("http://{host}/sim\x01ple", Flaw.CONTROL),
    ("http://127.0.0.1:99999/simple", Flaw.BAD_PORT),
    ("http://[::1/simple", Flaw.BAD_HOST),
    ("http://exa mple.invalid/simple", Flaw.BLANK),
    ("http://me:p/ss@{host}/simple", Flaw.UNESCAPED),
    ("http://http://{host}/simple", Flaw.DOUBLED_SCHEME),
    ("/nowhere/at/all", Flaw.NO_SCHEME),
    ("file:///nowhere/at/all", Flaw.MISSING),
)
LEGACY_ROWS = (("http://{host}/simple", None), ("corp=http://{host}/simple", Flaw.NAMED))
PIP_ROWS = (
    ("http://{host}/simple", None),
    ("http://me:p@ss@{host}/simple", None),
    ("http:/{host}/simple", Flaw.SLASHES),
    ("http://{host}\\simple", Flaw.SLASHES),
    ("http://{host}/sim\tple", Flaw.CONTROL),
    ("http://{host}/simple#x", Flaw.QUERY),
    ("corp=http://{host}/simple", Flaw.NAMED),
    ("'http://{host}/simple'", Flaw.QUOTED),
    ("{host}/simple", Flaw.NO_SCHEME),
    ("http://{host}/simple,http://{host}/simple", Flaw.COMMAS),
    ("http://me:p/ss@{host}/simple", Flaw.UNESCAPED),
    ("http:///simple", Flaw.NO_HOST),
    ("http://{host}/simple\r", Flaw.CARRIAGE_RETURN),
    ("http://{host}/simple ", Flaw.OUTER_BLANK),
    (" http://{host}/simple", None),
)


def asked_for_the_page(mirror: MirrorServer) -> bool:
    return "/simple/demo/" in mirror.take_paths()


@pytest.mark.parametrize(
    ("variable", "reader", "text", "flaw"),
    [("UV_DEFAULT_INDEX", Reader.UV_INDEX, *row) for row in UV_ROWS]
    + [("UV_INDEX_URL", Reader.UV_LEGACY_INDEX, *row) for row in LEGACY_ROWS],
)
def test_uv_reads_an_address_so(
    variable: str, reader: Reader, text: str, flaw: Flaw | None, mirror: MirrorServer, tmp_path: Path
) -> None:
    text = text.format(host=f"127.0.0.1:{mirror.port}")
    mirror.take_paths()
    command = [newest_uv(), "pip", "compile", "--no-cache", "--no-config", "-"]
    env = {**ISOLATED, "HOME": str(tmp_path), "UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never", variable: text}
    subprocess.run(command, env=env, cwd=tmp_path, input="demo", capture_output=True, text=True, check=False)
    assert asked_for_the_page(mirror) is (flaw is None)
    assert read(text, variable, variable, reader).flaw is flaw


@pytest.mark.parametrize(("text", "flaw"), PIP_ROWS)
def test_pip_reads_an_address_so(
    text: str, flaw: Flaw | None, mirror: MirrorServer, python_with_pip: Path, tmp_path: Path
) -> None:
    text = text.format(host=f"127.0.0.1:{mirror.port}")
    mirror.take_paths()
    command = [str(python_with_pip), "-m", "pip", "download", "--no-cache-dir", "--no-deps", "--retries", "0", "demo"]
    env = {**ISOLATED, "HOME": str(tmp_path), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_INDEX_URL": text}
    subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, check=False)
    assert asked_for_the_page(mirror) is (flaw is None)
    assert read(text, "PIP_INDEX_URL", "PIP_INDEX_URL", Reader.PIP).flaw is flaw
