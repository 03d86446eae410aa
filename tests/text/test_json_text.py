from __future__ import annotations

import json

import pytest

from envdoctor.text.json_text import json_text


@pytest.mark.parametrize("value", ["##[error]x", {"a ##vso[x]": "\udcff"}, ["::error::", "## Heading"]])
def test_a_document_holds_no_command_and_means_the_same(value: object) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert "##[" not in text
    assert "##vso" not in text
    assert not any(line.strip().startswith("::") for line in text.splitlines())
    assert text.endswith("\n")
