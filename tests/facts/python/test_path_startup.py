"""What `PYTHONPATH` has every start run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from envdoctor import Unavailable
from envdoctor.facts.python.path_startup import PathStartup, probe_path_startup
from envdoctor.facts.python.startup_faults import StartupFault, Stream
from tests.builders import make_active_python
from tests.support import make_session


class Hooks:
    """A directory on `PYTHONPATH`, and a Python with one directory of packages."""

    def __init__(self, root: Path) -> None:
        self.path, self.packages = root / "hooks", root / "packages"
        self.path.mkdir()
        self.packages.mkdir()

    def seen(self, **changes: Any) -> PathStartup:
        python = make_active_python("/p/.venv", sys_path=(str(self.packages),), **changes)
        return probe_path_startup(make_session({"PYTHONPATH": str(self.path)}), python)

    def faults(self, source: str, name: str = "sitecustomize", **changes: Any) -> list[tuple[str | None, Stream]]:
        """What is said of a module with this source: the error, else None with the stream."""
        file = self.path / f"{name}.py"
        file.write_text(source)
        found = self.seen(**changes).faults
        assert all(fault == StartupFault(str(file), 0, None, fault.error, stream=fault.stream) for fault in found)
        return [(fault.error, fault.stream) for fault in found]


@pytest.fixture
def hooks(tmp_path: Path) -> Hooks:
    return Hooks(tmp_path)


GONE = [("ModuleNotFoundError: No module named 'gone'", Stream.STDOUT)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import gone\n", GONE),
        ("'''About.'''\nfrom gone.hooks import start\n", GONE),
        ("print 'old'\n", [("SyntaxError", Stream.STDOUT)]),
        ("import os\nprint('hello')\n", [(None, Stream.STDOUT)]),
        ("import sys\nsys.stderr.write('x')\n", [(None, Stream.STDERR)]),
    ],
)
def test_what_surely_fails_or_prints(hooks: Hooks, source: str, found: list[tuple[str | None, Stream]]) -> None:
    assert hooks.faults(source) == found
    (hooks.path / "sitecustomize.py").unlink()
    assert hooks.faults(source, "usercustomize") == found


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import os, sys\nfrom __future__ import annotations\n",
        "try:\n    import gone\nexcept ImportError:\n    pass\n",
        "'''\nimport gone\nprint 'old'\n'''\n",
        "x = '''it's\nimport gone\n'''\n",
        "def f():\n    print('hello')\n",
        "import here, below, compiled\n",
        "import here\nimport below\nimport compiled\n",
    ],
)
def test_what_works_or_leaves_a_doubt(hooks: Hooks, source: str) -> None:
    (hooks.path / "here.py").touch()
    (hooks.packages / "below").mkdir()
    (hooks.packages / "compiled.cpython-312-x86_64-linux-gnu.so").touch()
    assert hooks.faults(source) == []


def test_modules_that_might_come_another_way(hooks: Hooks) -> None:
    assert hooks.faults("import gone\n", implementation="pypy") == []
    assert hooks.faults("print 'old'\n", version=(2, 7, 18, "final", 0)) == []
    users = hooks.path.parent / "users"
    users.mkdir()
    (users / "gone.py").touch()
    assert hooks.faults("import gone\n", user_site=str(users), sees_user_site=True) == []
    (hooks.packages / "distutils-precedence.pth").write_text("import os; __import__('_distutils_hack')\n")
    assert hooks.faults("import gone\n") == GONE
    (hooks.packages / "finder.pth").write_text("import finder; finder.install()\n")
    assert hooks.faults("import gone\n") == []


def test_a_module_that_cannot_be_read_and_none_at_all(hooks: Hooks) -> None:
    with pytest.raises(Unavailable):
        hooks.seen()
    (hooks.path / "sitecustomize").mkdir()
    (hooks.path / "sitecustomize" / "__init__.py").write_bytes(b"\0" * 10)
    assert hooks.seen() == PathStartup()
