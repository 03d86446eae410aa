"""In which order uv tries its indexes, held against the real uv."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.uv.indexes import UvIndexes
from tests.clinic.test_addresses import ISOLATED
from tests.clinic.uv import newest_uv
from tests.mirror_server import MirrorServer
from tests.support import make_session, see

pytestmark = pytest.mark.clinic

DEFAULT = "[[index]]\nurl = '{url}/%s'\ndefault = true\n"
EXTRAS = """\
extra-index-url = ['{url}/c', '{url}/d']
[[index]]
url = '{url}/b'
[[index]]
name = 'x'
url = '{url}/x'
explicit = true
[pip]
extra-index-url = ['{url}/p']
"""
ROWS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (DEFAULT % "file", "", {"UV_INDEX_URL": "{url}/variable"}),
    (DEFAULT % "file", "", {"UV_DEFAULT_INDEX": "{url}/variable", "UV_INDEX_URL": "{url}/older"}),
    ("index-url = '{url}/older'\n" + DEFAULT % "newer", "", {}),
    ("index-url = '{url}/all'\n[pip]\nindex-url = '{url}/pip'\n", "", {}),
    ("index-url = '{url}/project'\n", DEFAULT % "user", {}),
    ("[pip]\nindex-url = '{url}/project'\n", DEFAULT % "user", {}),
    (DEFAULT % "project", DEFAULT % "user", {}),
    ("index-url = '{url}/project'\n", "index-url = '{url}/user'\n", {}),
    ("[[index]]\nurl = '{url}/extra'\n", "index-url = '{url}/user'\n", {}),
    (
        EXTRAS,
        DEFAULT % "user",
        {"UV_INDEX": "{url}/1 {url}/2", "UV_EXTRA_INDEX_URL": "{url}/3"},
    ),
    (EXTRAS, DEFAULT % "user", {"UV_INDEX": "{url}/1 x"}),
    (DEFAULT % "project" + "name = 'a'\n", EXTRAS, {"UV_DEFAULT_INDEX": "x"}),
    (DEFAULT % "project" + "name = 'a'\n", "", {"UV_DEFAULT_INDEX": "a"}),
)


@pytest.mark.parametrize(("project", "user", "env"), ROWS)
def test_uv_asks_in_this_order(
    project: str, user: str, env: dict[str, str], mirror: MirrorServer, tmp_path: Path
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / ".config/uv").mkdir(parents=True)
    (tmp_path / "project/uv.toml").write_text(project.replace("{url}", mirror.url))
    (tmp_path / ".config/uv/uv.toml").write_text(user.replace("{url}", mirror.url))
    variables = {name: value.replace("{url}", mirror.url) for name, value in env.items()}
    environment = {**ISOLATED, "HOME": str(tmp_path), "XDG_CONFIG_DIRS": "/nonexistent", **variables}
    found = see(UvIndexes, make_session(environment, cwd=tmp_path / "project"))
    assert found.default is not None
    mirror.take_paths()
    subprocess.run(
        [newest_uv(), "pip", "compile", "--no-cache", "-"],
        env={**environment, "UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never"},
        cwd=tmp_path / "project",
        input="demo",
        capture_output=True,
        text=True,
        check=False,
    )
    asked = [path.removesuffix("/demo/") for path in dict.fromkeys(mirror.take_paths())]
    assert asked == [address.path for address in (*found.extras, found.default)]
