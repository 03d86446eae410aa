from __future__ import annotations

from pathlib import Path
from typing import Any

from envdoctor.facts.packages.backports import Backport, probe_backports
from envdoctor.facts.packages.targets import PackageTargets
from tests.facts.packages.packages_world import add, target
from tests.support import make_session


def found(*directories: Path, **more: Any) -> tuple[Backport, ...]:
    [seen] = probe_backports(make_session(), PackageTargets((target(*directories, **more),))).environments
    return seen.backports


def put(directory: Path, name: str, module: str) -> str:
    info = add(directory, f"{name}-1.1")
    (directory / module).touch()
    return str(info)


def test_where_it_lies_decides(tmp_path: Path) -> None:
    front, site = tmp_path / "front", tmp_path / "site"
    enum = put(front, "enum34", "enum")
    typing = put(site, "typing", "typing.py")
    put(site, "dataclasses", "dataclasses.py")
    seen = found(front, site, before_library=(str(front),), version=(3, 6, 8))
    assert seen == (
        Backport("enum34", "1.1", enum, str(front), kills=True, installer="pip"),
        Backport("typing", "1.1", typing, None, kills=True, installer="pip"),
    )
    assert len(found(front, site)) == 3


def test_what_another_package_requires_here_is_left_alone(tmp_path: Path) -> None:
    front, site = tmp_path / "front", tmp_path / "site"
    front.mkdir()
    put(site, "dataclasses", "dataclasses.py")
    put(site, "futures", "concurrent")
    put(site, "contextvars", "contextvars.py")
    add(site, "old-1.0", "dataclasses", "futures; python_version<'3'", "contextvars; extra == 'x'")
    assert {each.name for each in found(site)} == {"futures", "contextvars"}
    put(front, "dataclasses", "dataclasses.py")
    assert "dataclasses" in {each.name for each in found(front, site, before_library=(str(front),))}


def test_python_2_needs_them_and_some_are_empty(tmp_path: Path) -> None:
    put(tmp_path, "enum34", "enum")
    assert found(tmp_path, version=(2, 7, 18)) == ()
    add(tmp_path / "empty", "typing-4.0")
    assert found(tmp_path / "empty") == ()
