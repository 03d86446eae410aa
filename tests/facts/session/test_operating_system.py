from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.session.operating_system import OperatingSystem, release_name
from tests.support import make_session, see


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        (
            "etc/os-release",
            'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
            "Debian GNU/Linux 12 (bookworm)",
        ),
        ("usr/lib/os-release", "PRETTY_NAME=Alpine\n", "Alpine"),
        ("etc/os-release", "NAME=x\n", None),
        (
            "System/Library/CoreServices/SystemVersion.plist",
            "<key>ProductVersion</key>\n\t<string>15.1</string>",
            "macOS 15.1",
        ),
    ],
)
def test_the_files_of_a_system_tell_its_name(tmp_path: Path, file: str, text: str, name: str | None) -> None:
    place = tmp_path / file
    place.parent.mkdir(parents=True)
    place.write_text(text)
    assert release_name(str(tmp_path)) == name


def test_the_kernel_is_told_in_any_case() -> None:
    seen = see(OperatingSystem, make_session())
    assert seen.kernel == os.uname().release
    assert seen.name
