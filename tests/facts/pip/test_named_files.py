from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.named_files import probe_missing_files
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.uv.settings import UvSettings, UvVariable
from envdoctor.system.session import Launch, Session
from envdoctor.system.unread import noting


def missing(root: Path, *, pip: str | None = None, section: str = ":env:", **uv: str) -> list[str]:
    setting = PipSetting("constraint", pip or "", section, "PIP_CONSTRAINT", PipLevel.VARIABLE)
    settings = PipSettings(settings=(setting,) if pip is not None else ())
    variables = UvSettings(tuple(UvVariable(name, value) for name, value in uv.items()))
    found = probe_missing_files(Session({}, str(root), Launch()), settings, variables)
    return [file.path for file in found.files]


def test_each_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "here.txt").touch()
    gone = f"{tmp_path}/gone.txt"
    assert missing(tmp_path, pip="here.txt gone.txt") == [gone]
    assert missing(tmp_path, UV_CONSTRAINT="here.txt gone.txt", UV_OVERRIDE="gone.txt") == [gone, gone]


def test_a_home_that_nothing_puts_there(tmp_path: Path) -> None:
    (tmp_path / "c.txt").touch()
    settings = UvSettings((UvVariable("UV_CONSTRAINT", "~/c.txt $HOME/c.txt ~/gone.txt"),))
    session = Session({"HOME": str(tmp_path)}, str(tmp_path), Launch())
    found = probe_missing_files(session, PipSettings(), settings).files
    in_full = f"{tmp_path}/c.txt {tmp_path}/c.txt ~/gone.txt"
    assert [(file.name, file.in_full) for file in found] == [
        ("~/c.txt", in_full),
        ("$HOME/c.txt", in_full),
        ("~/gone.txt", None),
    ]


@pytest.mark.parametrize("value", ["", "-", "https://host/c.txt", "file:///c.txt", "."])
def test_what_is_no_missing_file(tmp_path: Path, value: str) -> None:
    assert missing(tmp_path, pip=value, UV_CONSTRAINT=value) == []


def test_a_section_for_another_command(tmp_path: Path) -> None:
    assert missing(tmp_path, pip="gone.txt", section="wheel") == []
    assert missing(tmp_path, pip="gone.txt", section="install") == [f"{tmp_path}/gone.txt"]


def test_what_cannot_be_looked_for_is_noted(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with noting() as notes:
        assert missing(tmp_path, pip="loop/c.txt gone.txt") == [f"{tmp_path}/gone.txt"]
    assert notes == {f"{tmp_path}/loop/c.txt": "too many levels of symbolic links"}
