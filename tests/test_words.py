"""What a user reads is said in plain words, and a fix says what it changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "doctor").rglob("*.py")]
CHECKS = sorted((ROOT / "checks").rglob("*.py"))
BANNED = (
    r"ailments?|anew|whereof|astray|be it|by way of|keepers?|guilty|for ever|of its like|leave it|hardly any"
    r"|takes? no notice|there and then|mend(?:s|ed|ing)?|mere information|workshops?"
)
# Old spellings that recordings of version 0.1 hold.
RECORDED = "recording.py"
NO_VERBS = {"A", "An", "First", "If", "It", "Nothing", "That", "The", "These", "They", "This", "To"}
BARE = r"^\S+ (?:it|them)\b"


def summaries(source: str) -> Iterator[str]:
    """The texts that a module gives to `Fix` as summaries; what is computed in one is an ellipsis."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            named = [keyword.value for keyword in node.keywords if keyword.arg == "summary"]
            for value in (*node.args[: node.func.id == "Fix"], *named):
                yield from _texts(value)
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "summary" for t in node.targets):
            yield from _texts(node.value)


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)
        case _:
            pass  # computed elsewhere


def fault(summary: str) -> str | None:
    """What is wrong with the form of a summary: it is an imperative with a noun."""
    first = re.split(r"[ ,]", summary, maxsplit=1)[0]
    if first != "…" and not re.fullmatch(r"[A-Z][a-z]+", first):
        return "does not begin with a verb"
    if first in NO_VERBS:
        return f"begins with {first}"
    if summary.endswith("."):
        return "ends with a full stop"
    if re.search(BARE, summary):
        return "names its object by a pronoun"
    return None


@pytest.mark.parametrize(
    ("summary", "wrong"),
    [
        ("Unset LD_LIBRARY_PATH", False),
        ("Reinstall pip to regenerate its launcher", False),
        ("Unset it", True),
        ("Unset it, or set another", True),
        ("Restart them", True),
        ("unset PYTHONHOME", True),
        ("This removes pip", True),
        ("Reinstall pip.", True),
    ],
)
def test_the_form_of_a_summary_is_judged(summary: str, wrong: bool) -> None:
    assert (fault(summary) is not None) is wrong


def test_every_summary_is_an_imperative_with_its_noun() -> None:
    found = [(file.name, text) for file in CHECKS for text in summaries(file.read_text(encoding="utf-8"))]
    assert len(found) > 150
    assert [(name, text, fault(text)) for name, text in found if fault(text)] == []


def test_nothing_is_said_in_words_of_another_century() -> None:
    said = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in (*PAGES, *CHECKS)
        if file.name != RECORDED
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(rf"\b(?:{BANNED})\b", line, re.IGNORECASE)
    ]
    assert said == []
