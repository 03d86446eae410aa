from __future__ import annotations

import pytest

from envdoctor.facts.environments.disk_usage import DiskUsage
from envdoctor.render.lines import plain
from envdoctor.render.sizes import CacheContents, Freed, cache_entries, cache_lines, size

UV = CacheContents(
    "uv",
    "/home/me/.cache/uv",
    "its usual place",
    DiskUsage(4_300_000_000, 2_100_000_000, 120_345),
    (Freed(("uv", "cache", "prune"), 900_000_000), Freed(("uv", "cache", "clean"), 2_100_000_000)),
)
PIP = CacheContents("pip", "/data/pip", "PIP_CACHE_DIR", None, (Freed(("pip", "cache", "purge"), None),))


def test_each_cache_has_its_commands_below_it() -> None:
    assert plain(list(cache_lines([UV, PIP], ["~/.cache/uv", PIP.path]))) == (
        "\n"
        "  cache  size    files   place\n"
        "  uv     4.3 GB  120345  ~/.cache/uv\n"
        "    uv cache prune  would free 900 MB\n"
        "    uv cache clean  would free 2.1 GB; 2.2 GB of the cache are shared with environments\n"
        "  pip    ?       ?       /data/pip\n"
        "    pip cache purge  not measured\n"
    )
    assert list(cache_lines([], [])) == []


def test_json_says_the_same() -> None:
    uv, pip = cache_entries([UV, PIP])
    assert uv == {
        "tool": "uv",
        "path": "/home/me/.cache/uv",
        "origin": "its usual place",
        "bytes": 4_300_000_000,
        "bytes_alone": 2_100_000_000,
        "files": 120_345,
        "cleaning": [
            {"argv": ["uv", "cache", "prune"], "bytes_freed": 900_000_000},
            {"argv": ["uv", "cache", "clean"], "bytes_freed": 2_100_000_000},
        ],
    }
    assert (pip["bytes"], pip["files"]) == (None, None)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (123_456, "123 kB"),
        (5_300_000_000, "5.3 GB"),
        (10**16, "10000 TB"),
    ],
)
def test_sizes_as_people_write_them(count: int, text: str) -> None:
    assert size(count) == text
