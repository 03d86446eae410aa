from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run


@pytest.mark.tools
def test_it_describes_what_a_report_holds(tmp_path: Path) -> None:
    schema = json.loads(run("schema", home=tmp_path).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    document = json.loads(run("--format", "json", home=tmp_path).stdout)
    assert set(document["facts"]) <= set(schema["$defs"]["Document"]["properties"]["facts"]["properties"])
