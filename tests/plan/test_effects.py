from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    CopyVariable,
    Deactivate,
    EditFile,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.engine.fix import AnyAction
from envdoctor.plan.effects import effects_of


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (SetVariable("X", "1"), ["sets X 1"]),
        (SetVariable("VIRTUAL_ENV", ".venv"), ["sets VIRTUAL_ENV .venv", "activates /p/.venv venv"]),
        (CopyVariable("X", "Y"), ["reads Y None", "sets X $Y"]),
        (SetFromOutput("X", ("get", "it")), ["sets X get it"]),
        (UnsetVariable("X"), ["unsets X None"]),
        (UnsetVariable("VIRTUAL_ENV"), ["unsets VIRTUAL_ENV None", "leaves the active environment venv"]),
        (PrependPath("/d"), ["puts first PATH /d"]),
        (RemoveFromPath("/d/bin"), ["takes off PATH /d/bin", "leaves /d None"]),
        (RemoveFromPath("/d/bin", "X"), ["takes off X /d/bin"]),
        (Activate(".venv"), ["activates /p/.venv venv"]),
        (Activate("ml", Manager.CONDA), ["activates ml conda"]),
        (Deactivate(Manager.CONDA), ["leaves the active environment conda"]),
        (EditFile("/f", ("a",), ("b",)), ["takes out /f a", "adds /f b"]),
        (Run("python3", "-m", "venv", "x"), ["creates /p/x None"]),
        (Manual("Read"), []),
    ],
)
def test_each_kind_of_step_changes_something(action: AnyAction, told: list[str]) -> None:
    effects = effects_of((action,), "/p")
    assert [f"{effect.verb.value} {effect.thing} {effect.value}" for effect in effects] == told


@pytest.mark.parametrize(
    ("actions", "left"),
    [
        ((RemoveFromPath("/d/bin"), PrependPath("/d/bin")), ["puts first PATH"]),
        ((UnsetVariable("X"), SetVariable("X", "1")), ["sets X"]),
        ((EditFile("/f", ("a",)), EditFile("/f", (), ("a",))), ["adds /f"]),
        ((SetVariable("X", "1"), SetVariable("X", "1")), ["sets X"]),
        ((Run("rm", "-r", "/e"), Run("uv", "venv", "/e")), ["deletes /e", "creates /e"]),
        ((Run("uv", "venv", "/e"), Run("rm", "-r", "/e")), ["deletes /e"]),
    ],
)
def test_what_a_later_step_takes_back_does_not_count(actions: tuple[AnyAction, ...], left: list[str]) -> None:
    assert [f"{effect.verb.value} {effect.thing}" for effect in effects_of(actions, "/p")] == left
