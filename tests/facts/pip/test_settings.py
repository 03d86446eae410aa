from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.pip import settings as pip_settings
from envdoctor.facts.pip.config_file import PipFile, PipLevel, PipSetting
from envdoctor.facts.pip.settings import PipSettings, probe_pip_settings, read
from tests.support import make_session


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip_settings, "GLOBAL_DIRECTORY", "/absent")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def settings(home: Path, prefix: Path | None = None, **env: str) -> PipSettings:
    defaults = {"HOME": str(home), "XDG_CONFIG_DIRS": str(home / "etc/xdg")}
    return read(make_session({**defaults, **env}, cwd=home), str(prefix) if prefix else None, "linux")


def value_of(seen: PipSettings, option: str, command: str = "install") -> str | None:
    setting = seen.effective(option, command)
    return setting.value if setting else None


def test_nothing_is_set(tmp_path: Path) -> None:
    assert settings(tmp_path) == PipSettings()


def test_a_value_knows_its_origin_and_its_lines(tmp_path: Path) -> None:
    text = (
        "# mine\n[global]\nindex_url = https://a/simple\nextra-index-url =\n    https://b\n    https://c\ntimeout=5\n"
    )
    path = str(write(tmp_path / ".config/pip/pip.conf", text))
    seen = settings(tmp_path, PIP_TARGET="/t", PIP_BOGUS="1")
    user = PipLevel.USER
    first = ("index_url = https://a/simple",)
    lines = ("extra-index-url =", "    https://b", "    https://c")
    assert seen.files == (PipFile(path, user),)
    assert seen.settings == (
        PipSetting(
            "index-url",
            "https://a/simple",
            "global",
            f"{path}:3",
            user,
            path,
            first,
            last=True,
        ),
        PipSetting("extra-index-url", "\nhttps://b\nhttps://c", "global", f"{path}:4", user, path, lines, last=True),
        PipSetting("timeout", "5", "global", f"{path}:7", user, path, ("timeout=5",), last=True),
        PipSetting("target", "/t", ":env:", "PIP_TARGET", PipLevel.VARIABLE),
    )
    assert seen.settings[1].words == ("https://b", "https://c")


def test_later_files_override_earlier_ones(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    places = ["etc/xdg/pip/pip.conf", ".pip/pip.conf", ".config/pip/pip.conf", "venv/pip.conf"]
    for number, place in enumerate(places):
        write(tmp_path / place, f"[global]\ntimeout = {number}\n")
        assert value_of(settings(tmp_path, venv), "timeout") == str(number)
    explicit = write(tmp_path / "own.conf", "[global]\ntimeout = 9\n")
    seen = settings(tmp_path, venv, PIP_CONFIG_FILE="own.conf")
    assert value_of(seen, "timeout") == "9"
    assert [file.path for file in seen.files] == [str(tmp_path / places[0]), str(venv / "pip.conf"), str(explicit)]


def test_an_explicit_file_that_does_not_exist_changes_nothing_and_the_null_device_drops_all(tmp_path: Path) -> None:
    write(tmp_path / ".config/pip/pip.conf", "[global]\ntimeout = 1\n")
    assert value_of(settings(tmp_path, PIP_CONFIG_FILE="absent.conf"), "timeout") == "1"
    assert settings(tmp_path, PIP_CONFIG_FILE=os.devnull) == PipSettings()
    assert value_of(settings(tmp_path, PIP_CONFIG_FILE=os.devnull, PIP_TIMEOUT="3"), "timeout") == "3"


def test_a_section_beats_a_file_and_a_variable_beats_both(tmp_path: Path) -> None:
    write(tmp_path / ".config/pip/pip.conf", "[install]\nindex-url = https://user\n")
    write(tmp_path / "venv/pip.conf", "[global]\nindex-url = https://site\n[download]\nindex-url = https://download\n")
    seen = settings(tmp_path, tmp_path / "venv")
    assert value_of(seen, "index-url") == "https://user"
    assert value_of(seen, "index-url", "download") == "https://download"
    assert value_of(seen, "index-url", "wheel") == "https://site"
    assert value_of(settings(tmp_path, PIP_INDEX_URL="https://env"), "index-url") == "https://env"


def test_an_empty_value_is_none_but_hides_the_same_key_of_an_earlier_file(tmp_path: Path) -> None:
    write(tmp_path / "etc/xdg/pip/pip.conf", "[global]\nproxy = http://p:1\ncert = /c\n")
    write(tmp_path / ".config/pip/pip.conf", "[global]\nproxy =\n")
    seen = settings(tmp_path, PIP_CERT="")
    assert value_of(seen, "proxy") is None
    assert value_of(seen, "cert") == "/c"


def test_other_names_of_an_option_count_too(tmp_path: Path) -> None:
    seen = settings(tmp_path, PIP_DEFAULT_TIMEOUT="7", PIP_NO_USER="1", PIP_REQUIRE_VENV="yes")
    assert [value_of(seen, option) for option in ("timeout", "user", "require-virtualenv")] == ["7", "1", "yes"]


def test_places_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "x/pip/pip.conf", "[global]\ntimeout = 1\n")
    write(tmp_path / "y/pip/pip.conf", "[global]\ntimeout = 2\n")
    assert value_of(settings(tmp_path, XDG_CONFIG_HOME=f"{tmp_path}/x"), "timeout") == "1"
    assert value_of(settings(tmp_path, XDG_CONFIG_DIRS=f"{tmp_path}/x: {tmp_path}/y:z"), "timeout") == "2"
    session = make_session({"HOME": str(tmp_path), "XDG_CONFIG_HOME": f"{tmp_path}/x"})
    assert read(session, None, "darwin").files == ()
    mac = write(tmp_path / "Library/Application Support/pip/pip.conf", "[global]\ntimeout = 3\n")
    assert [file.path for file in read(session, None, "darwin").files] == [str(mac)]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".pip/pip.conf").mkdir(parents=True)
    fifo = tmp_path / ".config/pip/pip.conf"
    fifo.parent.mkdir(parents=True)
    os.mkfifo(fifo)
    assert [(file.problem, file.fatal) for file in settings(tmp_path).files] == [("not a regular file", False)] * 2


