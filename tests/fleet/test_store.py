from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from envdoctor.fleet import store as module
from envdoctor.fleet.documents import read
from envdoctor.fleet.store import Store
from tests.fleet.world import content


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(str(tmp_path))
    yield made
    made.close()


def rows(store: Store, question: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = store.connection.execute(question).fetchall()
    return found


def test_a_fact_that_machines_share_is_kept_once(store: Store) -> None:
    for name in ("m1", "m2"):
        store.add(name, "s", read(content("LIB001", facts={"Libc": {"version": "2.17"}}), name))
    store.finish()
    assert rows(store, "SELECT value FROM fact WHERE place = 'Libc.version'") == [("2.17",)]
    assert rows(store, "SELECT count(*) FROM had JOIN fact USING (variant) WHERE place = 'Libc.version'") == [(2,)]
    assert rows(store, "SELECT machine, code FROM finding ORDER BY machine") == [(0, "LIB001"), (1, "LIB001")]
    assert rows(store, "SELECT outcome, count(*) FROM verdict GROUP BY outcome ORDER BY outcome") == [
        ("found", 1),
        ("ok", 2),
    ]
    assert store.slugs["LIB001"] == "slug-of-lib001"


def test_why_a_fact_is_missing_is_a_value_of_it_unless_it_was_not_recorded(store: Store) -> None:
    gaps = {"Conda": {"kind": "unavailable", "reason": "no conda"}, "Uv": {"kind": "not recorded", "reason": "no"}}
    store.add("m1", "s", read(content(missing=gaps), "m1"))
    store.finish()
    assert rows(store, "SELECT value FROM fact WHERE place IN ('Conda', 'Uv')") == [("there is none: no conda",)]


def test_whatever_stands_in_a_report_goes_in_as_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 1)
    odd = 'a "quoted", \\N \\ text\n with \x00 lines'
    store.add(odd, "s", read(content(facts={"Odd": {"text": odd, "empty": "", "null": "\\N"}}), "m1"))
    store.finish()
    shown = 'a "quoted", \\N \\ text\\n with \\x00 lines'
    assert rows(store, "SELECT name FROM machine") == [(shown,)]
    values = dict(rows(store, "SELECT place, value FROM fact WHERE place LIKE 'Odd.%'"))
    assert values == {"Odd.text": shown, "Odd.empty": "an empty text", "Odd.null": "\\N"}


def test_a_machine_that_is_dropped_leaves_nothing(store: Store) -> None:
    for name in ("m1", "m2"):
        store.add(name, "s", read(content("LIB001"), name))
    store.finish([0])
    assert rows(store, "SELECT name FROM machine") == [("m2",)]
    assert (
        rows(store, "SELECT DISTINCT machine FROM finding") == rows(store, "SELECT DISTINCT machine FROM had") == [(1,)]
    )


def test_no_extension_is_ever_fetched(store: Store) -> None:
    asked = "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
    assert rows(store, asked) == [(False, False)]
