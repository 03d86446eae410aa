from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from envdoctor.fleet.answer import Change
from envdoctor.fleet.history import collections, earlier
from envdoctor.fleet.sources import NoSource
from tests.fleet.world import asked, fill, report


def dated(directory: Path, **days: dict[str, dict[str, Any]]) -> str:
    """A directory with a directory a day."""
    for day, reports in days.items():
        (directory / day).mkdir()
        fill(directory / day, reports)
    return str(directory)


def crashed(one: dict[str, Any]) -> dict[str, Any]:
    for result in one["results"]:
        result["outcome"] = "crashed"
    return one


def test_what_is_new_and_gone_since_the_collection_before(tmp_path: Path) -> None:
    before = {
        "m1": report(),
        "m2": report("PIP001", severity="warning"),
        "m3": report("PY001"),
        "m4": report("PY001", created="a"),
        "m5": crashed(report(created="b")),
        "m6": report("LIB001"),
    }
    now = {
        "m1": report("LIB001"),
        "m2": report(),
        "m3": report("PY001", created="c"),
        "m4": crashed(report(created="d")),
        "m5": report("LIB001", created="e"),
        "m7": report("LIB001", created="f"),
    }
    found = asked(dated(tmp_path, d1={"m1": report()}, d2=before, d3=now))
    assert found.machines == 6
    assert found.history is not None
    assert (found.history.before, found.history.now) == ("d2", "d3")
    assert found.history.new == (Change("LIB001", "error", ("m1", "m7")),)
    assert found.history.gone == (Change("PIP001", "warning", ("m2",)),)
    assert (found.history.added, found.history.lost) == (("m7",), ("m6",))
    older = asked(str(tmp_path), since="d1").history
    assert older is not None
    assert [change.code for change in older.new] == ["LIB001", "PY001"]
    chosen = asked(str(tmp_path), where=("machine=m1",)).history
    assert chosen is not None
    assert (chosen.new, chosen.gone) == ((Change("LIB001", "error", ("m1",)),), ())


def test_a_single_collection_has_no_history(tmp_path: Path) -> None:
    found = asked(dated(tmp_path, d1={"m1": report("PY001")}))
    assert (found.machines, found.history) == (1, None)


def test_only_a_directory_of_directories_holds_collections(tmp_path: Path) -> None:
    source = dated(tmp_path, b={}, a={})
    (tmp_path / ".hidden").write_text("")
    assert collections(source) == ("a", "b")
    assert earlier(("a", "b", "c"), None, source) == "b"
    assert earlier(("a", "b", "c"), "a", source) == "a"
    for wrong in ("c", "x"):
        with pytest.raises(NoSource, match="no such earlier collection; the last of them: a, b"):
            earlier(("a", "b", "c"), wrong, source)
    (tmp_path / "m1.json").write_text("")
    assert collections(source) == collections(f"{source}/m1.json") == ()


def test_since_needs_collections(tmp_path: Path) -> None:
    with pytest.raises(NoSource, match="no such earlier collection"):
        asked(fill(tmp_path, {"m1": report()}), since="d1")
