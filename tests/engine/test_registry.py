"""Modules of checks are written to disk here, announced, and loaded as a user's plugins are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.engine.registry import Registry

CHECK = """
@check("{code}", severity=Severity.ERROR, since="1", unless={unless!r})
def {name}(examined: Examined) -> Iterator[Finding]:
    \"\"\"It is wrong.\"\"\"
    yield from ()
"""
HEAD = """
from collections.abc import Iterator
from envdoctor import Finding, Severity, check
from envdoctor.facts.session.context import Examined
"""


class Site:
    """A directory on `sys.path` with distributions of checks in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def announce(self, distribution: str, **points: str) -> None:
        lines = "".join(f"{name} = {module}\n" for name, module in points.items())
        metadata = self.root / f"{distribution.replace('-', '_')}-1.dist-info"
        metadata.mkdir()
        (metadata / "entry_points.txt").write_text(f"[envdoctor.checks]\n{lines}")

    def write(self, module: str, *checks: tuple[str, str] | tuple[str, str, tuple[str, ...]], text: str = "") -> Path:
        file = self.root / f"{module}.py"
        file.parent.mkdir(exist_ok=True)
        rows = [(code, name, *rest) for code, name, *rest in checks]
        body = [CHECK.format(code=row[0], name=row[1], unless=row[2] if len(row) > 2 else ()) for row in rows]
        file.write_text(HEAD + "".join(body) + text)
        return file


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # modules of one name come and go within a second
    sys.path_importer_cache.clear()
    return Site(tmp_path)


def codes(registry: Registry) -> list[str]:
    return [check.code for check in registry.checks]


def broken(registry: Registry) -> list[str]:
    return [str(one) for one in registry.broken]


def test_an_entry_point_may_name_a_package_whose_modules_are_found_by_themselves(site: Site) -> None:
    site.announce("team-checks", TEA="team")
    site.write("team/__init__")
    site.write("team/one", ("TEA001", "one_is_wrong"))
    site.write("team/two", ("TEA002", "two_is_wrong"))
    site.write("team/_helpers", text="raise RuntimeError('not a module of checks')\n")
    (site.root / "team" / "notes.txt").write_text("no module\n")
    registry = Registry.load(("TEA",))
    assert (codes(registry), broken(registry)) == (["TEA001", "TEA002"], [])


def test_a_module_is_still_an_entry_point_and_so_is_a_package_that_holds_checks_itself(site: Site) -> None:
    site.announce("team-checks", TEA="team", TEB="teb")
    site.write("team", ("TEA001", "one_is_wrong"))
    site.write("teb/__init__", ("TEB001", "two_is_wrong"))
    site.write("teb/other", text="raise RuntimeError('its own business')\n")
    registry = Registry.load(("TEA", "TEB"))
    assert (codes(registry), broken(registry)) == (["TEA001", "TEB001"], [])


def test_one_broken_module_of_a_package_leaves_the_others(site: Site) -> None:
    site.announce("team-checks", TEA="team")
    site.write("team/__init__")
    site.write("team/good", ("TEA001", "one_is_wrong"))
    site.write("team/sick", text="1 / 0\n")
    registry = Registry.load(("TEA",))
    assert codes(registry) == ["TEA001"]
    assert broken(registry) == [
        "team.sick of team-checks could not be loaded: ZeroDivisionError: division by zero",
    ]


def test_a_package_that_is_not_there(site: Site) -> None:
    site.announce("team-checks", TEA="nowhere")
    assert broken(Registry.load(("TEA",))) == [
        "nowhere of team-checks could not be loaded: ModuleNotFoundError: No module named 'nowhere'"
    ]