def test_a_broken_file_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    write(tmp_path / ".pip/pip.conf", "nonsense\n")
    write(tmp_path / ".config/pip/pip.conf", "[global]\ntimeout = 2\n")
    assert value_of(settings(tmp_path), "timeout") == "2"


def test_the_default_section_is_part_of_every_other(tmp_path: Path) -> None:
    path = write(tmp_path / ".config/pip/pip.conf", "[DEFAULT]\ntimeout = 4\n[global]\nretries = 1\n")
    seen = settings(tmp_path).effective("timeout")
    assert seen
    assert (seen.value, seen.section, seen.origin) == ("4", "global", f"{path}:2")


def hit(name: str, runs: str | None) -> Hit:
    return Hit(name, f"/bin/{name}", 0, f"/bin/{name}", HitKind.SCRIPT, runs)


def test_the_own_file_of_the_environment_that_pip_installs_into_counts(tmp_path: Path) -> None:
    venv, other = tmp_path / "venv", tmp_path / "other"
    write(venv / "pip.conf", "[global]\ntimeout = 1\n")
    write(other / "pip.conf", "[global]\ntimeout = 2\n")
    for prefix in (venv, other):
        write(prefix / "pyvenv.cfg", "home = /usr/bin\n")
    env = {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": "/absent"}
    commands = Commands((hit("python", f"{other}/bin/python"), hit("pip", f"{venv}/bin/python")))
    seen = probe_pip_settings(make_session(env), commands)
    assert (seen.prefix, value_of(seen, "timeout")) == (str(venv), "1")
    # without a pip, it is `python -m pip`
    assert probe_pip_settings(make_session(env), Commands(commands.hits[:1])).prefix == str(other)
    assert probe_pip_settings(make_session(env), Commands()).prefix is None
    assert probe_pip_settings(make_session({**env, "PIP_PYTHON": str(other)}), commands).prefix == str(other)


def test_a_python_outside_any_environment_is_named_by_the_file_that_it_is(tmp_path: Path) -> None:
    python = write(tmp_path / "base/bin/python3.12", "")
    link = tmp_path / "bin/python3"
    link.parent.mkdir()
    link.symlink_to(python)
    assert pip_settings.prefix_of(str(link)) == str(tmp_path / "base")
