from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.environments.condition import (
    Defect,
)
from envdoctor.facts.environments.scripts import survey
from envdoctor.facts.venv import layout
from tests.facts.environments.condition_world import condition, make, script


def test_what_is_in_bin_may_be_anything(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    os.mkfifo(root / "bin" / "fifo", 0o755)
    (root / "bin" / "loop").symlink_to("loop")
    (root / "bin" / "directory").mkdir()
    (root / "bin" / "binary").write_bytes(b"\x7fELF" + bytes(100))
    (root / "bin" / "binary").chmod(0o755)
    (root / "bin" / "not-executable").write_text("#!/gone/env/bin/python\n")
    script(root / "bin" / "undecodable", "#!/bin/sh").write_bytes(b"#!/\xff/bin/python\n")
    assert survey(layout.examine(str(root))).own == 0
    assert condition(root).defect is Defect.MOVED  # the path that is not UTF-8 does not exist


def test_ten_thousand_programs_are_bounded(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    for number in range(2_000):
        script(root / "bin" / f"f{number:04}", f"#!{root}/bin/python")
    assert survey(layout.examine(str(root))).own < 1_500
