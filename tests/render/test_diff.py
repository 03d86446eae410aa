from __future__ import annotations

from typing import Any

import msgspec
from markdown_it import MarkdownIt

from envdoctor.engine.judge import facts_for
from envdoctor.engine.registry import Registry
from envdoctor.render.diff import Difference, Judged, Unjudged, document, grouped, layout, markdown, words
from envdoctor.render.lines import plain
from envdoctor.report.differences import Change, Comparison, Side

A, B = Side("a.json", "2026-01-01", "0.1", {}, {}), Side("now", "2026-02-02", "0.2", {}, {})
MODULES = {
    "ActivePython": "envdoctor.facts.python.active",
    "Examined": "envdoctor.facts.session.context",
    "Own": "plug.x",
}


def made(*changes: Change, noise: int = 0, unrecorded: Any = ((), ()), **more: Any) -> Difference:
    facts = Comparison(changes, unrecorded, noise)
    return Difference(A, B, more.get("gone", ()), more.get("new", ()), facts, more.get("unjudged", ()), MODULES)


FULL = made(
    Change("ActivePython", ("interpreter", "version"), "3.11.7", "3.12.1"),
    Change("Examined", ("search_path",), removed=("/a", "/b"), added=("/c",)),
    Change("Own", ("colour",), "red", "green"),
    Change("Gone", ("x",), "1", "2"),
    noise=2,
    unrecorded=(("CondaRoots",), ()),
    gone=(Judged("PIP001", "pip-installs-elsewhere", "error", "pip installs elsewhere"),),
    new=(Judged("ENV002", "base-gone", "warning", "the base is gone"),),
    unjudged=(Unjudged(Judged("UV001", "x", "info", "uv is old"), "now", "the recording holds no Uv"),),
)


def test_the_text_tells_findings_then_facts_by_subject() -> None:
    assert plain(layout(FULL)) == (
        "- a.json, recorded at 2026-01-01 by envdoctor 0.1\n"
        "+ now, recorded at 2026-02-02 by envdoctor 0.2\n"
        "\n"
        "Findings that are gone\n"
        "  - PIP001 error: pip installs elsewhere\n"
        "\n"
        "Findings that are new\n"
        "  + ENV002 warning: the base is gone\n"
        "\n"
        "Findings that only one of them could be examined for\n"
        "  ? UV001 uv is old (now could not be judged: the recording holds no Uv)\n"
        "\n"
        "The session\n"
        "  the session, search path\n"
        "    - /a\n"
        "    - /b\n"
        "    + /c\n"
        "\n"
        "Python\n"
        "  the active Python, interpreter, version: 3.11.7 → 3.12.1\n"
        "\n"
        "Other facts\n"
        "  gone, x: 1 → 2\n"
        "\n"
        "Plugin plug\n"
        "  own, colour: red → green\n"
        "\n"
        "Not recorded in a.json: conda roots\n"
        "Left out: 2 differences of times, free space, process numbers, positions and temporary names\n"
        "Each home directory is shown as ~\n"
    )


def test_nothing_that_differs_is_said_so() -> None:
    assert "✓ they say the same\n" in plain(layout(made()))
    assert markdown(made()).startswith("## envdoctor: they say the same\n")
    assert not made().differs
    assert FULL.differs


def test_what_several_facts_repeat_is_told_once() -> None:
    repeated = made(
        Change("ActivePython", ("a", "prefix"), "/old", "/new"),
        Change("ActivePython", ("b", "root"), "/old", "/new"),
        Change("ActivePython", ("a", "is_venv"), "yes", "no"),
        Change("ActivePython", ("b", "has_pip"), "yes", "no"),
    )
    [(subject, kept)] = grouped(repeated)
    assert (subject, [change.place for change in kept]) == (
        "Python",
        [("a", "prefix"), ("a", "is_venv"), ("b", "has_pip")],
    )
    assert len(document(repeated)["facts"]) == 4


def test_long_lists_are_cut_and_say_so() -> None:
    many = tuple(f"/{number}" for number in range(20))
    text = plain(layout(made(Change("Examined", ("search_path",), removed=many))))
    assert text.count("    - /") == 8
    assert "    - and 12 more\n" in text
    changes = [Change("Examined", (f"f{number}",), "1", "2") for number in range(20)]
    assert "  and 8 more, all of them in JSON\n" in plain(layout(made(*changes)))
    assert "| and 8 more | | |" in markdown(made(*changes))


def test_foreign_words_are_inert_in_markdown() -> None:
    hostile = "@ada <script>alert(1)</script> | `x` #12 [a](javascript:x)"
    text = markdown(
        made(
            Change("ActivePython", (hostile,), hostile, "b"),
            Change("Examined", (), removed=(hostile,)),
            new=(Judged("X001", "x", "error", hostile),),
        )
    )
    html = MarkdownIt().enable("table").render(text)
    assert "<script>" not in html
    assert "<a " not in html
    assert html.count("<td>") == 9 - 3  # two rows of three cells: no pipe has made another


def test_names_cannot_drive_a_terminal() -> None:
    text = plain(layout(made(Change("Examined", ("\x1b[2J",), "\x07", "b"), Change("Own", (), added=("\u202e",)))))
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_every_fact_that_a_check_judges_has_a_subject() -> None:
    facts = facts_for(Registry.load(third_party=False).checks)
    everything = msgspec.structs.replace(FULL, modules={fact.__name__: fact.__module__ for fact in facts})
    without = {fact.__module__ for fact in facts if everything.subject(fact.__name__) == "Other facts"}
    assert {module.rpartition(".")[0] for module in without} <= {"envdoctor.engine"}


def test_names_of_the_source_become_words() -> None:
    assert words("ActivePython") == "the active Python"
    assert words("CondaRoots") == "conda roots"
    assert words("has_pip") == "has pip"
    assert words("/usr/lib_x") == "/usr/lib_x"


def test_the_document_holds_everything() -> None:
    data = document(FULL)
    assert data["a"] == {"label": "a.json", "created": "2026-01-01", "version": "0.1"}
    assert (data["schema"], data["different"], data["left_out"]) == (1, True, 2)
    assert [each["code"] for each in data["findings"]["gone"]] == ["PIP001"]
    assert data["findings"]["unjudged"][0]["finding"]["code"] == "UV001"
    assert data["facts"][0] == {
        "subject": "Python",
        "fact": "ActivePython",
        "place": ("interpreter", "version"),
        "before": "3.11.7",
        "after": "3.12.1",
        "removed": (),
        "added": (),
    }
    assert data["not_recorded"] == {"a": ["CondaRoots"], "b": []}
