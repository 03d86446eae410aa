from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.packages.overrides import UvOverrides, probe_uv_overrides
from envdoctor.facts.project.project import Project


def test_the_settings_of_both_files_count(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.uv]\noverride-dependencies = ['Foo_Bar>=2', 'b; os_name == \"nt\"']\n"
        "[[tool.uv.dependency-metadata]]\nname = 'Stated'\nrequires-dist = []\n"
    )
    (tmp_path / "uv.toml").write_text("override-dependencies = ['c==1']\n")
    assert probe_uv_overrides(Project(str(tmp_path))) == UvOverrides(("b", "c", "foo-bar"), ("stated",))


@pytest.mark.parametrize("text", ["", "[tool.uv]\noverride-dependencies = 3\ndependency-metadata = [4]\n", "["])
def test_without_such_settings_there_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(Unavailable):
        probe_uv_overrides(Project(str(tmp_path)))
