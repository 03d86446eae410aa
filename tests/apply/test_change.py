"""Nothing is lost: killed between any two calls of the system, overtaken, on a full disk, by many at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from envdoctor.apply import change as module
from envdoctor.apply import putting
from envdoctor.apply.journal import Journal
from envdoctor.apply.state import Refused
from envdoctor.apply.undoing import Ending
from tests.apply.killed import BEFORE, addition, removal
from tests.apply.world import files, state_in, take_back, write
from tests.support import needs_tool

ROOT = Path(__file__).parents[2]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("what", "way"),
    [
        *(("removal", "replaced"), ("exchange", "in place"), ("addition", "in place")),
        *(("undo", "replaced"), ("undo", "in place")),
    ],
)
def test_killed_between_any_two_calls_the_next_run_can_take_everything_back(
    tmp_path: Path, what: str, way: str
) -> None:
    command = [sys.executable, "-m", "tests.apply.killed", str(tmp_path), what, way]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 20


CHILD = """
    import sys
    from pathlib import Path
    from envdoctor.apply import editing
    from envdoctor.apply.state import opened
    from envdoctor.engine.fix import EditFile
    home, code, times = sys.argv[1:]
    state = opened({}, home)
    print("ready", flush=True)
    for number in range(int(times)):
        editing.apply(state, EditFile(f"{home}/.bashrc", add=(f"export {code}_{number}=1",)), code)
"""


def child(home: Path, code: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(home), code, str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def ended(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    status = process.wait(60)
    process.stdout.close()
    return status


@pytest.mark.tools
def test_eight_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_bytes(BEFORE)
    writers = [child(tmp_path, f"CODE{number}", 3) for number in range(8)]
    assert [ended(writer) for writer in writers] == [0] * 8
    text = (tmp_path / ".bashrc").read_text()
    assert all(f"export CODE{writer}_{number}=1\n" in text for writer in range(8) for number in range(3))
    take_back(tmp_path)
    assert (tmp_path / ".bashrc").read_bytes() == BEFORE


@pytest.mark.tools
def test_real_kills_at_any_time(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(BEFORE)
    for number in range(8):
        writer = child(tmp_path, f"KILL{number}", 10_000)
        ready(writer)
        size = file.stat().st_size
        while file.stat().st_size == size:
            time.sleep(0.001)
        time.sleep(0.003 * number)
        writer.send_signal(signal.SIGKILL)
        assert ended(writer) == -signal.SIGKILL
        text = file.read_bytes()
        assert text.startswith(BEFORE)
        assert text.count(b">>>\n") == text.count(b"<<<\n")
    assert {undone.ending for undone in take_back(tmp_path)} == {Ending.UNDONE}
    assert files(tmp_path) == {".bashrc": BEFORE}


@pytest.mark.tools
def test_what_another_program_appends_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # as slow as a disk is
    file = tmp_path / ".bashrc"
    file.write_bytes(BEFORE + b"\n")
    script = f'i=0; while [ $i -lt 1000 ]; do echo "mine $i" >> {file}; i=$((i+1)); done'
    appending = subprocess.Popen(["sh", "-c", script])
    number = 0
    while appending.poll() is None:
        try:
            write(tmp_path, (f"CODE{number}", addition(file)))
        except Refused as refused:
            assert "written to all the time" in str(refused)  # noqa: PT017 - either ending is right
        number += 1
    mine = [line for line in file.read_text().splitlines() if line.startswith("mine ")]
    assert sorted(mine) == sorted(f"mine {number}" for number in range(1000))
    take_back(tmp_path)
    assert b"envdoctor" not in file.read_bytes()
    assert file.read_bytes().startswith(BEFORE)


def test_a_file_that_changes_all_the_time_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(BEFORE)

    def overtaken(*_: object) -> None:
        raise putting.Overtaken

    monkeypatch.setattr(putting, "replace", overtaken)
    with pytest.raises(Refused, match="all the time"):
        write(tmp_path, ("PY007", removal(file)))
    assert len(Journal(state_in(tmp_path).journal).intents) == module.MOST_STARTS
    assert os.listdir(state_in(tmp_path).backups) == []


def test_it_begins_again_with_what_somebody_else_has_written_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(BEFORE)
    real = putting._take_over

    def slowly(path: str, *rest: object) -> None:
        if not file.read_bytes().startswith(b"theirs"):
            (tmp_path / "new").write_bytes(b"theirs\n" + BEFORE)
            (tmp_path / "new").rename(file)
        real(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(putting, "_take_over", slowly)
    write(tmp_path, ("PY007", removal(file)))
    assert file.read_bytes().startswith(b"theirs\nalias")
    assert b"# export PYTHONHOME" in file.read_bytes()
    take_back(tmp_path)
    assert file.read_bytes() == b"theirs\n" + BEFORE


def test_what_was_appended_to_the_old_file_in_the_last_moment_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(BEFORE + b"\n")
    late = file.open("ab")
    real = putting.sync_directory

    def then(directory: str) -> None:
        if directory == str(tmp_path) and not late.closed:
            late.write(b"late\n")
            late.close()
        real(directory)

    monkeypatch.setattr(putting, "sync_directory", then)
    write(tmp_path, ("PY007", removal(file)))
    assert file.read_bytes().endswith(b"last\nlate\n")
    assert file.read_bytes().count(b"envdoctor PY007") == 2
    take_back(tmp_path)
    assert file.read_bytes() == BEFORE + b"\nlate\n"


def test_what_was_appended_to_both_files_in_the_last_moment_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(BEFORE + b"\n")
    opened = [file.open("ab")]
    real = putting.sync_directory

    def then(directory: str) -> None:
        if directory == str(tmp_path) and len(opened) < 4:
            opened[-1].write(b"late %d\n" % len(opened))
            opened[-1].close()
            with file.open("ab") as new:
                new.write(b"new %d\n" % len(opened))
            opened.append(file.open("ab"))
        real(directory)

    monkeypatch.setattr(putting, "sync_directory", then)
    write(tmp_path, ("PY007", removal(file)))
    text = file.read_bytes()
    assert [text.count(b"%s %d\n" % (word, number)) for word in (b"late", b"new") for number in (1, 2, 3)] == [1] * 6
    assert text.count(b"envdoctor PY007") == 2
    opened[-1].close()


FULL = """
    import os, shutil, sys
    from pathlib import Path
    from envdoctor.apply.state import Refused
    from tests.apply.world import files, take_back, write
    from envdoctor.engine.fix import EditFile
    place, other, linked = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "linked"
    before = b"".join(b"line %d\\n" % number for number in range(2_000))  # five pages
    refused = written = 0
    for number, left in enumerate(range(0, 90_000, 3_000)):
        home = place / str(number)
        home.mkdir()
        file = home / ".bashrc"
        file.write_bytes(before)
        if linked:
            (home / "other").hardlink_to(file)
        os.environ["STATE_OF_TEST"] = str(other / str(number))
        free = os.statvfs(place)
        size = free.f_bavail * free.f_frsize - left
        (place / "ballast").write_bytes(bytes(max(size, 0)))
        long = tuple("x" * 100 for _ in range(100))
        try:
            write(home, ("PIP001", EditFile(str(file), remove=("line 7",), add=long)))
            written += 1
            assert b"# line 7" in file.read_bytes()
        except Refused:
            refused += 1
            assert file.read_bytes() == before, "damaged"
        (place / "ballast").unlink()
        undone = take_back(home)
        assert file.read_bytes() == before, ("not taken back", undone)
        assert all("tmp" not in name for name in files(home)), files(home)
        for used in {home, other / str(number)}:
            shutil.rmtree(used)
    assert refused > 2 and written > 2, (refused, written)
