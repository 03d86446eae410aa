"""What would the machine be without a directory of the loader's configuration?"""

from __future__ import annotations

from pathlib import Path

from envdoctor.facts.libraries.system_directories import without
from envdoctor.facts.loader.host import Cached, Host


def test_the_cache_without_a_directory(tmp_path: Path) -> None:
    own, conda = Cached("/usr/lib/libz.so.1"), Cached("/opt/conda/lib/libz.so.1")
    host = Host(
        (str(tmp_path),), cache={"libz.so.1": (conda, own), "libav.so.1": (Cached("/opt/conda/lib/libav.so.1"),)}
    )
    reduced = without(host, "/opt/conda/lib")
    assert reduced is not None
    assert reduced.cache == {"libz.so.1": (own,)}
    assert reduced.default_directories == host.default_directories


def test_libraries_that_stand_before_no_other_need_no_closer_look(tmp_path: Path) -> None:
    host = Host((str(tmp_path),), cache={"librocm.so.1": (Cached("/opt/rocm/lib/librocm.so.1"),)})
    assert without(host, "/opt/rocm/lib") is None
    assert without(host, "/opt/rocm/li") is None
    (tmp_path / "librocm.so.1").write_bytes(b"")  # in a default directory, which needs no cache
    assert without(host, "/opt/rocm/lib") is not None
