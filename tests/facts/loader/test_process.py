from __future__ import annotations

import pytest

from envdoctor.facts.loader.process import Files
from tests.facts.loader.glibc_world import Lab

pytestmark = pytest.mark.tools


def test_files_are_looked_at_once(lab: Lab) -> None:
    files = Files()
    low = lab.put("a")
    assert files.look(str(low)) is files.look(str(low))
    assert files.look("/nope") is None
