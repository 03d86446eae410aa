"""What is said of speed is what was measured, and a whole run costs no more than its session is large."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.fuzz.growth import PATIENCE

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "benchmarks" / "README.md"
PLAIN = {"pip --version": (0.2, 0.3, 23.4), "envdoctor": (0.25, 0.3, 21.6)}
SICK = {"pip --version": (0.1, 0.3, 22.5), "envdoctor": (0.3, 0.3, 25.0)}
LARGE = {
    "directories on the search path, 5,000": 0.2,
    "installed distributions, 2,000": 0.3,
    "environments in the home, 800": 0.1,
    "`uv.lock`, 20 MB": 0.05,
    "start-up file, 1 MB": 0.25,
}
"""How much of what grows is enough to see how its cost grows."""
SMALLER = 4
MOST = 9.0
"""How many times as much four times the size may cost. Linear work costs four times, quadratic sixteen times."""


def benchmark(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PAGE.parent))
    return import_module(name)


def ratios(page: str, command: str) -> list[str]:
    """What a command costs in each session, by the table of whole runs."""
    [row] = re.findall(rf"^\| `{re.escape(command)}` \|((?: [0-9.]+ \| [0-9]+ \|)+)$", page, re.MULTILINE)
    return re.findall(r" ([0-9.]+) \| [0-9]+ \|", row)


def test_the_speed_in_the_readme_is_the_one_that_was_measured() -> None:
    plain, project, _ = (f"{float(ratio):.1f}" for ratio in ratios(PAGE.read_text(encoding="utf-8"), "envdoctor"))
    said = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"{plain} times the processor time of `pip --version` in a plain session" in said
    assert f"and {project} times in a project" in said


def test_the_measured_table_takes_the_place_of_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    startup = benchmark("startup", monkeypatch)
    made = startup.table({"plain": PLAIN, "sick": SICK})
    assert made.splitlines() == [
        "| command | plain session | MB | everything wrong | MB |",
        "|---|---|---|---|---|",
        "| `pip --version` | 1.00 | 23 | 1.00 | 22 |",
        "| `envdoctor` | 1.25 | 22 | 3.00 | 25 |",
    ]
    page = PAGE.read_text(encoding="utf-8")
    [old] = startup.TABLE.findall(page)
    assert startup.TABLE.findall(page.replace(old, made)) == [made]


@pytest.mark.tools
@pytest.mark.thorough
@pytest.mark.parametrize("what", LARGE)
def test_four_times_as_much_costs_about_four_times(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = benchmark("whole_runs", monkeypatch)
    grow, arguments = runs.GROWING[what]

    def growth(rounds: int) -> float:
        parts = (0, LARGE[what] / SMALLER, LARGE[what])
        nothing, small, large = (runs.cost(grow, arguments, part, rounds) for part in parts)
        return float((large - nothing) / max(small - nothing, PATIENCE))

    assert growth(rounds=1) < MOST or growth(rounds=3) < MOST  # what seems too much is measured with care


def test_everything_that_grows_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert benchmark("whole_runs", monkeypatch).GROWING.keys() == LARGE.keys()
