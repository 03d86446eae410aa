from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.uv_lock_edges import edge_faults
from envdoctor.system.toml import parse_toml

LOCK = """\
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://x" }
dependencies = [
    { name = "b" },
]

[[package]]
name = "b"
version = "2.0"
source = { registry = "https://x" }

[[package]]
name = "app"
source = { editable = "." }

[package.optional-dependencies]
x = [{ name = "a", version = "1.0", source = { registry = "https://x" } }]

[package.dev-dependencies]
dev = [{ name = "b", extra = ["nobody-has-it"] }]
"""
TWIN = '\n[[package]]\nname = "b"\nversion = "1.0"\nsource = { registry = "https://x" }\n'
NOWHERE = "with no locked package"


def faults(lock: str) -> list[tuple[int, str]]:
    return list(edge_faults(parse_toml("uv.lock", lock), {"a": 2, "b": 10, "app": 15}))


def test_all_is_there() -> None:
    assert faults(LOCK) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('{ name = "b" }', '{ name = "c" }', 2, "dependency `c` has no package"),
        ('{ name = "b" }', '{ name = "b", version = "3" }', 2, f"for package `a`, found dependency `b==3` {NOWHERE}"),
        (
            '{ name = "b" }',
            '{ name = "b", source = { registry = "https://y" } }',
            2,
            f"for package `a`, found dependency `b` {NOWHERE}",
        ),
        (
            '{ name = "a", version = "1.0"',
            '{ name = "a", version = "2"',
            15,
            f"for package `app`, found dependency `a==2` {NOWHERE}",
        ),
        ('{ name = "b", extra', '{ name = "d", extra', 15, "dependency `d` has no package"),
        ('version = "2.0"\n', "", 10, "package `b` from a registry source has a missing `version` field"),
        ('version = "2.0"', 'version = "two"', 10, "`two`, the version of `b`, is none"),
        ('source = { editable = "." }\n', "", 15, "missing field `source`"),
    ],
)
def test_what_leads_nowhere_or_lacks_a_field(old: str, new: str, line: int, said: str) -> None:
    assert old in LOCK
    assert faults(LOCK.replace(old, new, 1)) == [(line, said)]


def test_of_two_versions_one_has_to_be_chosen() -> None:
    said = "dependency `b` has missing `source` field but has more than one matching package"
    assert faults(LOCK + TWIN) == [(2, said), (15, said)]
    chosen = '{ name = "b", version = "1.0", source = { registry = "https://x" }'
    assert faults(LOCK.replace('{ name = "b"', chosen) + TWIN) == []
