"""Build the site: the pages of this folder, and one page a check, made from the check itself.

    python docs/site.py OUTPUT

needs `pip install -e ".[docs]"`. Ends with an error if a link leads nowhere or a check has no page.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from envdoctor.engine.check import Check
from envdoctor.engine.registry import Registry
from envdoctor.render.manual import family_meaning

DOCS = Path(__file__).parent
CLINIC = DOCS.parent / "tests" / "clinic"
CODE = re.compile(r"\b[A-Z]{2,3}[0-9]{3}\b")
OUTSIDE_OF_CODE = re.compile(r"(```.*?```|`[^`\n]*`|\[[^\]]*\]\([^)]*\))", re.DOTALL)


def main(output: Path) -> None:
    """Build into a directory that does not exist yet, or is a site built before."""
    checks = Registry.load(third_party=False).checks
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_pages(root / "docs", checks)
        shutil.copy(DOCS / "zensical.toml", root)
        tool = Path(sys.executable).parent / "zensical"
        subprocess.run([tool, "build", "--strict", "--clean"], cwd=root, check=True)
        if wrong := [*broken_links(root / "site")]:
            sys.exit("\n".join(wrong))
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(root / "site", output)


def write_pages(target: Path, checks: tuple[Check[Any], ...]) -> None:
    """The sources of the site: the pages of this folder, the README as its first, and the pages of the checks."""
    codes = frozenset(check.code for check in checks)
    for page in sorted(DOCS.rglob("*.md")):
        place = target / page.relative_to(DOCS)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.name != "checks.md":
            up = "../" * (len(place.relative_to(target).parts) - 1)
            place.write_text(linked(page.read_text(encoding="utf-8"), codes, f"{up}checks/"), encoding="utf-8")
    for name, shown in (("README.md", "index.md"), ("CONTRIBUTING.md", "CONTRIBUTING.md")):
        text = (DOCS.parent / name).read_text(encoding="utf-8").replace("](docs/", "](")
        (target / shown).write_text(linked(text, codes, "checks/"), encoding="utf-8")
    (target / "checks").mkdir()
    (target / "checks" / "index.md").write_text("\n".join(overview(checks)), encoding="utf-8")
    proofs = proofs_by_code()
    for check in checks:
        page_of = "\n".join(page_lines(check, proofs.get(check.code, [])))
        (target / "checks" / f"{check.code}.md").write_text(linked(page_of, codes - {check.code}, ""), encoding="utf-8")


def linked(text: str, codes: frozenset[str], directory: str) -> str:
    """A page in which each code of a check leads to its page, outside of code and links, and `checks.md` to all."""

    def link(match: re.Match[str]) -> str:
        return f"[{match[0]}]({directory}{match[0]}.md)" if match[0] in codes else match[0]

    pieces = OUTSIDE_OF_CODE.split(text)
    pieces[::2] = [CODE.sub(link, piece) if not piece.startswith("#") else piece for piece in pieces[::2]]
    return (
        "".join(pieces)
        .replace("](checks.md", f"]({directory}index.md")
        .replace("](../checks.md", f"]({directory}index.md")
    )


def overview(checks: tuple[Check[Any], ...]) -> Iterator[str]:
    """The page that lists every check, a table a family."""
    yield "# Checks\n\nEvery check that envdoctor brings. Codes and names never change their meaning."
    family = ""
    for check in checks:
        if check.family != family:
            family = check.family
            yield f"\n## {family.upper()}: {family_meaning(check)}\n\n| check | | says |\n|---|---|---|"
        yield f"| [{check.code}]({check.code}.md) | {check.severity.value} | {check.title} |"


def page_lines(check: Check[Any], proofs: list[str]) -> Iterator[str]:
    """The page of one check: its manual, and the sick machines on which it is tried."""
    yield f"# {check.code} {check.slug}\n"
    yield f"*{check.severity.value}, since {check.since}*\n"
    yield check.manual
    if proofs:
        yield "\n## Where it is proven\n"
        yield "Each of these is a machine made sick or well with real tools. A sick one is examined, repaired by the"
        yield "printed commands in a real shell, and examined again.\n"
        yield from (f"- {proof}" for proof in sorted(proofs))


def proofs_by_code() -> dict[str, list[str]]:
    """What the tests of the clinic show of each check, in the words of their names."""
    proofs: dict[str, list[str]] = {}
    for file in sorted(CLINIC.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            for kind, code in _marks(node):
                name = getattr(node, "name", "").removeprefix("test_").replace("_", " ")
                proofs.setdefault(code, []).append(f"{kind}: {name}")
    return proofs


def _marks(node: ast.stmt) -> Iterator[tuple[str, str]]:
    for mark in getattr(node, "decorator_list", []):
        match mark:
            case ast.Call(func=ast.Attribute(attr="sick" | "healthy" as kind), args=args):
                yield from ((kind, str(code.value)) for code in args if isinstance(code, ast.Constant))
            case _:
                continue


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.anchors.add(named.get("id") or "")
        if tag == "a" and (target := named.get("href")):
            self.targets.append(target)


def broken_links(site: Path) -> Iterator[str]:
    """Links within the site that lead to no page, or to no place in one."""
    read = {page: _Links() for page in site.rglob("*.html")}
    for page, links in read.items():
        links.feed(page.read_text(encoding="utf-8"))
    for page, links in read.items():
        for target in links.targets:
            path, _, anchor = target.partition("#")
            if "://" in target or page.name == "404.html" or path.startswith(("mailto:", "/")):
                continue
            found = (page.parent / path).resolve() if path else page
            found = found / "index.html" if found.is_dir() else found
            if not found.exists() or (anchor and found in read and anchor not in read[found].anchors):
                yield f"{page.relative_to(site)}: {target} leads nowhere"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/site.py OUTPUT")
    main(Path(sys.argv[1]))
