from __future__ import annotations

import pytest

from envdoctor.facts.uv.variables import problem


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("UV_OFFLINE", "", ("is empty, where uv wants yes or no", "every uv command")),
        ("UV_OFFLINE", "maybe", ("is neither yes nor no", "every uv command")),
        ("UV_SYSTEM_PYTHON", "", ("is empty, where uv wants yes or no", "`uv pip`, `uv venv` and `uv python find`")),
        ("UV_HTTP_TIMEOUT", "30s", ("is not a whole number", "every uv command")),
        ("UV_CACHE_DIR", "", ("is empty", "every uv command")),
        (
            "UV_LINK_MODE",
            "hard",
            ("is none of clone, reflink, copy, hardlink, symlink", "every uv command that installs"),
        ),
        ("UV_OFFLINE", "Off", None),
        ("UV_HTTP_TIMEOUT", "", None),
        ("UV_HTTP_TIMEOUT", "+30", None),
        ("UV_LINK_MODE", "copy", None),
        ("UV_PYTHON", "", None),
        ("UV_TORCH_BACKEND", "cu999", None),
    ],
)
def test_values_that_uv_refuses(name: str, value: str, said: tuple[str, str] | None) -> None:
    assert problem(name, value) == said
