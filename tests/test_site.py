"""The site that `python docs/site.py` builds, as far as it is made here: `.ci/run` builds it whole."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from envdoctor.engine.registry import Registry

DOCS = Path(__file__).parent.parent / "docs"
CHECKS = Registry.load(third_party=False).checks


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("envdoctor_site", DOCS / "site.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SITE = load()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root: Path = tmp_path_factory.mktemp("site") / "docs"
    SITE.write_pages(root, CHECKS)
    return root


def test_every_check_has_its_page_with_manual_and_proof(pages: Path) -> None:
    for check in CHECKS:
        text = (pages / "checks" / f"{check.code}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# {check.code} {check.slug}\n")
        assert "\n## Why it matters\n" in text
        assert "\n## Where it is proven\n" in text, check.code
        assert re.search(r"^- sick: ", text, re.MULTILINE), check.code


def test_the_overview_leads_to_every_page(pages: Path) -> None:
    text = (pages / "checks" / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"\| \[(\w+)\]\(\1\.md\)", text) == [check.code for check in CHECKS]


def test_the_menu_names_every_page(pages: Path) -> None:
    named = set(re.findall(r'= "([\w/-]+\.md)"', (DOCS / "zensical.toml").read_text(encoding="utf-8")))
    made = {str(page.relative_to(pages)) for page in pages.rglob("*.md")}
    assert named == {name for name in made if not re.fullmatch(r"checks/[A-Z].*", name)}


def test_codes_become_links_outside_of_code_and_of_links() -> None:
    codes = frozenset({"PIP001", "ENV002"})
    text = "PIP001 and `ENV002`, [see ENV002](x.md), XYZ999; [all](../checks.md#x)\n```\nPIP001\n```\n"
    assert SITE.linked(text, codes, "../checks/") == (
        "[PIP001](../checks/PIP001.md) and `ENV002`, [see ENV002](x.md), XYZ999; [all](../checks/index.md#x)\n"
        "```\nPIP001\n```\n"
    )


def test_guides_in_chinese_are_those_in_english_with_the_same_codes_and_commands() -> None:
    english = sorted(page.name for page in (DOCS / "guide").glob("*.md"))
    assert english == sorted(page.name for page in (DOCS / "zh").glob("*.md"))
    for name in english:
        one, other = ((DOCS / folder / name).read_text(encoding="utf-8") for folder in ("guide", "zh"))
        assert set(SITE.CODE.findall(one)) == set(SITE.CODE.findall(other)), name
        assert commands(one) == commands(other), name


def commands(page: str) -> list[str]:
    """The lines of the fenced blocks without their comments."""
    fenced = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return [line.partition("  #")[0].rstrip() for block in fenced for line in block.splitlines()]


def test_guides_name_only_checks_that_there_are() -> None:
    known = {check.code for check in CHECKS}
    named = {code for page in (DOCS / "guide").glob("*.md") for code in SITE.CODE.findall(page.read_text("utf-8"))}
    assert named <= known
    assert len(named) > 40


@pytest.mark.parametrize(
    ("link", "works"),
    [("other/", True), ("other/index.html#here", True), ("other/#nowhere", False), ("gone/", False), ("#top", True)],
)
def test_links_that_lead_nowhere_are_found(tmp_path: Path, link: str, works: bool) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text('<h2 id="here">x</h2>')
    (tmp_path / "index.html").write_text(f'<p id="top"><a href="{link}">x</a><a href="https://example.com/">y</a></p>')
    assert list(SITE.broken_links(tmp_path)) == ([] if works else [f"index.html: {link} leads nowhere"])
