from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run


@pytest.mark.tools
def test_it_shows_the_indexes_without_secrets(tmp_path: Path) -> None:
    index = "https://me:Sesame-123@mirror.example/simple"
    shown = run("which", "--indexes", home=tmp_path, PIP_INDEX_URL=index)
    assert shown.returncode == 0
    assert "https://<user-1>:<password-1.10-chars>@mirror.example/simple  set by PIP_INDEX_URL" in shown.stdout
    document = json.loads(run("which", "--indexes", "--format", "json", home=tmp_path, PIP_INDEX_URL=index).stdout)
    assert document["settings"][0]["set_by"] == "PIP_INDEX_URL"
    assert "Sesame" not in json.dumps(document)
