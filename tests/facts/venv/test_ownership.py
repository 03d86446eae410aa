from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.venv import layout
from envdoctor.facts.venv.ownership import Ownership, look_at_owners
from tests.facts.environments.condition_world import make


def test_owners(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    user = os.geteuid()
    assert look_at_owners(layout.examine(str(root))) == Ownership(user, user, user)
    assert look_at_owners(layout.examine("/nonexistent/env")) == Ownership(user=user)
    if user == 0:
        os.chown(root / "bin" / "activate", 12345, 12345)
        found = look_at_owners(layout.examine(str(root)))
        assert (found.others, found.example, found.other) == (1, f"{root}/bin/activate", 12345)