def test_a_selection_loads_what_it_gives_way_to_and_no_more(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    site.announce("other-checks", TEB="teb")
    site.write("tea/__init__")
    site.write("tea/one", ("TEA001", "one_is_wrong", ("TEB002",)))
    site.write("teb/__init__")
    site.write("teb/needed", ("TEB002", "two_is_wrong"))
    site.write("teb/idle", ("TEB003", "three_is_wrong"))
    assert codes(Registry.load(("TEA",))) == ["TEA001", "TEB002"]
    assert "teb.idle" not in sys.modules


def test_a_code_that_its_family_does_not_have_is_refused_with_file_and_line(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    file = site.write("tea", ("TEA001", "one_is_wrong", ("PIP999",)))
    registry = Registry.load(("TEA",))
    assert codes(registry) == []
    [reason] = broken(registry)
    assert reason == (
        f"tea of team-checks could not be loaded: SignatureError: {file}:6: one_is_wrong: "
        "it gives way to PIP999, and there is no such check"
    )


def test_a_code_that_is_made_moot_has_to_exist_where_all_checks_are_loaded(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    file = site.write("tea", ("TEA001", "one_is_wrong"))
    file.write_text(file.read_text().replace("unless=()", "moots=('PIP999', 'GON001', 'PIP001')"))
    assert codes(Registry.load(("TEA",))) == ["TEA001"]
    [reason] = broken(Registry.load())
    assert reason.endswith("one_is_wrong: its fix makes moot PIP999, and there is no such check")


def test_a_code_of_a_plugin_that_is_absent_or_broken_is_no_error(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    site.announce("other-checks", TEB="teb")
    site.write("tea", ("TEA001", "one_is_wrong", ("GON001", "TEB001")))
    site.write("teb", text="1 / 0\n")
    registry = Registry.load(("TEA",))
    assert codes(registry) == ["TEA001"]
    assert len(registry.broken) == 1


def test_a_word_that_is_no_code_is_refused(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    site.write("tea", ("TEA001", "one_is_wrong", ("pip-installs-elsewhere",)))
    [reason] = broken(Registry.load(("TEA",)))
    assert "'pip-installs-elsewhere' is not a family prefix and three digits" in reason


def test_checks_that_give_way_to_each_other_are_refused(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    first, second = ("TEA001", "one_is_wrong", ("TEA002",)), ("TEA002", "two_is_wrong", ("TEA003",))
    file = site.write("tea", first, second, ("TEA003", "three_is_wrong", ("TEA001",)))
    registry = Registry.load(("TEA",))
    assert codes(registry) == []
    [reason] = broken(registry)
    assert f"{file}:" in reason
    assert "these give way to each other: TEA001, TEA002, TEA003" in reason


def test_of_two_distributions_in_a_circle_the_plugin_loses(site: Site) -> None:
    site.announce("a-checks", TEA="tea")
    site.announce("b-checks", TEB="teb")
    site.write("tea", ("TEA001", "one_is_wrong", ("TEB001",)))
    site.write("teb", ("TEB001", "two_is_wrong", ("TEA001",)))
    registry = Registry.load(("TEA", "TEB"))
    assert codes(registry) == ["TEA001"]


def test_codes_and_facts_are_taken_once(site: Site) -> None:
    site.announce("team-checks", TEA="tea", PIP="mine")
    site.write("tea", ("TEB001", "one_is_wrong"))
    site.write("mine", ("PIP001", "two_is_wrong"))
    reasons = broken(Registry.load(("TEA", "PIP")))
    assert any("TEB001 is not of the family TEA" in reason for reason in reasons)
    assert any("PIP001 is already pip-installs-elsewhere" in reason for reason in reasons)


def test_no_plugins_leaves_third_parties_out(site: Site) -> None:
    site.announce("team-checks", TEA="tea")
    site.write("tea", ("TEA001", "one_is_wrong"))
    assert "TEA001" not in codes(Registry.load(third_party=False))


def test_plugins_in_a_directory_that_does_not_answer_are_said_not_to_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("envdoctor.engine.registry.left_out", {"/far/plugins": "/far (nfs) did not answer within 2 s"})
    line = "plugins in /far/plugins are not loaded: /far (nfs) did not answer within 2 s"
    assert line in map(str, Registry.load(("PY001",)).broken)
    assert line not in map(str, Registry.load(("PY001",), third_party=False).broken)
