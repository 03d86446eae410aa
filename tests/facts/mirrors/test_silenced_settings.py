from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.mirrors.silenced_settings import SilencedSetting, SilencedSettings
from tests.support import make_session, see

MIRROR = "https://mirror.example/simple"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an index for pip and one for uv, and a project."""
    for name, text in (
        (".config/pip/pip.conf", f"[global]\ntimeout = 9\nindex-url = {MIRROR}\n"),
        (".config/uv/uv.toml", f'[[index]]\nurl = "{MIRROR}"\ndefault = true\n'),
        ("project/.env", f"# ours\nexport UV_INDEX='{MIRROR}'\nPIP_INDEX_URL={MIRROR}\nUV_PUBLISH_TOKEN=x\n"),
        ("own.conf", ""),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def silenced(home: Path, *, cwd: str = "", **env: str) -> tuple[SilencedSetting, ...]:
    return see(SilencedSettings, make_session({"HOME": str(home), **env}, cwd=home / cwd)).settings


def test_nothing_is_silenced_where_no_variable_does(home: Path) -> None:
    assert silenced(home) == ()
    assert silenced(home, PIP_CONFIG_FILE="/nowhere", UV_NO_CONFIG="0") == ()


@pytest.mark.parametrize("named", ["/dev/null", "own.conf"])
def test_a_file_of_pip_that_another_silences(home: Path, named: str) -> None:
    file = f"{home}/.config/pip/pip.conf"
    assert silenced(home, PIP_CONFIG_FILE=named) == (
        SilencedSetting("pip", "[global] index-url", MIRROR, file, 3, "PIP_CONFIG_FILE", named),
    )
    assert silenced(home, PIP_CONFIG_FILE=file) == ()


def test_files_of_uv_that_are_not_read(home: Path) -> None:
    file = f"{home}/.config/uv/uv.toml"
    expected = SilencedSetting("uv", "[[index]]", MIRROR, file, 2, "UV_NO_CONFIG", "1")
    assert silenced(home, UV_NO_CONFIG="1") == (expected,)
    (home / "own.toml").write_text("")
    [found] = silenced(home, UV_CONFIG_FILE=f"{home}/own.toml")
    assert (found.variable, found.origin) == ("UV_CONFIG_FILE", f"{file}:2")
    assert silenced(home, UV_CONFIG_FILE=file) == ()


def test_an_index_for_uv_in_a_file_that_it_does_not_read(home: Path) -> None:
    (home / ".config/uv/uv.toml").unlink()
    assert silenced(home, cwd="project") == (SilencedSetting("uv", "UV_INDEX", MIRROR, f"{home}/project/.env", 2),)
    assert silenced(home, cwd="project", UV_INDEX=MIRROR) == ()
    (home / "project/uv.toml").write_text(f'[[index]]\nurl = "{MIRROR}"\n')
    assert silenced(home, cwd="project") == ()
