from __future__ import annotations

import pytest

from envdoctor.text.workflow_commands import without_commands


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", ":·:error::x"),
        ("  \t::set-output name=a::b\n::add-mask::c", "  \t:·:set-output name=a::b\n:·:add-mask::c"),
        ("a ##[error]b", "a #·#[error]b"),
        ("a ##vso[task.setvariable variable=x]y", "a #·#vso[task.setvariable variable=x]y"),
        ("####[group]", "###·#[group]"),
    ],
)
def test_no_line_is_a_command(text: str, shown: str) -> None:
    assert without_commands(text) == shown


@pytest.mark.parametrize("text", ["std::vector", "## Heading", "a:b", "http://[::1]/", "# comment [x]"])
def test_other_text_stays(text: str) -> None:
    assert without_commands(text) == text
