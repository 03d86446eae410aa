from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.environments.virtualenvwrapper import WrapperPython, probe_wrapper_python
from tests.builders import make_search_path
from tests.support import make_session


def make_python(prefix: Path, *packages: str, venv: str | None = None) -> str:
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python3").touch()
    for name in ("", *packages):
        (prefix / "lib/python3.11/site-packages" / name).mkdir(parents=True, exist_ok=True)
    if venv:
        (prefix / "pyvenv.cfg").write_text(f"home = /usr/bin\ninclude-system-site-packages = {venv}\n")
    return f"{prefix}/bin/python3"


def seen(path: str, *directories: str, home: Path | None = None) -> WrapperPython:
    env = {"VIRTUALENVWRAPPER_PYTHON": path, **({"HOME": str(home)} if home else {})}
    return probe_wrapper_python(make_session(env), make_search_path(*directories))


def test_the_packages_tell(tmp_path: Path) -> None:
    has = make_python(tmp_path / "has", "virtualenvwrapper")
    lacks = make_python(tmp_path / "lacks", "virtualenv")
    assert seen(has) == WrapperPython(has, exists=True, has_wrapper=True)
    assert seen(lacks, f"{tmp_path}/lacks/bin", f"{tmp_path}/has/bin") == WrapperPython(lacks, True, False, other=has)
    assert seen(f"{tmp_path}/gone") == WrapperPython(f"{tmp_path}/gone", exists=False)
    (tmp_path / "home/.local/lib/python3.11/site-packages/virtualenvwrapper").mkdir(parents=True)
    assert seen(lacks, home=tmp_path / "home").has_wrapper is True


def test_an_environment_sees_its_own_packages_alone(tmp_path: Path) -> None:
    (tmp_path / "home/.local/lib/python3.11/site-packages/virtualenvwrapper").mkdir(parents=True)
    alone = make_python(tmp_path / "alone", venv="false")
    assert seen(alone, home=tmp_path / "home") == WrapperPython(alone, True, False, is_venv=True)
    open_to_all = make_python(tmp_path / "open", venv="true")
    assert seen(open_to_all, home=tmp_path / "home").has_wrapper is True


def test_a_shim_and_a_name_say_nothing(tmp_path: Path) -> None:
    shim = tmp_path / "shims" / "python3"
    shim.parent.mkdir()
    shim.touch()
    assert seen(str(shim)).has_wrapper is None
    with pytest.raises(Unavailable):
        seen("python3")
