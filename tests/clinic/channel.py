"""A channel of tiny packages on the disk, and prefixes that a real conda client links from it.

Records, link scripts and file lists are py-rattler's own work. Two packages are only named here and filled in by
`tests.clinic.conda`: `python`, a copy of the interpreter that runs the tests, and `pip`.

The client runs in processes of its own, because it may crash when its process ends:
`python -m tests.clinic.channel CHANNEL [PREFIX SPEC…]`. The stand-in for `conda install` calls it likewise.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from tests.clinic.conda import install_pip, install_python

ROOT = Path(__file__).parents[2]
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = f"{MINOR}.{sys.version_info.micro}"


@dataclass(frozen=True)
class Package:
    """One package: its files by their place in the prefix; `site-packages/…` for a Python package of no platform."""

    name: str
    version: str
    files: dict[str, str] = field(default_factory=dict)
    depends: tuple[str, ...] = ()

    @property
    def noarch(self) -> bool:
        """Whether it fits every platform and minor version of Python."""
        return any(path.startswith("site-packages/") for path in self.files)


def python_package(name: str, version: str) -> Package:
    """A module of one line with the metadata that conda leaves for pip."""
    metadata = f"{name}-{version}.dist-info"
    texts = {
        f"{name}/__init__.py": f'__version__ = "{version}"\n',
        f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{metadata}/INSTALLER": "conda\n",
    }
    texts[f"{metadata}/RECORD"] = "".join(f"{place},,\n" for place in (*texts, f"{metadata}/RECORD"))
    files = {f"site-packages/{place}": text for place, text in texts.items()}
    return Package(name, version, files, ("python",))


PACKAGES = (
    Package("python", PYTHON, {"share/python/made-by": "the tests\n"}),
    Package("pip", "26.3", {"share/pip/made-by": "the tests\n"}, ("python",)),
    Package("ffmpeg", "7.1", {"bin/ffmpeg": "#!/bin/sh\n", "etc/conda/activate.d/ffmpeg.sh": "export FFMPEG_HERE=1\n"}),
    python_package("alpha", "1.0"),
    python_package("alpha", "2.0"),
    python_package("numpy", "1.26.4"),
)


def build(channel: Path) -> Path:
    """Write all packages and the index of a channel."""
    for package in PACKAGES:
        subdir = channel / ("noarch" if package.noarch else "linux-64")
        subdir.mkdir(parents=True, exist_ok=True)
        write(package, subdir / f"{package.name}-{package.version}-0.tar.bz2")
    _client(channel)
    return channel


def write(package: Package, path: Path) -> None:
    """Write one package in conda's older format."""
    index = {
        "name": package.name,
        "version": package.version,
        "build": "0",
        "build_number": 0,
        "depends": list(package.depends),
        "subdir": "noarch" if package.noarch else "linux-64",
        "timestamp": 1_700_000_000_000,
        **({"noarch": "python"} if package.noarch else {"platform": "linux", "arch": "x86_64"}),
    }
    paths = [
        {
            "_path": place,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "size_in_bytes": len(text),
        }
        for place, text in package.files.items()
    ]
    info = {
        "info/index.json": json.dumps(index),
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}),
        **(
            {"info/link.json": '{"noarch": {"type": "python"}, "package_metadata_version": 1}'}
            if package.noarch
            else {}
        ),
    }
    with tarfile.open(path, "w:bz2", compresslevel=1) as archive:
        for place, text in {**info, **package.files}.items():
            member = tarfile.TarInfo(place)
            member.size, member.mode = len(text), 0o755 if place.startswith("bin/") else 0o644
            archive.addfile(member, io.BytesIO(text.encode()))


def link(prefix: Path, channel: Path, *specs: str) -> Path:
    """Have the real client solve and install into a prefix; what is there already is installed again if it is named."""
    _client(channel, prefix, *specs)
    return prefix


def _client(channel: Path, *arguments: str | Path) -> None:
    command = [sys.executable, "-m", "tests.clinic.channel", channel, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _link(prefix: Path, channel: Path, specs: tuple[str, ...]) -> None:
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    (prefix / "conda-meta" / "history").touch()
    names = {spec.partition("=")[0] for spec in specs}
    asyncio.run(_install(prefix, channel, specs, names))
    if "python" in names and not (prefix / "bin" / "python").exists():
        install_python(prefix)
    if "pip" in names and not (prefix / "bin" / "pip").exists():
        install_pip(prefix)


async def _install(prefix: Path, channel: Path, specs: tuple[str, ...], names: set[str]) -> None:
    import rattler

    cache = channel.parent / "cache"
    meta = sorted((prefix / "conda-meta").glob("*.json"))
    installed = [rattler.PrefixRecord.from_path(path) for path in meta]
    kept = [record for record in installed if record.name.normalized not in names]
    records = await rattler.solve(
        [channel.as_uri()],
        [*specs, *(f"{record.name.normalized}=={record.version}" for record in kept)],
        gateway=rattler.Gateway(cache_dir=cache),
        platforms=["linux-64", "noarch"],
    )
    await rattler.install(
        records, prefix, cache_dir=cache, installed_packages=installed, reinstall_packages=names, show_progress=False
    )


async def _index(channel: Path) -> None:
    from rattler.index import index_fs

    await index_fs(channel)


def main(arguments: list[str]) -> None:
    """Index a channel, or install into a prefix."""
    channel, *rest = map(Path, arguments)
    if rest:
        _link(rest[0], channel, tuple(word for word in arguments[2:] if not word.startswith("-")))
    else:
        asyncio.run(_index(channel))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Exception:  # noqa: BLE001 - whatever it is, it goes to the caller as text
        traceback.print_exc()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)
