from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.lock_shapes import pdm_lock_faults, pylock_faults, uv_lock_faults
from envdoctor.system.toml import Document, parse_toml

UV = 'version = 1\nrevision = 3\nrequires-python = ">=3.9"\n'
OWN = '[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\n'
PYLOCK = 'lock-version = "1.0"\ncreated-by = "x"\n'


def document(text: str) -> Document:
    return Document("/p/lock", text, parse_toml("/p/lock", text))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (f"version = 1\n{OWN}", 1, "missing field `requires-python`"),
        (f'resolution-markers = "x"\n{UV}', 1, "invalid type of `resolution-markers`, expected a sequence"),
        (f'{UV}{OWN}dependencies = [{{ name = "b" }}]\n', 5, "dependency `b` has no package"),
        ('requires-python = ">=3"\n', 1, "missing field `version`"),
        (UV.replace("= 1", '= "1"'), 1, "`version` is no whole number"),
        (UV.replace("= 3", '= "3"'), 2, "`revision` is no whole number"),
        (UV.replace(">=3.9", "3.9+"), 3, "`3.9+` is no version specifier"),
        (f'{UV}{OWN}[[package]]\nversion = "1"\n', 8, "missing field `name`"),
        (f"{UV}{OWN}{OWN}", 0, "found duplicate package `a==1`"),
    ],
)
def test_what_uv_misses(text: str, line: int, said: str) -> None:
    assert list(uv_lock_faults(document(text))) == [(line, said)]


@pytest.mark.parametrize(
    "text",
    [
        UV,
        UV.replace("revision = 3\n", ""),
        UV + OWN,
        UV + OWN + OWN.replace('version = "1"', 'version = "2"'),
        f"{UV}{OWN}{OWN.replace('virtual', 'editable')}",
        "version = 2\npackages = 3\n",
    ],
)
def test_what_uv_reads(text: str) -> None:
    assert list(uv_lock_faults(document(text))) == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('created-by = "x"\npackages = []\n', 1, "missing field `lock-version`"),
        ('lock-version = "1.0"\npackages = []\n', 1, "missing field `created-by`"),
        (PYLOCK, 1, "missing field `packages`"),
        (
            f"{PYLOCK.replace('1.0', '2.0')}packages = []\n",
            1,
            "unsupported lock version (`2.0`, but only major version 1 is supported)",
        ),
        (f'{PYLOCK}[[packages]]\nversion = "1"\n', 3, "missing field `name`"),
    ],
)
def test_what_a_pylock_lacks(text: str, line: int, said: str) -> None:
    assert list(pylock_faults(document(text))) == [(line, said)]


@pytest.mark.parametrize("text", [f"{PYLOCK}packages = []\n", f"{PYLOCK.replace('1.0', '1.1')}packages = []\n"])
def test_a_pylock_that_is_whole(text: str) -> None:
    assert list(pylock_faults(document(text))) == []


@pytest.mark.parametrize(
    ("version", "said"), [('"x"', "x"), ("4", "4"), ('"4.5.0"', None), ('"9"', None), ('""', None)]
)
def test_the_version_of_a_pdm_lock(version: str, said: str | None) -> None:
    found = list(pdm_lock_faults(document(f"[metadata]\nlock_version = {version}\n")))
    assert found == ([(2, f"invalid version: `{said}`")] if said else [])
    assert list(pdm_lock_faults(document("[metadata]\n"))) == []
