"""Tiny wheels, written by hand: a package to install where no network is."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_wheel(
    directory: Path,
    name: str,
    version: str,
    *,
    files: Mapping[str, str],
    requires: Sequence[str] = (),
    entry_points: Mapping[str, Mapping[str, str]] | None = None,
    headers: str = "",
) -> Path:
    """A pure wheel with these files (path in the archive → text), and more lines of metadata. Its path."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    requirements = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}{requirements}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if entry_points:
        content[f"{info}/entry_points.txt"] = "".join(
            f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
            for group, points in entry_points.items()
        )
    record = "".join(f"{path},{_digest(text)},{len(text.encode())}\n" for path, text in content.items())
    content[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    wheel = directory / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return wheel


def write_binary_wheel(directory: Path, name: str, version: str, *, files: Mapping[str, bytes]) -> Path:
    """A wheel with these files, which are no text: extension modules. Its path."""
    info = f"{name}-{version}.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
    }
    lines = [f"{path},{_hash(data)},{len(data)}\n" for path, data in content.items()]
    wheel = directory / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, data in {**content, f"{info}/RECORD": f"{''.join(lines)}{info}/RECORD,,\n".encode()}.items():
            archive.writestr(path, data)
    return wheel


def write_command_wheel(directory: Path, name: str) -> Path:
    """A wheel with a command of its own name, which prints the prefix that it runs in."""
    points = {"console_scripts": {name: f"{name}:main"}}
    files = {f"{name}.py": "import sys\n\n\ndef main():\n    print(sys.prefix)\n"}
    return write_wheel(directory, name, "1.0", files=files, entry_points=points)


def _digest(text: str) -> str:
    return _hash(text.encode())


def _hash(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
