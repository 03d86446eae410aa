from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.redirections import Redirection, probe_pip_redirections
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.python.active import ActivePython
from tests.builders import make_python
from tests.support import make_session


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/python").symlink_to(sys.executable)
    (tmp_path / "env/pyvenv.cfg").write_text("home = /usr/bin\n")
    (tmp_path / "link").symlink_to("env")
    return tmp_path / "env"


def redirected(prefix: Path, option: str, value: str, **env: str) -> tuple[Redirection, ...]:
    setting = PipSetting(option, value, ":env:", f"PIP_{option.upper()}", PipLevel.VARIABLE)
    active = ActivePython("python", make_python(str(prefix), "3.12.1"))
    session = make_session(env, cwd=prefix.parent)
    return probe_pip_redirections(session, PipSettings(str(prefix), settings=(setting,)), active).found


@pytest.mark.parametrize(
    ("option", "value", "place"),
    [
        ("target", "lib", "{}/lib"),
        ("target", "/somewhere/./else", "/somewhere/else"),
        ("prefix", "/opt/x", "/opt/x/lib/python3.12/site-packages"),
        ("root", "image", "{}/image{}/env/lib/python3.12/site-packages"),
        ("python", "/bin", "/bin"),
        ("python", "/gone/python", None),
    ],
)
def test_where_packages_land(prefix: Path, option: str, value: str, place: str | None) -> None:
    [redirection] = redirected(prefix, option, value)
    assert redirection.place == (place and place.format(*[prefix.parent] * 2))
    assert not redirection.searched


@pytest.mark.parametrize(
    ("option", "value"), [("prefix", "link"), ("root", "/"), ("python", "env"), ("python", "link/bin/python")]
)
def test_what_leads_to_the_environment_itself_is_no_redirection(prefix: Path, option: str, value: str) -> None:
    assert redirected(prefix, option, value) == ()


def test_a_target_can_be_where_python_looks(prefix: Path) -> None:
    for target, path in ((f"{prefix}/lib/python3.12/site-packages", ""), ("lib", f":{prefix.parent}/lib")):
        [redirection] = redirected(prefix, "target", target, PYTHONPATH=path)
        assert redirection.searched
