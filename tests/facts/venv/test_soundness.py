"""Whether an environment's Python can start and sees its packages, told from links and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from envdoctor.facts.venv.layout import LinkState
from envdoctor.facts.venv.soundness import drift, libraries, lost_base, program_minor
from tests.builders import make_config, make_venv


def test_a_link_to_nothing_has_lost_its_base() -> None:
    assert lost_base(make_venv("/v", python_state=LinkState.DANGLING, base="/gone/python3.11")) == "/gone/python3.11"
    assert lost_base(make_venv("/v", python_state=LinkState.DANGLING, base=None)) == "/v/bin/python"


def test_a_copy_starts_as_long_as_its_home_is_there(tmp_path: Path) -> None:
    here, gone = (make_config("/v", home=str(tmp_path / name)) for name in (".", "gone"))
    assert lost_base(make_venv("/v", python_state=LinkState.REGULAR, settings=here)) is None
    copied = make_venv("/v", python_state=LinkState.REGULAR, settings=gone, base=None)
    assert lost_base(copied) == str(tmp_path / "gone")
    linked = make_venv("/v", python_state=LinkState.SYMLINK, settings=gone)
    assert lost_base(linked) is None  # a link starts whatever `home` says


@pytest.mark.parametrize(
    ("name", "minor"),
    [
        ("python3.11", "3.11"),
        ("python3.13t", "3.13"),
        ("pypy3.10", "3.10"),
        ("python3.8m", "3.8"),
        ("python3", None),
        ("python", None),
        ("python3.11-config", None),
    ],
)
def test_the_name_of_a_program_tells_its_minor_version(name: str, minor: str | None, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    if name != "python":
        (tmp_path / "python").symlink_to(name)
    assert program_minor(str(tmp_path / "python")) == minor


def made_for(tmp_path: Path, *minors: str, **fields: Any) -> tuple[str, str] | None:
    program = tmp_path / "python3.12"
    program.touch()
    packages = tuple(f"/v/lib/python{minor}/site-packages" for minor in minors)
    return drift(make_venv("/v", **{"python": str(program), "site_packages": packages, **fields}))


def test_packages_for_another_version_than_the_link_leads_to_have_drifted(tmp_path: Path) -> None:
    assert made_for(tmp_path, "3.11") == ("3.11", "3.12")
    assert made_for(tmp_path, "3.12") is None
    assert made_for(tmp_path, "3.11", "3.12") is None
    assert made_for(tmp_path) is None
    assert made_for(tmp_path, "3.11", python_state=LinkState.REGULAR) is None
    assert made_for(tmp_path, "3.11", python=str(tmp_path / "python")) is None


def test_the_libraries_of_an_environment_are_named_once_and_in_order() -> None:
    packages = (
        "/v/lib/python3.13t/site-packages",
        "/v/lib64/python3.11/site-packages",
        "/v/lib/python3.11/site-packages",
    )
    assert libraries(make_venv("/v", site_packages=(*packages, "/v/Lib/site-packages"))) == ("3.11", "3.13")
