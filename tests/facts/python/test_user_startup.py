from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from envdoctor.engine.fact import Refused, Unavailable
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.startup_faults import StartupFault, Stream
from envdoctor.facts.python.user_startup import UserStartup, probe_user_startup
from envdoctor.system.session import Session
from tests.facts.python.interpreters_world import answered
from tests.support import make_session, needs_python

pytestmark = pytest.mark.tools


class User:
    """A person with a home, who works with one Python."""

    def __init__(self, home: Path, python: str, **env: str) -> None:
        self.session: Session = make_session({"HOME": str(home), "PATH": os.path.dirname(python), **env})
        self.active = ActivePython("python", answered(python, self.session))
        self.site = Path(self.active.interpreter.user_site)
        self.site.mkdir(parents=True, exist_ok=True)

    @property
    def startup(self) -> UserStartup:
        return probe_user_startup(make_session(self.session.env), self.active)

    def faults(self, source: str) -> list[StartupFault]:
        """What is said of a `usercustomize` with this source."""
        (self.site / "usercustomize.py").write_text(source)
        return list(self.startup.faults)


@pytest.fixture(params=["3.8", "3.13"])
def user(request: pytest.FixtureRequest, tmp_path: Path) -> User:
    return User(tmp_path, needs_python(request.param))


def test_a_usercustomize_that_fails_or_prints(user: User) -> None:
    assert user.startup == UserStartup(str(user.site))
    file = f"{user.site}/usercustomize.py"
    [fault] = user.faults("import gone_tracer\n")
    assert fault == StartupFault(file, 0, None, "ModuleNotFoundError: No module named 'gone_tracer'")
    for source in ("oops\n", "def broken(:\n"):
        [fault] = user.faults(source)
        assert (fault.file, fault.error) == (file, "NameError" if source == "oops\n" else "SyntaxError")
    # nothing but this module can have printed it, however it did so
    for source in ("print('hello')\n", "import os\nos.write(1, b'x')\n", "if True:\n    print(1 + 1)\n"):
        assert user.faults(source) == [StartupFault(file, 0, None)]
    loud = user.faults("import sys\nprint('hello', file=sys.stderr)\n")
    assert loud == [StartupFault(file, 0, None, stream=Stream.STDERR)]


def test_lines_of_the_users_pth_files(user: User) -> None:
    (user.site / "left.pth").write_text("import left_over_hook\n")
    (user.site / "loud.pth").write_text("import sys; print('good morning')\n")
    left, loud = f"{user.site}/left.pth", f"{user.site}/loud.pth"
    missing = "ModuleNotFoundError: No module named 'left_over_hook'"
    expected = [
        StartupFault(left, 1, "import left_over_hook", missing),
        StartupFault(loud, 1, "import sys; print('good morning')"),
    ]
    assert list(user.startup.faults) == expected
    # beside a line that prints, a module must say itself that it does
    assert user.faults("import sys\nsys.stdout.write('.'.join('ab'))\n")[2:] == [
        StartupFault(f"{user.site}/usercustomize.py", 0, None)
    ]
    assert user.faults("import os\nos.environ['A'] = 'b'\n") == expected


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ.setdefault('A', 'b')\n",
        "import sys\nif sys.flags.verbose:\n    print('hello', file=sys.stderr)\n",
        "import os\nos.environ['OF_THE_SESSION']\n",  # fails in a clean environment alone
        "import on_the_path\n",
    ],
)
def test_what_is_quiet_or_may_come_of_the_question(tmp_path: Path, source: str) -> None:
    user = User(tmp_path, needs_python("3.11"), PYTHONPATH=str(tmp_path))
    (tmp_path / "on_the_path.py").touch()
    assert user.faults(source) == []


def test_it_is_not_run_where_the_user_or_the_environment_hides_it(tmp_path: Path) -> None:
    python = needs_python("3.11")
    for value, hidden in (("1", True), ("no", True), ("0", False), ("", False)):
        user = User(tmp_path, python, PYTHONNOUSERSITE=value)
        if hidden:
            with pytest.raises(Unavailable):
                user.faults("print('hello')\n")
        else:
            assert len(user.faults("print('hello')\n")) == 1


def test_an_environment_that_does_not_see_the_users_packages_runs_none(tmp_path: Path) -> None:
    user = User(tmp_path, needs_python("3.11"))
    (user.site / "usercustomize.py").write_text("print('hello')\n")
    user.active = replace(user.active, interpreter=replace(user.active.interpreter, sees_user_site=False))
    with pytest.raises(Unavailable):
        _ = user.startup


def test_a_usercustomize_of_the_search_path_hides_the_users(tmp_path: Path) -> None:
    user = User(tmp_path, needs_python("3.11"), PYTHONPATH=str(tmp_path))
    (tmp_path / "usercustomize.py").touch()
    assert user.faults("print('hello')\n") == []


def test_the_users_packages_may_lie_elsewhere(tmp_path: Path) -> None:
    user = User(tmp_path, needs_python("3.11"))
    (user.site / "usercustomize.py").write_text("print('hello')\n")
    user.session = make_session({**user.session.env, "PYTHONUSERBASE": f"{tmp_path}/base"})
    moved = tmp_path / "base" / user.site.relative_to(tmp_path / ".local")
    assert user.startup == UserStartup(str(moved))
    moved.mkdir(parents=True)
    (moved / "usercustomize.py").write_text("print('hello')\n")
    assert user.startup == UserStartup(str(moved), (StartupFault(f"{moved}/usercustomize.py", 0, None),))


def test_what_others_may_write_is_not_run(tmp_path: Path) -> None:
    user = User(tmp_path, needs_python("3.11"))
    ran = tmp_path / "ran"
    user.faults(f"open({str(ran)!r}, 'w')\nprint(1)\n")
    assert ran.exists()
    ran.unlink()
    user.site.chmod(0o777)
    with pytest.raises(Refused, match="others may write"):
        _ = user.startup
    assert not ran.exists()
