from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.conda.former_python import FormerPython, Stranded, probe_former_python
from envdoctor.facts.python.active import ActivePython
from tests.builders import make_python
from tests.support import make_session


def installs(prefix: Path, minor: str, name: str, installer: str, origin: str = "") -> str:
    site = prefix / f"lib/python{minor}/site-packages"
    record = site / f"{name}-1.0.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    (record / "INSTALLER").write_text(f"{installer}\n")
    if origin:
        (record / "direct_url.json").write_text(origin)
    return str(site)


def has_python(prefix: Path, minor: str) -> None:
    (prefix / "bin").mkdir()
    (prefix / "bin" / f"python{minor}").touch()
    (prefix / "bin" / "python").symlink_to(f"python{minor}")
    installs(prefix, minor, "pip", "conda")


def found(prefix: Path) -> FormerPython:
    python = make_python(str(prefix), is_conda=True)
    return probe_former_python(make_session(), None, ActivePython("python", python))


def test_what_only_the_python_before_has(tmp_path: Path) -> None:
    has_python(tmp_path, "3.12")
    old = installs(tmp_path, "3.10", "six", "pip")
    installs(tmp_path, "3.10", "pip", "pip")
    installs(tmp_path, "3.10", "numpy", "conda")
    installs(tmp_path, "3.10", "proj", "uv", '{"url": "file:///src/proj", "dir_info": {"editable": true}}')
    installs(tmp_path, "3.10", "wheel", "pip", '{"url": "file:///w/wheel.whl", "archive_info": {}}')
    installs(tmp_path, "3.9", "older", "pip")
    assert found(tmp_path) == FormerPython(
        str(tmp_path),
        "3.12",
        "3.10",
        old,
        (
            Stranded("proj", "1.0", "uv", "/src/proj", editable=True),
            Stranded("six", "1.0", "pip"),
            Stranded("wheel", "1.0", "pip", "/w/wheel.whl"),
        ),
    )


def test_what_is_there_for_the_python_of_now_is_not_stranded(tmp_path: Path) -> None:
    has_python(tmp_path, "3.12")
    installs(tmp_path, "3.10", "six", "pip")
    installs(tmp_path, "3.12", "six", "conda")
    assert found(tmp_path).stranded == ()


def test_without_a_python_nothing_is_known(tmp_path: Path) -> None:
    old = installs(tmp_path, "3.10", "six", "pip")
    with pytest.raises(Unavailable, match="has no Python"):
        found(tmp_path)
    has_python(tmp_path, "3.12")
    shutil.rmtree(Path(old).parent)
    with pytest.raises(Unavailable, match="nothing for another"):
        found(tmp_path)
