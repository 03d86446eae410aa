"""Nothing touches a file system that does not answer; what leads elsewhere is touched as ever."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from envdoctor.system import silent_mounts
from envdoctor.system.deadline import within

pytestmark = pytest.mark.tools

BEFORE = """
import os, subprocess, sys
from pathlib import Path
from envdoctor.system import silent_mounts
from envdoctor.system.deadline import within
from envdoctor.system.silent_mounts import Unanswered
home = sys.argv[1]
silent_mounts._silent[home + "/silent"] = "nfs4"
silent_mounts._guard()
def refused(question, *arguments):
    try:
        question(*arguments)
    except Unanswered as error:
        return str(error) == home + "/silent (nfs4) did not answer within 2 s"
    except OSError:
        pass
    return False
"""

TOUCHING = (
    "os.stat",
    "os.lstat",
    "os.path.exists",
    "os.path.isdir",
    "os.path.islink",
    "os.path.realpath",
    "os.listdir",
    "os.scandir",
    "os.readlink",
    "os.statvfs",
    "open",
    "lambda path: os.open(path, os.O_RDONLY)",
    "lambda path: os.access(path, os.R_OK)",
    "lambda path: os.path.samefile('/', path)",
    "lambda path: Path(path).read_text()",
    "lambda path: list(Path(path).glob('*'))",
    "lambda path: __import__('importlib.machinery').machinery.FileFinder(path).find_spec('x') or os.stat(path)",
    "lambda path: __import__('glob').glob(path + '/*')",
    "lambda path: os.stat(os.fsencode(path))",
)


def in_child(code: str, home: Path) -> str:
    done = subprocess.run([sys.executable, "-c", BEFORE + code, str(home)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "silent/inner").mkdir(parents=True)
    (tmp_path / "silent/inner/file").touch()
    (tmp_path / "silent-but-not").mkdir()
    (tmp_path / "link").symlink_to("silent/inner")
    (tmp_path / "second").symlink_to(tmp_path / "link/../inner")
    (tmp_path / "circle").symlink_to("circle")
    return tmp_path


@pytest.mark.parametrize("question", TOUCHING)
@pytest.mark.parametrize("place", ["silent", "silent/inner", "link/file", "second/file", "silent-but-not/../link/x"])
def test_what_touches_files_stops_before_it(home: Path, question: str, place: str) -> None:
    assert in_child(f"print(refused({question}, home + '/{place}'))", home) == "True\n"


def test_a_link_to_it_may_be_looked_at_without_being_followed(home: Path) -> None:
    code = """
print(os.readlink(home + "/link"), os.path.islink(home + "/link"), refused(os.stat, home + "/link"))
entries = {entry.name: entry for entry in os.scandir(home)}
print(entries["link"].is_symlink(), refused(entries["link"].is_dir), entries["link"].is_dir(follow_symlinks=False))
print(refused(entries["silent"].stat), entries["silent-but-not"].is_dir(), os.fspath(entries["link"]) == home + "/link")
"""
    assert in_child(code, home) == "silent/inner True True\nTrue True False\nTrue True True\n"


def test_everything_else_is_touched_as_ever(home: Path) -> None:
    code = """
os.chdir(home)
print(sorted(os.listdir("silent-but-not")), os.path.exists("circle"), os.path.exists("none"), os.listdir() != [])
print(refused(os.stat, "silent"), refused(os.stat, "./silent-but-not/../silent"), os.path.isdir(0))
with open("made", "w") as file:
    print(os.fstat(file.fileno()).st_size)
"""
    assert in_child(code, home) == "[] False False True\nTrue True False\n0\n"


def test_no_program_is_started_there(home: Path) -> None:
    code = """
from envdoctor.system import child_processes
print(refused(child_processes.run, (home + "/link/file",), {}, "/", 1))
print(refused(child_processes.run, ("/bin/true",), {}, home + "/link", 1))
print(child_processes.run(("/bin/true",), {}, "/", 5).ok)
"""
    assert in_child(code, home) == "True\nTrue\nTrue\n"


def test_a_probe_that_meets_it_has_timed_out(home: Path) -> None:
    code = """
from envdoctor.engine.collector import establish
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.system.session import Launch, Session
known = establish([SearchPath], Session({"PATH": home + "/link"}, "/", Launch()))
missing = known[SearchPath]
print(missing.kind.value, missing.unsettled, missing.reason == home + "/silent (nfs4) did not answer within 2 s")
"""
    assert in_child(code, home) == "timed out True True\n"


def test_places_that_answer_are_told_from_those_that_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silent_mounts, "SECONDS", 0.5)
    real = silent_mounts._ask_everything
    forever = threading.Event()
    monkeypatch.setattr(
        silent_mounts, "_ask_everything", lambda place: forever.wait() if place.endswith("silent") else real(place)
    )
    places = [str(tmp_path), "/nowhere/at/all", "/silent", "/etc/hostname"]
    assert silent_mounts.ask(places) == {places[0], places[1], places[3]}
    assert silent_mounts.ask(places[:2]) == set(places[:2])
    assert silent_mounts.ask([]) == set()


def test_a_child_that_asks_holds_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silent_mounts, "SECONDS", 0.5)
    forever = threading.Event()
    monkeypatch.setattr(silent_mounts, "_ask_everything", lambda _: forever.wait())
    monkeypatch.setattr(os, "kill", lambda *_: None)  # as if it could not be killed
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    assert silent_mounts.ask([str(tmp_path)]) == set()
    os.close(writer)
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_an_automatic_mount_is_asked_only_where_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answers(path: str) -> bool:
        asked.append(path)
        return not path.endswith("/far")

    monkeypatch.setattr(silent_mounts, "_automatic", {str(tmp_path)})
    monkeypatch.setattr(silent_mounts, "_mounted", {})
    monkeypatch.setattr(silent_mounts, "_answers_from_outside", answers)
    assert silent_mounts.answers(str(tmp_path))
    assert silent_mounts.answers(f"{tmp_path}/near/file")
    assert silent_mounts.answers(f"{tmp_path}/near/other")
    assert not silent_mounts.answers(f"{tmp_path}/far/file")
    assert asked == [f"{tmp_path}/near", f"{tmp_path}/far"]


def test_a_place_is_asked_from_outside() -> None:
    assert silent_mounts._answers_from_outside("/nowhere/at/all")


def test_an_error_behind_a_deadline_is_raised_where_it_was_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        within(lambda: 1 // 0)


KEEPS_AWAY = """
import sys
from envdoctor.system import silent_mounts
silent_mounts.ask = lambda directories: set()
sys.path += ["/far/plugins", "/usr"]
silent_mounts.keep_away({"/far": "nfs"})
assert "/usr" in sys.path and "/far/plugins" not in sys.path, sys.path
print(silent_mounts.left_out)
"""


def test_what_is_not_searched_for_modules_is_remembered() -> None:
    done = subprocess.run([sys.executable, "-c", KEEPS_AWAY], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "{'/far/plugins': '/far (nfs) did not answer within 2 s'}\n"
