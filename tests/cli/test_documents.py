from __future__ import annotations

import msgspec
import pytest

from envdoctor.cli.choices import FORMATS, Choices
from envdoctor.cli.documents import base_of, document, shell_of
from envdoctor.facts.project.checkout import Checkout
from envdoctor.facts.session.context import Examined
from envdoctor.report.places import Base
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from tests.builders import make_examined
from tests.render.formats_world import hostile
from tests.samples import sample_report


def with_facts(*facts: Checkout | Examined) -> Report:
    report = sample_report()
    return msgspec.structs.replace(report, known={**report.known, **{type(fact): fact for fact in facts}})


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_every_finding_and_is_the_same_again(form: str) -> None:
    report = with_facts(make_examined())
    made = document(report, form, Choices())
    assert made == document(report, form, Choices())
    assert all(result.check.code in made for result, _ in report.findings)
    assert made.endswith("\n")


def test_places_are_told_relative_to_the_checkout_else_to_the_working_directory() -> None:
    checkout = Checkout("/w/link", "/w/real", "setup.cfg")
    assert base_of(with_facts(checkout, make_examined(cwd="/w/link/a"))) == Base(
        ("/w/link", "/w/real"), "/home/me", "setup.cfg"
    )
    assert base_of(with_facts(make_examined(cwd="/w"))) == Base(("/w",), "/home/me")
    assert base_of(sample_report()) == Base()


def test_fixes_are_in_the_words_of_the_calling_shell() -> None:
    assert shell_of(with_facts(make_examined(shell="fish"))) is Shell.FISH
    assert shell_of(sample_report()) is Shell.BASH


def test_a_log_of_ci_obeys_nothing_that_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    report = with_facts(make_examined(cwd="/a ##[error]b"))
    monkeypatch.setenv("CI", "true")
    for form in ("text", "markdown", "json", "html"):
        assert "##[error]" not in document(report, form, Choices(), terminal=True)
    monkeypatch.delenv("CI")
    monkeypatch.delenv("TF_BUILD", raising=False)
    assert "##[error]" in document(report, "text", Choices(), terminal=True)


@pytest.mark.parametrize("form", FORMATS)
def test_no_name_breaks_out_of_its_line_or_drives_a_terminal(form: str) -> None:
    made = document(hostile(), form, Choices(verbose=True))
    assert all(character.isprintable() or character in "\n\ufffe" for character in made)
    assert not [line for line in made.splitlines() if line.lstrip(" \"'>-#`").startswith("::stop-commands")]
