"""Documents are written whole or not at all, and through whatever the shell hands over."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from envdoctor.system import writing
from envdoctor.system.writing import write_document

LONG = "x" * 300_000


def only(file: Path) -> bool:
    """Whether nothing else is left in its directory."""
    return os.listdir(file.parent) == [file.name]


def in_child(code: str, *arguments: str, limit: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, whose files can grow to this limit."""
    command = [sys.executable, "-c", f"import os, sys\nfrom envdoctor.system import writing\n{code}", *arguments]

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=prepare)


@pytest.mark.tools
def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    done = in_child("os.umask(0o027); writing.write_document(sys.argv[1], 'new')", str(file))
    assert (done.returncode, file.read_text(), oct(file.stat().st_mode)) == (0, "new", "0o100640")
    assert only(file)


def test_an_old_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")
    file.chmod(0o604)
    with file.open() as opened:
        write_document(str(file), "n\udcffw")
        assert opened.read() == "old"
    assert (file.read_text(), oct(file.stat().st_mode)) == (r"n\udcffw", "0o100604")
    assert only(file)


@pytest.mark.parametrize("target", ["there", "not there yet"])
def test_a_link_stays_a_link(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_text("old")
    (tmp_path / "second").symlink_to(target)
    (tmp_path / "link").symlink_to("second")
    write_document(str(tmp_path / "link"), "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "second").is_symlink()
    assert (tmp_path / target).read_text() == "new"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(OSError, match="too many levels of links"):
        write_document(str(tmp_path / "link"), "new")


@pytest.mark.tools
def test_a_file_that_cannot_grow_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")
    done = in_child("writing.write_document(sys.argv[1], 'x' * 300_000)", str(file), limit=100_000)
    assert "OSError: [Errno 27] File too large" in done.stderr
    assert file.read_text() == "old"
    assert only(file)


@pytest.mark.tools
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_the_old_one(tmp_path: Path, signal: str) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")
    done = in_child(
        "import signal\n"
        "from envdoctor.__main__ import _heed_signals\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "_heed_signals()\n"
        "os.fsync = lambda _: os.kill(os.getpid(), getattr(signal, sys.argv[2]))\n"
        "writing.write_document(sys.argv[1], 'new')",
        str(file),
        signal,
    )
    assert done.returncode in (129, 130, 143)
    assert file.read_text() == "old"
    assert only(file)


def test_what_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OSError, match="it is a directory"):
        write_document(str(tmp_path), "new")
    with pytest.raises(OSError, match=f"no file can be made in {tmp_path}/none: No such file or directory"):
        write_document(f"{tmp_path}/none/report", "new")
    with pytest.raises(OSError, match="No space left on device"):
        write_document("/dev/full", "new")
    with pytest.raises(OSError, match="Bad file descriptor"):
        write_document("/dev/fd/789", "new")
    file = tmp_path / "report.json"
    file.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match="you may not write to it"):
        write_document(str(file), "new")
    assert file.read_text() == "old"


def test_a_pipe_that_nobody_reads_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="nobody reads from this pipe"):
        write_document(f"{tmp_path}/pipe", "new")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match="nobody reads from this pipe"):
        write_document(f"{tmp_path}/pipe", LONG)
    os.close(reader)


def test_a_pipe_gets_everything_although_its_reader_comes_late(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    thread = threading.Thread(target=write_document, args=[f"{tmp_path}/pipe", LONG])
    thread.start()
    assert (tmp_path / "pipe").read_text() == LONG
    thread.join()


def test_a_reader_may_leave(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    write_document(f"/dev/fd/{writer}", LONG)
    os.close(writer)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_what_is_open_already_is_written_to_and_never_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    code = "os.write(1, b'before '); writing.write_document(sys.argv[1], 'new'); os.write(1, b' after')"
    with (tmp_path / "printed").open("wb") as printed:
        command = [sys.executable, "-c", f"import os, sys\nfrom envdoctor.system import writing\n{code}", name]
        subprocess.run(command, stdout=printed, cwd=tmp_path, check=True)
    assert (tmp_path / "printed").read_text() == "before new after"
