from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.session.mounts import Mount, Mounts
from envdoctor.facts.venv.active import ProjectVenv, VenvProblem
from envdoctor.facts.venv.leftover import VenvLeftover, probe_venv_leftover


def leftover(path: Path, problem: VenvProblem, *mounts: Mount) -> VenvLeftover:
    return probe_venv_leftover(ProjectVenv(str(path), 0, None, problem), Mounts(mounts))


def test_what_stands_where_an_environment_should(tmp_path: Path) -> None:
    place = tmp_path / ".venv"
    place.symlink_to("../gone/env")
    gone = os.path.normpath(f"{tmp_path}/../gone/env")
    assert leftover(place, VenvProblem.GONE) == VenvLeftover(str(place), VenvProblem.GONE, gone)
    place.unlink()
    place.write_text("")
    assert leftover(place, VenvProblem.EMPTY_REDIRECT).target is None
    place.write_text("/gone/env\n")
    assert leftover(place, VenvProblem.GONE).target == "/gone/env"
    place.unlink()
    (place / "lib").mkdir(parents=True)
    assert leftover(place, VenvProblem.NOT_AN_ENVIRONMENT).remains == ("lib",)
    with pytest.raises(Unavailable):
        leftover(place, VenvProblem.NOT_AN_ENVIRONMENT, Mount("/", "ext4"), Mount(str(place), "ext4"))
    (place / "conda-meta").mkdir()
    with pytest.raises(Unavailable):
        leftover(place, VenvProblem.NOT_AN_ENVIRONMENT)
    (place / "conda-meta").rmdir()
    (place / "lib").rmdir()
    with pytest.raises(Unavailable):
        leftover(place, VenvProblem.NOT_AN_ENVIRONMENT)
    with pytest.raises(Unavailable):
        probe_venv_leftover(ProjectVenv(str(place), 0, None), Mounts())
