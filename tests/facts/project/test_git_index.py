"""Whether git keeps a file: what is read from the index, held against what git itself says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.project.git_index import is_tracked
from envdoctor.system.unread import noting
from envdoctor.text import limits
from tests.support import needs_tool

pytestmark = pytest.mark.tools

OWN = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")


def git(directory: Path, *arguments: str) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(
        [needs_tool("git"), *OWN, "-C", str(directory), *arguments], check=True, env=env, capture_output=True
    )


FORMATS = {
    "version 2": (),
    "version 3": ("add", "--intent-to-add", "intended"),
    "version 4": ("update-index", "--index-version", "4"),
}


@pytest.mark.parametrize("change", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("sha", ["sha1", "sha256"])
def test_the_index_of_every_version_is_read(change: tuple[str, ...], sha: str, tmp_path: Path) -> None:
    git(tmp_path, "init", f"--object-format={sha}")
    names = [f"{directory}{name}" for directory in ("", "a/", "a/b/") for name in ("pip.conf", "pip.config", "é x")]
    for name in (*names, "intended", "left"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    git(tmp_path, "add", "--", *names)
    if change:
        git(tmp_path, *change)
    assert [name for name in names if not is_tracked(str(tmp_path / name))] == []
    for name in ("left", "a/pip", "a/b/pip.confi", "b/pip.conf"):
        assert is_tracked(str(tmp_path / name)) is False, name


def test_work_trees_and_submodules_have_their_own(tmp_path: Path) -> None:
    main, other = tmp_path / "main", tmp_path / "other"
    main.mkdir()
    git(main, "init")
    (main / "pip.conf").touch()
    git(main, "add", "pip.conf")
    git(main, "commit", "-m", "x")
    git(main, "worktree", "add", str(other))
    assert is_tracked(str(other / "pip.conf")) is True
    assert is_tracked(str(other / "left")) is False
    git(other, "rm", "pip.conf")
    assert is_tracked(str(other / "pip.conf")) is False
    assert is_tracked(str(main / "pip.conf")) is True


def test_nothing_is_known_without_a_repository_or_of_a_split_index(tmp_path: Path) -> None:
    assert is_tracked(str(tmp_path / "pip.conf")) is None
    git(tmp_path, "init")
    assert is_tracked(str(tmp_path / "pip.conf")) is False
    (tmp_path / "pip.conf").touch()
    git(tmp_path, "add", "pip.conf")
    git(tmp_path, "update-index", "--split-index")
    with noting() as notes:
        assert is_tracked(str(tmp_path / "left")) is None
    assert notes == {str(tmp_path / ".git/index"): "in a format that envdoctor does not read"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"DIRC",
        b"DIRC\0\0\0\x05\0\0\0\1",
        b"XXXX\0\0\0\2\0\0\0\0",
        b"DIRC\0\0\0\2\xff\xff\xff\xff",
        b"DIRC\0\0\0\4\0\0\0\1" + b"\0" * 62 + b"\xff" * 100,
        b"DIRC\0\0\0\2\0\0\0\1" + b"\0" * 62 + b"x" * 100,
        b"DIRC\0\0\0\2\0\0\0\1" + b"\0" * 62 + b"x" * 5000 + b"\0" * 8,
    ],
)
def test_a_broken_index_tells_nothing(content: bytes, tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / ".git/index").write_bytes(content)
    assert is_tracked(str(tmp_path / "pip.conf")) is None


def test_a_huge_index_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init")
    (tmp_path / "pip.conf").touch()
    git(tmp_path, "add", "pip.conf")
    monkeypatch.setattr(limits, "GIT_INDEX", 10)
    assert is_tracked(str(tmp_path / "pip.conf")) is None


def test_what_is_no_repository_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nonexistent\n")
    assert is_tracked(str(tmp_path / "pip.conf")) is None
    (tmp_path / ".git").write_text("hello\n")
    assert is_tracked(str(tmp_path / "pip.conf")) is None
