from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from envdoctor.cli.choices import Choices
from envdoctor.cli.judging import SHOWN, judge_and_write
from envdoctor.cli.output import UsageProblem
from envdoctor.engine.fact import Known, Missing, MissingKind
from envdoctor.engine.reference import Facts, FactType
from envdoctor.facts.conda.shell_state import CondaUnsetMarks
from envdoctor.facts.session.context import Examined
from tests.builders import make_examined

MARKS = CondaUnsetMarks(("PYTHONPATH",))


def establish(needed: Sequence[FactType]) -> Facts:
    """A session in which conda has left its mark; nothing else is known."""
    known: dict[FactType, Known] = {fact: Missing(MissingKind.UNAVAILABLE, "not here") for fact in needed}
    return Facts({**known, CondaUnsetMarks: MARKS, Examined: make_examined()})


@pytest.mark.parametrize(
    ("choices", "status"), [(Choices(), 0), (Choices(strict=True), 1), (Choices(fail_on="info"), 1)]
)
def test_what_fails_the_run_is_chosen(choices: Choices, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = Choices(select=("CND014",), form="json", fail_on=choices.fail_on, strict=choices.strict)
    assert judge_and_write(establish, chosen) == status
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == status
    assert any(result["findings"] for result in document["results"])


def test_what_every_report_tells_is_asked_for_whatever_is_selected() -> None:
    asked: set[str] = set()

    def note(needed: Sequence[FactType]) -> Facts:
        asked.update(fact.__name__ for fact in needed)
        return establish(needed)

    judge_and_write(note, Choices(select=("NET003",), quiet=True))
    assert asked >= {fact.__name__ for fact in SHOWN}


def test_a_selection_that_means_nothing_is_wrong_usage_before_anything_is_asked() -> None:
    def refuse(_needed: Sequence[FactType]) -> Facts:
        raise AssertionError("something was asked")

    with pytest.raises(UsageProblem, match="did you mean PIP001"):
        judge_and_write(refuse, Choices(select=("PIP0O1",)))
