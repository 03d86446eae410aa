from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
from envdoctor.facts.project.requires_python import probe_required_python
from envdoctor.facts.project.setup_files import python_requires
from envdoctor.system.unread import noting


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("setup.cfg", "[options]\npython_requires = >=3.9\n", (">=3.9", 2)),
        ("setup.cfg", "[metadata]\nname = x\n[options]\npython-requires: >=3.9, <4\n", (">=3.9, <4", 4)),
        ("setup.cfg", "[options]\npackages = find:\n", None),
        ("setup.cfg", "no section\n", None),
        ("setup.py", "from setuptools import setup\nsetup(\n name='x',\n python_requires='>=3.9')\n", (">=3.9", 4)),
        ("setup.py", "import setuptools as s\nWANTED = '>=3.9'\ns.setup(python_requires=WANTED)\n", (">=3.9", 2)),
        ("setup.py", "setup(python_requires='>=' + minimum())\n", None),
        ("setup.py", "other(python_requires='>=3.9')\n", None),
        ("setup.py", "print 'of Python 2'\n", None),
        ("setup.py", "print 'x'\n# python_requires='>=1'\nsetup(name='x',\n  python_requires='<3')\n", ("<3", 4)),
        ("setup.py", "x = '\\d'\nsetup(python_requires='>=3.9')\n", (">=3.9", 2)),
        ("setup.py", "(" * 5000, None),
    ],
)
def test_what_is_written_down(
    tmp_path: Path, name: str, text: str, expected: tuple[str, int] | None, recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / name).write_text(text)
    found = python_requires(str(tmp_path))
    assert found == (expected and RequiresPython(expected[0], (expected[0],), f"{tmp_path / name}:{expected[1]}"))
    assert not recwarn.list


def test_setup_cfg_wins_and_nothing_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "setup.py").write_text(f"open({str(mark)!r}, 'w')\nsetup(python_requires='>=3.1')\n")
    (tmp_path / "setup.cfg").write_text("[options]\npython_requires = >=3.9\n")
    found = python_requires(str(tmp_path))
    assert found is not None
    assert found.text == ">=3.9"
    assert not mark.exists()


@pytest.mark.parametrize(
    ("pyproject", "counts"),
    [
        (None, True),
        (Pyproject("p"), True),
        (Pyproject("p", "app"), False),
        (Pyproject("p", "app", dynamic=("requires-python",)), True),
    ],
)
def test_the_standard_table_leaves_nothing_to_them(tmp_path: Path, pyproject: Pyproject | None, counts: bool) -> None:
    (tmp_path / "setup.cfg").write_text("[options]\npython_requires = >=3.9\n")
    project = Project(str(tmp_path))
    if counts:
        assert probe_required_python(project, pyproject, None).requires.text == ">=3.9"
    else:
        with pytest.raises(Unavailable):
            probe_required_python(project, pyproject, None)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "print 'x'",
            "print x",
            "exec code in space",
            "try: pass\nexcept Error, error: pass",
            "chmod(0755)",
            "x = 10L",
        ),
        *("raise Error, 'x'", "x = `y`", "if a <> b: pass", "x = ur'y'", "if a:\n        b\n\tc"),
    ],
)
def test_a_file_of_another_python_is_no_file_that_cannot_be_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "setup.py").write_text(f"{line}\nsetup(python_requires='<3')\n")
    with noting() as notes:
        found = python_requires(str(tmp_path))
    assert notes == {}
    assert found is not None
    assert found.text == "<3"


@pytest.mark.parametrize("line", ["def x(:", "<<<<<<< HEAD", "print(", "x = 'a"])
def test_what_no_python_takes_is_said(tmp_path: Path, line: str) -> None:
    (tmp_path / "setup.py").write_text(f"{line}\nsetup(python_requires='<3')\n")
    with noting() as notes:
        assert python_requires(str(tmp_path)) is None
    assert len(notes) == 1
