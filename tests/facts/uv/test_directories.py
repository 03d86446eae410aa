"""What is seen of a directory: its files decide, nothing in it is run. Rows with the real uv are in test_target.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.uv.directories import Nearby, NearbyKind, Place, Standing, find_nearby, look_at


def make(root: Path, *, config: str | None = "version = 3.12.4\n", program: str | None = "python") -> Path:
    """An environment whose Python is an empty file."""
    (root / "bin").mkdir(parents=True)
    if config is not None:
        (root / "pyvenv.cfg").write_text(config)
    if program:
        (root / "bin" / program).touch()
    return root


def test_a_virtual_environment_and_a_prefix(tmp_path: Path) -> None:
    venv, prefix = make(tmp_path / "venv"), make(tmp_path / "usr", config=None, program="python3")
    (prefix / "lib/python3.11").mkdir(parents=True)
    assert look_at(str(venv)) == Place(str(venv), Standing.ENVIRONMENT, "3.12")
    assert look_at(str(prefix), "usr") == Place(str(prefix), Standing.PREFIX, "3.11", "usr")


def test_an_environment_of_conda_is_told_apart(tmp_path: Path) -> None:
    prefix = make(tmp_path / "conda", config=None)
    (prefix / "conda-meta").mkdir()
    assert look_at(str(prefix)).is_conda
    (prefix / "bin/python").unlink()
    assert look_at(str(prefix)) == Place(str(prefix), Standing.NO_PYTHON, is_conda=True)


def test_a_directory_without_a_python_that_can_start(tmp_path: Path) -> None:
    empty, broken = make(tmp_path / "empty", program=None), make(tmp_path / "broken", program=None)
    (broken / "bin/python3").symlink_to("/gone/python3")
    assert look_at(str(empty)).standing is Standing.NO_PYTHON
    assert look_at(str(broken)).standing is Standing.BROKEN
    assert look_at(str(tmp_path / "gone"), "gone") == Place(str(tmp_path / "gone"), Standing.MISSING, shown="gone")
    assert look_at(str(empty / "pyvenv.cfg")).standing is Standing.MISSING


def test_a_link_is_compared_by_where_it_leads(tmp_path: Path) -> None:
    root = make(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    place = look_at(str(tmp_path / "link"))
    assert (place.path, place.real, place.identity) == (str(tmp_path / "link"), str(root), str(root))
    assert look_at(str(root)).identity == str(root)


@pytest.mark.parametrize(
    ("config", "target", "libraries", "version"),
    [
        ("version = 3.12.4\n", "python3.9", ("python3.8",), "3.12"),
        ("home = /x\nversion_info = 3.10.0.final.0\n", "python3.9", (), "3.10"),
        ("implementation-version = 3.7.0\n", "python3.9", ("python3.8",), "3.9"),
        ("", "python3.9", ("python3.8",), "3.9"),
        ("", "python", ("python3.8", "pkgconfig"), "3.8"),
        ("", "python", ("python3.8", "python3.9"), None),
        ("", "python", ("python3.13t", "python3"), None),
        ("", "python", (), None),
    ],
)
def test_the_version_by_what_files_are_called(
    tmp_path: Path, config: str, target: str, libraries: tuple[str, ...], version: str | None
) -> None:
    root = make(tmp_path / "v", config=config, program=None)
    (tmp_path / target).touch()
    (root / "bin/python").symlink_to(tmp_path / target)
    for name in libraries:
        (root / "lib" / name).mkdir(parents=True)
    assert look_at(str(root)).python == version


def test_the_nearest_environment_ends_the_search(tmp_path: Path) -> None:
    make(tmp_path / ".venv")
    near = make(tmp_path / "a/b/.venv", config="version = 3.11.0\n")
    inside = tmp_path / "a/b/c"
    inside.mkdir()
    assert list(find_nearby(str(inside))) == [Nearby(Place(str(near), python="3.11"), distance=1)]
    assert list(find_nearby(None)) == []


def test_the_working_directory_may_lie_in_one(tmp_path: Path) -> None:
    root = make(tmp_path / "v")
    (root / "lib").mkdir()
    make(root / "lib/.venv")
    make(tmp_path / ".venv")
    assert [nearby.kind for nearby in find_nearby(str(root / "lib"))] == [NearbyKind.DIRECTORY]
    assert list(find_nearby(str(root / "bin"))) == [Nearby(Place(str(root), python="3.12"), NearbyKind.INSIDE, 1)]


def test_what_some_version_of_uv_passes_over_does_not_end_the_search(tmp_path: Path) -> None:
    root = make(tmp_path / ".venv")
    other = make(tmp_path / "other")
    below = tmp_path / "a/b/c"
    below.mkdir(parents=True)
    (below / ".venv").symlink_to("/gone")
    (below / "d").mkdir()
    (tmp_path / "a/b/.venv").write_text("../../other\n")
    (tmp_path / "a/.venv").write_text("\n")
    assert list(find_nearby(f"{below}/d")) == [
        Nearby(Place(f"{below}/.venv", Standing.MISSING), NearbyKind.DANGLING, 1),
        Nearby(Place(str(other), python="3.12", shown=f"{tmp_path}/a/b/.venv"), NearbyKind.REDIRECT, 2),
        Nearby(Place(f"{tmp_path}/a/.venv", Standing.NO_CONFIG, shown=f"{tmp_path}/a/.venv"), NearbyKind.REDIRECT, 3),
        Nearby(Place(str(root), python="3.12"), distance=4),
    ]


def test_a_dot_venv_without_its_configuration(tmp_path: Path) -> None:
    root = make(tmp_path / ".venv", config=None)
    assert list(find_nearby(str(tmp_path))) == [Nearby(Place(str(root), Standing.NO_CONFIG))]