"""


@pytest.mark.tools
@pytest.mark.parametrize("state", ["on the full disk", "elsewhere"])
@pytest.mark.parametrize("linked", ["linked", "alone"])
def test_on_a_full_disk_the_file_is_whole(tmp_path: Path, state: str, linked: str) -> None:
    full, other = tmp_path / "full", tmp_path / "other"
    full.mkdir()
    other.mkdir()
    script = tmp_path / "full.py"
    script.write_text(textwrap.dedent(FULL))
    mount = f"mount -t tmpfs -o size=400k none {full} && exec {sys.executable} {script}"
    arguments = f"{full} {full if state.startswith('on') else other} {linked}"
    command = [needs_tool("unshare"), "--user", "--map-root-user", "--mount", "sh", "-c", f"{mount} {arguments}"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


@pytest.mark.tools
def test_in_a_home_that_is_read_only_nothing_is_touched_and_it_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".bashrc").write_bytes(BEFORE)
    code = (
        "import sys; from pathlib import Path; from tests.apply.world import write\n"
        "from envdoctor.engine.fix import EditFile; from envdoctor.apply.state import Refused\n"
        "import os; from envdoctor.apply import editing; from envdoctor.apply.state import opened\n"
        "for env in ({}, {'XDG_STATE_HOME': sys.argv[2]}):\n"
        "    try: editing.apply(opened(env, sys.argv[1]), EditFile(f'{sys.argv[1]}/.bashrc', add=('X=1',)), 'C')\n"
        "    except Refused as refused: print(refused)\n"
    )
    mount = f'mount --bind {home} {home} && mount -o remount,bind,ro {home} && exec {sys.executable} -c "$0" "$@"'
    arguments = ("sh", "-c", mount, code, str(home), str(tmp_path / "state"))
    command = [needs_tool("unshare"), "--user", "--map-root-user", "--mount", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    first, second = done.stdout.splitlines()
    assert first == f"no record can be kept in {home}/.local/state/envdoctor: Read-only file system"
    assert second == f"{home}/.bashrc is read-only"
    assert done.stderr == ""
    assert files(home) == {".bashrc": BEFORE}
