"""The table of packages that need libraries of the system is written as its readers expect it."""

from __future__ import annotations

import re

import pytest

from envdoctor.facts.libraries.known_needs import EXTENSIONS, OPENED, PLAIN, Opened


@pytest.mark.parametrize("pattern", EXTENSIONS)
def test_a_pattern_names_extension_modules_below_site_packages(pattern: str) -> None:
    assert re.fullmatch(r"(?:[\w*-]+/){0,2}\w+\*\.so", pattern)


@pytest.mark.parametrize("path", PLAIN)
def test_a_plain_library_is_one_file_below_site_packages(path: str) -> None:
    assert re.fullmatch(r"[\w/]+\.so", path)


@pytest.mark.parametrize("known", OPENED, ids=lambda known: known.package)
def test_what_is_opened_is_a_soname_with_its_version(known: Opened) -> None:
    assert known.sonames
    assert all(re.fullmatch(r"lib[\w.-]+\.so\.[0-9]+", soname) for soname in known.sonames)
    assert re.fullmatch(r"[\w/]+\.py", known.marker)
