from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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


TEXTS = st.text(st.characters(), max_size=5)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=10,
    )
)
def test_it_looks_as_the_standard_library_writes_it(value: object) -> None:
    written = json.dumps(value, indent=1)
    assume("##" not in written)
    assert json_text(value) == f"{written}\n"
