from __future__ import annotations

import sys

import pytest

from envdoctor.fleet import extra


def test_a_library_that_is_not_there_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(extra.ExtraMissing, match=r"needs duckdb.*install `python-envdoctor\[fleet\]`"):
        extra.module("duckdb")
    assert extra.module("json").dumps([1]) == "[1]"
