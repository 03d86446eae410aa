"""A receipt says what to ask of `uv tool install` again."""

from __future__ import annotations

import pytest

from envdoctor.facts.uv.tool_receipts import requested
from envdoctor.system.toml import parse_toml


@pytest.mark.parametrize(
    ("entries", "arguments"),
    [
        ('{ name = "ruff" }', ("ruff",)),
        ('{ name = "ruff", specifier = ">=0.5,<1" }', ("ruff>=0.5,<1",)),
        ('{ name = "jupyter", extras = ["all", "x"], specifier = "==1" }', ("jupyter[all,x]==1",)),
        ('{ name = "a", url = "https://m.example/a.whl" }', ("a @ https://m.example/a.whl",)),
        ('{ name = "a", git = "https://m.example/a?rev=v1" }', ("a @ git+https://m.example/a?rev=v1",)),
        ('{ name = "a", directory = "/src/a" }, { name = "b" }', ("/src/a", "--with", "b")),
        ('{ name = "a", editable = "/src/a" }', ("--editable", "/src/a")),
        ('{ name = "a" }, { name = "b", editable = "/src/b" }', ("a", "--with-editable", "/src/b")),
        ('{ name = "a", path = "/w/a.whl" }', ("/w/a.whl",)),
        ('{ specifier = ">1" }, "b", { name = "a" }', ("a",)),
    ],
)
def test_the_arguments_are_the_tool_and_what_was_asked_for_beside_it(entries: str, arguments: tuple[str, ...]) -> None:
    assert requested(parse_toml("r", f"[tool]\nrequirements = [{entries}]\n")) == arguments


@pytest.mark.parametrize("text", ["", "tool = 3", "[tool]\nrequirements = 1", "[tool]\nrequirements = []"])
def test_a_receipt_of_an_odd_shape_asks_for_nothing(text: str) -> None:
    assert requested(parse_toml("r", text)) == ()
