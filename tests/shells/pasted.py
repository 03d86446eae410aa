"""Steps for shells whose variables are data, and what they lead to."""

from __future__ import annotations

from collections.abc import Mapping

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from tests.shells.evaluating import PATH
from tests.shells.words import HOSTILE

WORDS = HOSTILE
LINES: tuple[AnyAction, ...] = (
    SetVariable("VIRTUAL_ENV_PROMPT", "(gone)"),
    SetVariable("VIRTUAL_ENV", "/gone"),
    Deactivate(),
    CopyVariable("X", "Y"),
    SetFromOutput("O", ("printf", "%s\n", "a 'b'")),
    UnsetVariable("OLD"),
    UnsetVariable("NEVER"),
    RemoveFromPath("/b", "LD_LIBRARY_PATH", semicolons=True),
    PrependPath("/n w", "LD_LIBRARY_PATH"),
    PrependPath("/gone"),
    RemoveFromPath("/gone"),
    Activate("/an env"),
    Run("test", "$HOME *", "=", "$HOME *"),
    Run("sh", "-c", 'test "$PWD $Q" = "/usr 1 2"', variables=(("Q", "1 2"),), directory="/usr"),
)


def expected(variables: Mapping[str, str]) -> dict[str, str]:
    """These variables, with what the steps have to make of them."""
    made = {
        "X": "y v",
        "O": "a 'b'",
        "LD_LIBRARY_PATH": "/n w:/a:/c",
        "VIRTUAL_ENV": "/an env",
        "PATH": f"/an env/bin:{PATH}",
    }
    return {**{name: value for name, value in variables.items() if name != "VIRTUAL_ENV_PROMPT"}, **made}
