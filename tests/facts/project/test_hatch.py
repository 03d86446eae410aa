from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.hatch import HatchEnvironment
from tests.clinic.projects import write
from tests.support import make_session, see

TABLE = "[tool.hatch.envs.default]\n"


def look(home: Path, *lines: str, name: str = "My_App", **env: str) -> HatchEnvironment:
    named = f'[project]\nname = "{name}"\n' if name else ""
    write(home / "app/pyproject.toml", f"{named}{TABLE}" + "".join(f"{line}\n" for line in lines))
    return see(HatchEnvironment, make_session({"HOME": str(home), "PATH": "", **env}, cwd=home / "app"))


def test_the_default_environment_has_the_projects_name_twice(tmp_path: Path) -> None:
    root = Path(look(tmp_path).root)
    assert root.parts[-1] == root.parts[-3] == "my-app"
    assert root.parents[2] == tmp_path / ".local/share/hatch/env/virtual"
    assert len(root.parts[-2]) == 8
    unnamed = Path(look(tmp_path, name="").root)
    assert unnamed.name == f"{root.parts[-2]}-unmanaged"
    assert not look(tmp_path).exists
    write(root / "pyvenv.cfg", "")
    assert look(tmp_path).exists


def test_a_path_beats_the_directories(tmp_path: Path) -> None:
    assert look(tmp_path, 'path = "own"').root == str(tmp_path / "app/own")
    write(tmp_path / "app/hatch.toml", '[envs.default]\npath = "of-file"\n')
    assert look(tmp_path, 'path = "own"').root == str(tmp_path / "app/of-file")
    assert look(tmp_path, HATCH_ENV_TYPE_VIRTUAL_PATH="/v").root == "/v"


def test_the_directories_can_be_moved(tmp_path: Path) -> None:
    assert look(tmp_path, HATCH_DATA_DIR="/data").root.startswith("/data/env/virtual/my-app/")
    assert look(tmp_path, XDG_DATA_HOME="/xdg").root.startswith("/xdg/hatch/env/virtual/my-app/")
    config = write(tmp_path / ".config/hatch/config.toml", '[dirs]\ndata = "~/d"\n')
    assert look(tmp_path).root.startswith(f"{tmp_path}/d/env/virtual/my-app/")
    config.write_text('[dirs.env]\nvirtual = ".hatch"\n')
    assert look(tmp_path).root == f"{tmp_path}/app/.hatch/my-app"
    config.write_text('[dirs.env]\nvirtual = "~/.virtualenvs"\n')
    assert look(tmp_path).root == f"{tmp_path}/.virtualenvs/my-app"


def test_other_projects_are_not_hatchs(tmp_path: Path) -> None:
    write(tmp_path / "app/setup.py", "")
    with pytest.raises(Unavailable, match="is not hatch's"):
        see(HatchEnvironment, make_session({"HOME": str(tmp_path), "PATH": ""}, cwd=tmp_path / "app"))
