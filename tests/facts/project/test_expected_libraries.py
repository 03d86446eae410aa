from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.expected_libraries import ExpectedLibraries
from tests.support import make_session, see

pytestmark = pytest.mark.tools


def expected(tmp_path: Path, text: str) -> ExpectedLibraries:
    (tmp_path / "envdoctor.toml").write_text(f"[expect]\n{text}\n")
    tmp_path.chmod(0o700)
    return see(ExpectedLibraries, make_session({"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, cwd=tmp_path))


def test_a_library_is_found_as_the_loader_finds_it(tmp_path: Path) -> None:
    seen = expected(tmp_path, 'libraries = [\n"libc.so.6",\n"libnowhere.so.7"\n]')
    there, gone = seen.libraries
    assert (there.soname, there.lacks, there.origin) == ("libc.so.6", None, f"{tmp_path}/envdoctor.toml:3")
    assert there.path is not None
    assert there.path.endswith("/libc.so.6")
    assert (gone.path, gone.lacks, gone.origin) == (None, None, f"{tmp_path}/envdoctor.toml:4")


def test_without_an_expectation_nothing_is_followed(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no library is expected"):
        expected(tmp_path, "")
