from __future__ import annotations

import pytest

from envdoctor.facts.session.chosen_names import ChosenName


@pytest.mark.parametrize(
    ("planned", "chosen", "numbered"),
    [
        ("/a.old", "/a.old.2", True),
        ("/a.old", "/a.old.999", True),
        ("/a.old", "/a.old", False),
        ("/a.old", "/b.2", False),
        ("/a.old", "/a.old.2; x", False),
        ("/a.old", "/a.old.\u00b2", False),
        ("mv", "mv.2", False),
    ],
)
def test_a_chosen_name_is_the_planned_one_with_a_number(planned: str, chosen: str, *, numbered: bool) -> None:
    assert ChosenName(planned, chosen).is_numbered is numbered
