"""Modules of checks as they are read, before a registry makes one of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.engine.loading import Loader, checks_in, module_names
from envdoctor.engine.plugins import EntryPoint
from tests import samples

HEAD = "from collections.abc import Iterator\nfrom envdoctor import Finding, Severity, check\n"
FACT = "from tests.samples import Weather\n"
CHECK = """
@check("{code}", severity=Severity.ERROR, since="1")
def {name}(weather: Weather) -> Iterator[Finding]:
    \"\"\"It is wrong.\"\"\"
    yield from ()
"""


def with_checks(*rows: tuple[str, str]) -> str:
    return HEAD + FACT + "".join(CHECK.format(code=code, name=name) for code, name in rows)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable package `team`, empty yet."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    sys.path_importer_cache.clear()
    team = tmp_path / "team"
    team.mkdir()
    (team / "__init__.py").write_text("")
    return team


def point(module: str, name: str = "TEA", distribution: str = "team-checks") -> EntryPoint:
    return EntryPoint(name, module, distribution)


def test_the_checks_of_a_module_are_those_that_it_defines() -> None:
    assert checks_in(samples) == list(samples.EVERY)
    assert checks_in(sys.modules[__name__]) == []


def test_a_package_stands_for_its_modules_by_the_codes_in_their_text(package: Path) -> None:
    (package / "one.py").write_text("CODE = 'TEA001'\n")
    (package / "two.py").write_text('CODE = "TEA002"\n')
    (package / "_helpers.py").write_text("'TEA001'\n")
    (package / "notes.txt").write_text("'TEA001'\n")
    assert module_names("team") == ["team.one", "team.two"]
    assert module_names("team", {"TEA001"}) == ["team.one"]
    assert module_names("team", {"TEA002", "TEA003"}) == ["team.two"]
    assert module_names("team", {"TEA00"}) == []


def test_a_module_without_text_is_worth_importing(package: Path) -> None:
    (package / "gone.py").symlink_to("nowhere.py")
    assert module_names("team", {"TEA001"}) == ["team.gone"]


def test_a_module_is_loaded_once(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package / "one.py").write_text("print('imported')\n" + with_checks(("TEA001", "one_is_wrong")))
    loader = Loader()
    loader.load(point("team"))
    loader.load(point("team.one"))
    assert (list(loader.checks), loader.broken) == (["TEA001"], [])
    assert capsys.readouterr() == ("", "imported\n")  # a plugin never writes into the report


def test_nothing_of_a_module_counts_if_one_of_its_checks_is_wrong(package: Path) -> None:
    (package / "one.py").write_text(with_checks(("TEA001", "one_is_wrong"), ("TEB001", "of_another_family")))
    (package / "two.py").write_text(with_checks(("TEA002", "two_is_wrong")))
    loader = Loader()
    loader.load(point("team"))
    assert list(loader.checks) == ["TEA002"]
    assert loader.broken_families == {"TEA"}
    [reason] = map(str, loader.broken)
    assert reason.startswith("team.one of team-checks could not be loaded: TypeError: ")
    assert reason.endswith("TEB001 is not of the family TEA, which its entry point names")


def test_a_module_that_ends_the_program_is_broken_and_does_not_end_it(package: Path) -> None:
    (package / "__init__.py").write_text("raise SystemExit(4)\n")
    loader = Loader()
    loader.load(point("team", name="anything"))
    assert [str(one) for one in loader.broken] == ["team of team-checks could not be loaded: SystemExit: 4"]
    assert loader.broken_families == {None}


def test_two_facts_of_one_name_are_refused(package: Path) -> None:
    own = (
        "from envdoctor import Fact, Session, probe\nclass Weather(Fact, frozen=True):\n    pass\n"
        "@probe\ndef see(session: Session) -> Weather:\n    return Weather()\n"
    )
    (package / "one.py").write_text(with_checks(("TEA001", "one_is_wrong")))
    (package / "two.py").write_text(HEAD + own + CHECK.format(code="TEA002", name="two_is_wrong"))
    loader = Loader()
    loader.load(point("team"))
    assert list(loader.checks) == ["TEA001"]
    [reason] = map(str, loader.broken)
    assert reason.endswith("a fact Weather is already in tests.samples, and a report holds one of a name")


def test_a_check_that_is_refused_takes_its_module_along(package: Path) -> None:
    (package / "one.py").write_text(with_checks(("TEA001", "one_is_wrong"), ("TEA002", "two_is_wrong")))
    (package / "two.py").write_text(with_checks(("TEA003", "three_is_wrong")))
    loader = Loader()
    loader.load(point("team"))
    loader.refuse(loader.checks["TEA002"], TypeError("no"))
    assert list(loader.checks) == ["TEA003"]
    assert [str(one) for one in loader.broken] == ["team.one of team-checks could not be loaded: TypeError: no"]
