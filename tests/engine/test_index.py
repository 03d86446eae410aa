"""The index that envdoctor brings along, and small ones over modules that are written here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec
import pytest

import envdoctor_checks
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Missing
from envdoctor.engine.finding import Severity
from envdoctor.engine.index import FILE, CheckRow, FactRow, Index, ModuleRow, Rows, index_beside, made_of
from envdoctor.engine.judge import judge
from envdoctor.engine.loading import checks_in, module_names
from envdoctor.engine.plugins import OWN, EntryPoint, installed
from envdoctor.engine.reference import Facts
from envdoctor.engine.registry import Registry
from envdoctor.engine.wiring import SignatureError
from tests import samples
from tests.support import make_session

INDEX = Path(envdoctor_checks.__path__[0]) / FILE
FACTS = {"Weather": FactRow("tests.samples"), "Ground": FactRow("tests.samples", ("Weather", "Moon?"))}
CHECK = """
from collections.abc import Iterator
from envdoctor import Finding, Severity, check
from tests.samples import Weather

@check("TEA001", severity=Severity.ERROR, since="1")
def one_is_wrong(weather: Weather) -> Iterator[Finding]:
    \"\"\"It is wrong.

    ## Why it matters
    It does.
    \"\"\"
    yield from ()
"""


def families() -> list[EntryPoint]:
    return [point for point in installed(sys.path) if point.distribution == OWN]


def written(rows: Rows) -> str:
    """An index as it stands in the file: a line a check and a fact, so that a change shows as what it is."""
    checks = [
        f'{json.dumps(name)}: {{"size": {module.size}, "checks": [\n{_lines(module.checks)}\n]}}'
        for name, module in rows.modules.items()
    ]
    facts = [f"{json.dumps(name)}: {_line(fact)}" for name, fact in rows.facts.items()]
    return '{"modules": {\n' + ",\n".join(checks) + '\n},\n"facts": {\n' + ",\n".join(facts) + "\n}}\n"


def _lines(rows: tuple[CheckRow, ...]) -> str:
    return ",\n".join(map(_line, rows))


def _line(row: CheckRow | FactRow) -> str:
    return json.dumps(msgspec.to_builtins(row), ensure_ascii=False)


def test_the_index_is_what_the_code_says(rewrite_golden: bool) -> None:
    names = [name for point in families() for name in module_names(point.module)]
    checks = [check for name in names for check in checks_in(sys.modules.get(name) or __import__(name, fromlist="_"))]
    assert len(checks) > 100  # no entry points, and so no families, stand where an old installation is in the way
    text = written(made_of(checks))
    if rewrite_golden:
        INDEX.write_text(text, encoding="utf-8")
    assert INDEX.read_text(encoding="utf-8") == text, (
        "run: python -m pytest tests/engine/test_index.py --rewrite-golden"
    )


def test_a_check_of_the_index_says_what_the_check_itself_says() -> None:
    for check in Registry.load(third_party=False).checks:
        [real] = [one for one in checks_in(__import__(check.module, fromlist="_")) if one.code == check.code]
        for name in (
            "code",
            "slug",
            "severity",
            "since",
            "unless",
            "moots",
            "title",
            "family",
            "manual",
            "module",
            "function",
        ):
            assert getattr(check, name) == getattr(real, name)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `teas.one` with a module of one check."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    sys.path_importer_cache.clear()
    family = tmp_path / "teas" / "one"
    family.mkdir(parents=True)
    for directory in (family.parent, family):
        (directory / "__init__.py").write_text("")
    (family / "leaf.py").write_text(CHECK)
    return family


def row(*needs: str) -> CheckRow:
    return CheckRow("TEA001", "one-is-wrong", Severity.ERROR, "1", "It is wrong.", needs or ("Weather",))


def index(*rows: CheckRow) -> Index:
    return Index(Rows({"teas.one.leaf": ModuleRow(len(CHECK), rows or (row(),))}, FACTS))


def test_a_check_is_imported_when_it_judges_and_not_before(package: Path) -> None:
    [check], unknown = index().family("teas.one")
    assert (check.slug, check.title, unknown) == ("one-is-wrong", "It is wrong.", ())
    assert "teas.one.leaf" not in sys.modules
    assert check.manual.startswith("It is wrong.\n\n## Why it matters")
    assert [result.outcome.value for result in judge([check], {samples.Weather: samples.Weather(rain=True)})] == ["ok"]
    assert package.name == "one"


def test_a_module_that_was_edited_or_is_new_is_not_taken_from_the_index(package: Path) -> None:
    (package / "leaf.py").write_text(CHECK + "\n")
    (package / "new.py").write_text(CHECK)
    (package / "_helper.py").write_text("")
    assert index().family("teas.one") == ((), ("teas.one.leaf", "teas.one.new"))


@pytest.mark.usefixtures("package")
def test_a_check_that_needs_other_facts_than_the_index_says_is_refused() -> None:
    [check], _ = index(row("Weather", "Ground")).family("teas.one")
    with pytest.raises(SignatureError, match="the index says that it needs other facts"):
        _ = check.function


def test_a_fact_is_imported_where_all_is_there_that_it_needs() -> None:
    facts = Index(Rows({}, {"Left": FactRow("nowhere.at.all", ("Moon",)), "Moon": FactRow("tests.samples")})).facts
    known = establish([facts["Left"]], make_session({"MOON": ""}))
    missing = known[facts["Left"]]
    assert isinstance(missing, Missing)
    assert missing.reason == "no moon here"


def test_a_fact_that_needs_others_than_the_index_says_is_broken() -> None:
    facts = Index(Rows({}, {"Ground": FactRow("tests.samples", ("Weather",)), "Weather": FACTS["Weather"]})).facts
    missing = establish([facts["Ground"]], make_session())[samples.Ground]
    assert isinstance(missing, Missing)
    assert missing.unsettled
    assert "the index says that it needs other facts" in missing.reason


def test_reference_and_type_of_a_fact_are_sought_once() -> None:
    known = establish([Index(Rows({}, FACTS)).facts["Weather"], samples.Weather], make_session())
    assert known == Facts({samples.Weather: samples.Weather(rain=False)})


@pytest.mark.parametrize("text", [None, "", "{}", '{"modules": {}, "facts": {"Weather": 3}}'])
def test_an_index_that_is_no_index_is_none(package: Path, text: str | None) -> None:
    if text is not None:
        (package.parent / FILE).write_text(text)
    assert index_beside("teas.one") is None
