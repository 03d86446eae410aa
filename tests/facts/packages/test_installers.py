from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.packages.installers import goes_by_record, installer_of, is_systems
from tests.facts.packages.packages_world import add, target


@pytest.mark.parametrize(
    ("said", "installer"),
    [("pip\n", "pip"), ("uv", "uv"), ("Poetry 2.5.1", "Poetry 2.5.1"), ("\n", None), (None, None)],
)
def test_what_a_record_says(tmp_path: Path, said: str | None, installer: str | None) -> None:
    assert installer_of(str(add(tmp_path, "x-1", INSTALLER=said))) == installer


def test_who_has_lists_of_their_own() -> None:
    assert all(map(goes_by_record, [None, "pip", "uv", "Poetry 2.5.1", "pdm", "installer"]))
    assert not any(map(goes_by_record, ["conda", "debian", "rpm", "pex"]))


def test_the_systems_packages(tmp_path: Path) -> None:
    place = tmp_path / "usr/lib/python3/dist-packages"
    here = target(place, root=tmp_path / "usr", is_venv=False)
    assert is_systems(here, str(add(place, "x-1", INSTALLER=None)))
    assert not is_systems(here, str(add(place, "y-1", INSTALLER="pip\n")))
    assert not is_systems(target(place, root=tmp_path), str(place / "x-1.dist-info"))
