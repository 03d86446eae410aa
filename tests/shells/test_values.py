from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    CopyVariable,
    Deactivate,
    Manager,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.engine.fix import AnyAction
from envdoctor.shells.values import Values, after, is_data

BEFORE = {"PATH": "/a:/b", "LIST": "/a:/b;/c", "X": "1", "VIRTUAL_ENV": "/e"}


@pytest.mark.parametrize(
    ("actions", "values"),
    [
        ((SetVariable("Y", "2"),), Values((), {"Y": "2"})),
        ((SetVariable("X", "1"),), Values((), {})),
        ((CopyVariable("Y", "X"),), Values((), {"Y": "1"})),
        ((CopyVariable("Y", "Z"),), Values((), {"Y": ""})),
        ((UnsetVariable("X"),), Values(("X",), {})),
        ((UnsetVariable("X"), SetVariable("X", "2")), Values((), {"X": "2"})),
        ((PrependPath("/n"),), Values((), {"PATH": "/n:/a:/b"})),
        ((PrependPath("/n", "NEW"),), Values((), {"NEW": "/n"})),
        ((RemoveFromPath("/a"),), Values((), {"PATH": "/b"})),
        ((RemoveFromPath("/b", "LIST", semicolons=True),), Values((), {"LIST": "/a:/c"})),
        ((RemoveFromPath("/c", "LIST"),), Values((), {})),
        ((RemoveFromPath("/c", "NEW"),), Values((), {})),
        ((Activate("/v"),), Values((), {"VIRTUAL_ENV": "/v", "PATH": "/v/bin:/a:/b"})),
        ((Deactivate(),), Values(("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"), {})),
    ],
)
def test_what_the_variables_are_after_the_steps(actions: tuple[AnyAction, ...], values: Values) -> None:
    assert after(actions, BEFORE) == values


def test_what_is_not_a_matter_of_variables_alone_is_known() -> None:
    data: tuple[AnyAction, ...] = (
        SetVariable("X", "1"),
        UnsetVariable("X"),
        PrependPath("/n"),
        Activate("/v"),
        Deactivate(),
    )
    others: tuple[AnyAction, ...] = (
        Run("x"),
        SetFromOutput("X", ("x",)),
        Activate("ml", Manager.CONDA),
        Deactivate(Manager.CONDA),
    )
    assert all(map(is_data, data))
    assert not any(map(is_data, others))
