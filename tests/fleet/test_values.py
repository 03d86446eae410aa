from __future__ import annotations

from envdoctor.fleet.values import LONGEST, MOST_WORDS, pairs


def test_values_stand_at_their_places_and_versions_are_one_value() -> None:
    fact = {"python": {"version": [3, 11, 7], "level": None, "ok": True}, "list": []}
    assert pairs("A", fact, None) == {
        "A.python.version": "3.11.7",
        "A.python.version.series": "3.11",
        "A.python.level": "nothing",
        "A.python.ok": "yes",
        "A.list": "nothing",
    }


def test_records_stand_under_their_names_and_words_each_for_itself() -> None:
    fact = {
        "packages": [{"name": "numpy", "version": "2.1"}, {"name": "torch", "version": "2.6"}],
        "dirs": ["/a", "/b"],
    }
    assert pairs("A", fact, None) == {
        "A.packages[numpy].name": "numpy",
        "A.packages[numpy].version": "2.1",
        "A.packages[torch].name": "torch",
        "A.packages[torch].version": "2.6",
        "A.dirs[/a]": "listed",
        "A.dirs[/b]": "listed",
    }


def test_times_temporary_names_and_homes_are_no_differences() -> None:
    fact = {"shell_started": 17.5, "pid": 4, "cwd": "/tmp/tmpabcd1234/x", "file": "/home/u/a"}
    assert pairs("A", fact, "/home/u") == {"A.cwd": "/tmp/…/x", "A.file": "~/a"}
    shared = {"file": "/masked-home-1-5-chars/a"}
    assert pairs("A", shared, "/masked-home-1-5-chars") == {"A.file": "~/a"}


def test_long_values_are_cut_and_stay_apart() -> None:
    one, other = pairs("A", "x" * 5000 + "1", None)["A"], pairs("A", "x" * 5000 + "2", None)["A"]
    assert one != other
    assert len(one) < LONGEST + 12
    assert len(pairs("A", ["w"] * (MOST_WORDS + 1), None)) == 1
    assert pairs("A", "a\nb", None) == {"A": "a\\nb"}
