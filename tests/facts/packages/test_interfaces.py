from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.packages import interfaces
from envdoctor.facts.packages.interfaces import EnvironmentInterfaces, OlderInterface, probe_interfaces
from envdoctor.facts.packages.targets import PackageTargets
from tests.facts.packages.packages_world import add, target
from tests.support import make_session

OLD, NEW = b"..numpy.core._multiarray_umath\0..", b"numpy.core._multiarray_umath\0numpy._core._multiarray_umath\0"
PYBIND = b"numpy.core.multiarray\0"


def package(site: Path, name: str, *requires: str, **modules: bytes) -> None:
    rows = "".join(f"{name}/{module}.so,sha256=x,{len(text)}\n" for module, text in modules.items())
    add(site, f"{name}-1.0", *requires, RECORD=rows)
    (site / name).mkdir()
    for module, text in modules.items():
        (site / name / f"{module}.so").write_bytes(text)


def seen(site: Path, *, deep: bool = False, told: list[tuple[str, int, int]] | None = None) -> EnvironmentInterfaces:
    session = make_session(deep=deep)
    if told is not None:
        session.progress = lambda *said: told.append(said)
    [found] = probe_interfaces(session, PackageTargets((target(site),))).environments
    return found


def test_modules_for_numpy_1_beside_numpy_2(tmp_path: Path) -> None:
    add(tmp_path, "numpy-2.2.6")
    package(tmp_path, "old", "numpy>=1.20", a=b"", b=b"....", c=OLD)
    package(tmp_path, "new", "numpy>=1.20,<3", a=NEW)
    package(tmp_path, "pybind", "numpy", a=PYBIND)
    package(tmp_path, "stranger", a=OLD)
    package(tmp_path, "optional", "numpy; extra == 'x'", a=NEW)
    found = seen(tmp_path)
    holds = "numpy.core._multiarray_umath"
    assert found.older == (OlderInterface("old", "1.0", f"{tmp_path}/old/c.so", holds),)
    assert (found.provider_version, found.limit, found.may_be_older) == ("2.2.6", ">=2", True)


def test_what_requires_the_newer_one_leaves_no_way_back(tmp_path: Path) -> None:
    add(tmp_path, "numpy-2.2.6")
    package(tmp_path, "old", "numpy>=1.20", a=OLD)
    add(tmp_path, "new-1.0", "numpy>=2.1")
    assert not seen(tmp_path).may_be_older


def test_numpy_1_has_the_older_interface_itself(tmp_path: Path) -> None:
    add(tmp_path, "numpy-1.26.4")
    package(tmp_path, "old", "numpy>=1.20", a=OLD)
    with pytest.raises(Unavailable):
        seen(tmp_path)


def test_how_much_is_read_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interfaces, "MOST_BYTES", 50)
    add(tmp_path, "numpy-2.2.6")
    package(tmp_path, "large", "numpy", a=b"." * 60, b=OLD + b"." * 60)
    assert seen(tmp_path).older == ()
    assert len(seen(tmp_path, deep=True).older) == 1


def test_in_depth_it_is_told_meanwhile(tmp_path: Path) -> None:
    add(tmp_path, "numpy-2.2.6")
    package(tmp_path, "old", "numpy>=1.20", c=OLD)
    told: list[tuple[str, int, int]] = []
    seen(tmp_path, told=told)
    assert told == []
    seen(tmp_path, deep=True, told=told)
    assert told == [("binary interfaces", 0, 1)]
