"""What uv sees of a session. Rows with the real uv are in test_target.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Refused, Unavailable
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.uv.context import (
    CondaPlace,
    Setting,
    Surroundings,
    environments_of_pythons,
    find_request,
    find_system,
    home_of,
    probe_surroundings,
)
from envdoctor.facts.uv.directories import Nearby, Place, Standing
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from envdoctor.facts.uv.settings import UvSettings, probe_uv_settings
from tests.builders import make_commands, make_hit
from tests.facts.uv.indexes_world import Home

COPIES = UvCopies((UvCopy("/bin/uv", "/bin/uv", (0, 9, 1)),))
NO_COMMANDS = Commands(())


def see(home: Home, commands: Commands = NO_COMMANDS, copies: UvCopies = COPIES, **env: str) -> Surroundings:
    """What is seen in a project of this home."""
    session = home.session(**env)
    return probe_surroundings(session, copies, probe_uv_settings(session), commands)


def make_environment(root: Path, version: str = "3.12") -> Path:
    (root / "bin").mkdir(parents=True)
    (root / "bin/python").touch()
    (root / "pyvenv.cfg").write_text(f"version = {version}.0\n")
    return root


def settings(home: Home, text: str = "", **env: str) -> UvSettings:
    home.user_toml.write_text(text)
    return probe_uv_settings(home.session(**env))


def test_nothing_is_set_and_nothing_near(home: Home) -> None:
    assert see(home) == Surroundings((0, 9, 1))


def test_a_uv_that_does_not_say_its_version_sees_nothing(home: Home) -> None:
    silent = UvCopy("/bin/uv", "/bin/uv", None, problem="Exec format error")
    with pytest.raises(Unavailable, match=r"^/bin/uv does not run: Exec format error$"):
        see(home, copies=UvCopies((silent,)))
    foreign = UvCopy("/bin/uv", "/bin/uv", None, problem="belongs to somebody else", refused=True)
    with pytest.raises(Refused, match=r"^/bin/uv belongs to somebody else$"):
        see(home, copies=UvCopies((foreign,)))


def test_variables_are_read_from_the_working_directory(home: Home) -> None:
    root = make_environment(home.root / "v")
    seen = see(home, VIRTUAL_ENV="../v/", CONDA_PREFIX="")
    assert seen.virtual_env == Place(str(root), python="3.12", shown="../v/")
    assert seen.conda is None
    assert see(home, VIRTUAL_ENV="").virtual_env is None


def test_what_is_near_is_seen(home: Home) -> None:
    near = make_environment(home.project / ".venv")
    assert see(home).nearby == (Nearby(Place(str(near), python="3.12")),)


def test_conda_is_told_by_its_variables(home: Home) -> None:
    prefix = home.root / "conda"
    (prefix / "conda-meta").mkdir(parents=True)
    place = Place(str(prefix), Standing.NO_PYTHON, is_conda=True)
    assert see(home, CONDA_PREFIX=f"{prefix}/").conda == CondaPlace(place)
    (prefix / "conda-meta/pixi").touch()
    named = see(home, CONDA_PREFIX=str(prefix), CONDA_DEFAULT_ENV="base", _CONDA_ROOT="/opt")
    assert named.conda == CondaPlace(place, "base", "/opt", pixi=True)


def test_the_first_python_and_the_first_in_no_virtual_environment(home: Home) -> None:
    venv, plain = make_environment(home.root / "v"), home.root / "usr"
    (plain / "bin").mkdir(parents=True)
    (plain / "bin/python3").touch()
    commands = make_commands(
        make_hit("python", f"{venv}/bin/python", f"{venv}/bin/python", position=3),
        make_hit("python3", f"{plain}/bin/python3", f"{plain}/bin/python3", position=5),
        make_hit("python3", "/shims/python3", None, position=1),
    )
    inside, outside = Place(str(venv), python="3.12"), Place(str(plain), Standing.PREFIX)
    assert list(environments_of_pythons(commands)) == [inside, outside]
    seen = see(home, commands)
    assert (seen.first_python, seen.first_plain_python) == (inside, outside)


def test_the_home_of_a_python(tmp_path: Path) -> None:
    venv, base = make_environment(tmp_path / "v"), tmp_path / "usr"
    (base / "bin").mkdir(parents=True)
    (base / "bin/python3").touch()
    (tmp_path / "local/bin").mkdir(parents=True)
    (tmp_path / "local/bin/python3").symlink_to(base / "bin/python3")
    (venv / "bin/python3").symlink_to(base / "bin/python3")
    assert home_of(f"{venv}/bin/python3") == str(venv)
    assert home_of(f"{tmp_path}/local/bin/python3") == str(base)
    (tmp_path / "local/conda-meta").mkdir()
    assert home_of(f"{tmp_path}/local/bin/python3") == f"{tmp_path}/local"


def test_what_sends_uv_to_the_systems_python(home: Home) -> None:
    in_file = Setting("true", f"{home.user_toml}:2")
    assert find_system(settings(home)) is None
    assert find_system(settings(home, UV_SYSTEM_PYTHON="yes")) == Setting("yes", "UV_SYSTEM_PYTHON")
    assert find_system(settings(home, UV_SYSTEM_PYTHON="0")) is None
    assert find_system(settings(home, "[pip]\nsystem = true\n")) == in_file
    assert find_system(settings(home, "[pip]\nsystem = false\n")) is None


def test_what_asks_for_a_python(home: Home) -> None:
    text = '[pip]\npython = "3.11"\n'
    assert find_request(settings(home)) is None
    assert find_request(settings(home, text)) == Setting("3.11", f"{home.user_toml}:2")
    assert find_request(settings(home, text, UV_PYTHON="3.12")) == Setting("3.12", "UV_PYTHON")


@pytest.mark.parametrize(
    ("request_", "found"), [("../v", "../v"), ("../v/bin/python", "../v/bin/python"), ("3.12", None), ("v", None)]
)
def test_a_request_that_is_a_path_leads_somewhere(home: Home, request_: str, found: str | None) -> None:
    root = make_environment(home.root / "v")
    expected = Place(str(root), python="3.12", shown=found) if found else None
    assert see(home, UV_PYTHON=request_).requested == expected


@pytest.mark.parametrize("path", ["/no/python", "../v/bin/python3.99"])
def test_a_request_that_is_the_path_of_nothing_leads_nowhere(home: Home, path: str) -> None:
    make_environment(home.root / "v")
    place = see(home, UV_PYTHON=path).requested
    assert place is not None
    assert (place.standing, place.path.endswith(path.lstrip("."))) == (Standing.MISSING, True)
