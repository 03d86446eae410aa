from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.plugins import EntryPoint, are_others, holding, installed


def point(name: str) -> EntryPoint:
    return EntryPoint(name, f"checks_{name}", "some-checks")


def write(site: Path, metadata: str, text: str) -> None:
    (site / metadata).mkdir()
    (site / metadata / "entry_points.txt").write_text(text, encoding="utf-8")


def test_entry_points_are_read_from_the_first_distribution_of_a_name(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    write(first, "team_checks-2.dist-info", "[console_scripts]\nx = y:z\n[envdoctor.checks]\n# no\nTEAM = team\n")
    write(second, "team_checks-1.dist-info", "[envdoctor.checks]\nTEAM = old_team\n")
    write(second, "other-1.egg-info", "\n[envdoctor.checks]\n odd.one = other.one \n")
    write(second, "plain-1.dist-info", "[console_scripts]\nplain = plain:main\n")
    assert installed([str(first), str(second), str(tmp_path / "gone")]) == (
        EntryPoint("TEAM", "team", "team-checks"),
        EntryPoint("odd.one", "other.one", "other"),
    )


@pytest.mark.parametrize(("name", "family"), [("PY", "PY"), ("PY.names", "PY"), ("scratch", None), ("Py.names", None)])
def test_a_name_in_capitals_promises_a_family(name: str, family: str | None) -> None:
    assert point(name).family == family


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        ((), "PY.names PY.self PYE PIP scratch"),
        (("PY",), "PY.names PY.self scratch"),
        (("py003", "PIP"), "PY.names PY.self PIP scratch"),
        (("P",), "PY.names PY.self PYE PIP scratch"),
        (("PYE00",), "PYE scratch"),
        (("working-in-base",), "scratch"),
        (("",), "PY.names PY.self PYE PIP scratch"),
    ],
)
def test_what_a_selection_cannot_mean_is_not_loaded(words: tuple[str, ...], loaded: str) -> None:
    points = tuple(map(point, ("PY.names", "PY.self", "PYE", "PIP", "scratch")))
    assert " ".join(one.name for one in holding(points, words)) == loaded


def test_envdoctors_own_come_first_so_that_no_plugin_takes_their_codes(tmp_path: Path) -> None:
    write(tmp_path, "aaa-1.dist-info", "[envdoctor.checks]\nAAA = aaa\n")
    write(tmp_path, "python_envdoctor-1.dist-info", "[envdoctor.checks]\nPIP = own\n")
    assert [one.module for one in installed([str(tmp_path)])] == ["own", "aaa"]


def test_what_was_looked_at_once_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, "python_envdoctor-1.dist-info", "[envdoctor.checks]\nPIP = own\n")
    assert not are_others([str(tmp_path)])
    write(tmp_path, "aaa-1.dist-info", "[envdoctor.checks]\nAAA = aaa\n")
    assert [one.module for one in installed([str(tmp_path)])] == ["own"]
    assert are_others([str(tmp_path), "/gone"])
