"""What a run writes and sends without being asked to: nothing, in a home that is read-only and beside every mirror."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mirror_server import MirrorServer
from tests.support import needs_tool

pytestmark = pytest.mark.clinic

SERVERS = (
    *(
        "PIP_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "UV_INDEX_URL",
        "UV_PYTHON_INSTALL_MIRROR",
        "PIP_PROXY",
        "CONDA_CHANNEL_ALIAS",
    ),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "HF_ENDPOINT", "PIPENV_PYPI_MIRROR"),
)
ENVDOCTOR = Path(sys.executable).parent / "envdoctor"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home and a project in it that nobody may write to."""
    (project := tmp_path / "home/project").mkdir(parents=True)
    (project / "pyproject.toml").write_text('[project]\nname = "proj"\nversion = "1"\n')
    for directory in (project, project.parent):
        directory.chmod(0o555)
    yield project.parent
    for directory in (project.parent, project):
        directory.chmod(0o755)


def as_written(*command: str | Path) -> list[str]:
    """The command, for root without the right to write where no one may."""
    rights = [needs_tool("setpriv"), "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    return [*rights, *map(str, command)]


def test_the_home_cannot_be_written_to(home: Path) -> None:
    refused = subprocess.run(as_written("touch", home / "file"), capture_output=True, text=True, check=False)
    assert "Permission denied" in refused.stderr


@pytest.mark.parametrize("has_home", [True, False])
def test_a_run_needs_nothing_to_write_to(home: Path, has_home: bool) -> None:
    env = {"PATH": "/usr/bin:/bin", **({"HOME": str(home), "TMPDIR": str(home)} if has_home else {})}
    done = subprocess.run(
        as_written(ENVDOCTOR, "--format", "json"),
        env=env,
        cwd=home / "project",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert [result for result in document["results"] if result["outcome"] == "crashed"] == []
    assert document["exit_code"] == done.returncode
    assert done.returncode in (0, 1), document
    assert [path.name for path in home.rglob("*")] == ["project", "pyproject.toml"]


@pytest.mark.parametrize("arguments", [["check", "--deep"], ["envs"], ["which", "--indexes"]], ids=lambda one: one[0])
def test_nothing_is_sent_without_the_users_word(arguments: list[str], mirror: MirrorServer, tmp_path: Path) -> None:
    """Every mirror and proxy is a server of ours, which hears of nothing, also where the project asks for requests."""
    (tmp_path / "envdoctor.toml").write_text("network = true\n")
    (tmp_path / "pyproject.toml").write_text(f'[[tool.uv.index]]\nname = "x"\nurl = "{mirror.url}/simple"\n')
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **dict.fromkeys(SERVERS, mirror.url)}
    before = len(mirror.asked)
    command = [str(ENVDOCTOR), *arguments]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 3), done.stderr
    assert mirror.asked[before:] == []
