from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.conda.installations import CondaRoot, CondaRoots, RootKind
from envdoctor.facts.conda.version import CondaVersion, probe_conda_version


def root(path: Path, *records: str) -> CondaRoot:
    (path / "conda-meta").mkdir(parents=True)
    for name in records:
        (path / "conda-meta" / name).touch()
    return CondaRoot(str(path), str(path), next(iter(RootKind)))


def test_the_record_of_the_active_conda_tells(tmp_path: Path) -> None:
    first = root(tmp_path / "a", "conda-23.1.0-py311_0.json")
    second = root(tmp_path / "b", "conda-libmamba-solver-24.1.0-pyhd8ed1ab_0.json", "conda-24.9.2-py312h06a4308_0.json")
    roots = CondaRoots((first, second), second.path)
    assert probe_conda_version(roots) == CondaVersion("24.9.2", second.path)
    assert probe_conda_version(CondaRoots((first, second))) == CondaVersion("23.1.0", first.path)


def test_a_root_without_conda_has_no_version(tmp_path: Path) -> None:
    roots = CondaRoots((root(tmp_path / "a", "python-3.11.0-h1.json"), CondaRoot("/no", "/no", next(iter(RootKind)))))
    with pytest.raises(Unavailable):
        probe_conda_version(roots)
