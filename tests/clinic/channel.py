"""A channel of packages on the disk, and prefixes that a real conda client links from it.

Records, link scripts and file lists are py-rattler's own work. `python` is the build of Python that runs the tests, and
`pip` the wheel that virtualenv brings along; the others are tiny.

The client runs in processes of its own, because it may crash when its process ends:
`python -m tests.clinic.channel CHANNEL [PREFIX SPEC…]`. The stand-in for `conda install` calls it likewise.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.clinic.conda import pip_wheel

ROOT = Path(__file__).parents[2]
BASE = Path(sys.base_prefix)
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = f"{MINOR}.{sys.version_info.micro}"
# of the standard library, what no test needs: it would be compressed, unpacked and linked each time
LEFT_OUT = frozenset(
    {"test", "tests", "idlelib", "tkinter", "pydoc_data", "turtledemo", "lib2to3", "site-packages", "__pycache__"}
)


@dataclass(frozen=True)
class Package:
    """One package: its files by their place in the prefix; `site-packages/…` for a Python package of no platform.

    Attributes:
        links: symbolic links among them, by their place, with what they name.
        commands: commands that the client makes for functions, as `pip = pip._internal.cli.main:main`.
    """

    name: str
    version: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    depends: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()

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
    return Package(
        name, version, {f"site-packages/{place}": text.encode() for place, text in texts.items()}, ("python",)
    )


def real_python() -> Package:
    """The Python that runs the tests, as its build has installed it.

    A shared `libpython` stays with the build: the program looks for it there, by a path that it holds.
    """
    program, library = f"bin/python{MINOR}", f"lib/python{MINOR}"
    paths = (BASE / program, *_library(BASE / library))
    files = {str(path.relative_to(BASE)): path.read_bytes() for path in paths}
    return Package("python", PYTHON, files, links={f"bin/{name}": f"python{MINOR}" for name in ("python", "python3")})


def _library(directory: Path) -> Iterator[Path]:
    for entry in sorted(directory.iterdir()):
        if entry.name in LEFT_OUT or entry.name.startswith("config-"):
            continue
        if entry.is_dir():
            yield from _library(entry)
        elif entry.is_file():
            yield entry


def real_pip() -> Package:
    """The pip of a wheel, which conda packages as it is."""
    wheel = pip_wheel()
    with zipfile.ZipFile(wheel) as archive:
        files = {f"site-packages/{name}": archive.read(name) for name in archive.namelist() if name[-1] != "/"}
    version = wheel.name.split("-")[1]
    files[f"site-packages/pip-{version}.dist-info/INSTALLER"] = b"conda\n"
    commands = tuple(f"{name} = pip._internal.cli.main:main" for name in ("pip", "pip3"))
    return Package("pip", version, files, ("python",), commands=commands)


def packages() -> Iterator[Package]:
    """All that the channel has."""
    yield real_python()
    yield real_pip()
    scripts = {"bin/ffmpeg": b"#!/bin/sh\n", "etc/conda/activate.d/ffmpeg.sh": b"export FFMPEG_HERE=1\n"}
    scripts["etc/conda/activate.d/ffmpeg.fish"] = b"set -gx FFMPEG_HERE 1\n"
    yield Package("ffmpeg", "7.1", scripts)
    for name, version in (("alpha", "1.0"), ("alpha", "2.0"), ("numpy", "1.26.4")):
        yield python_package(name, version)


def build(channel: Path) -> Path:
    """Write all packages and the index of a channel; whoever comes first, of several test processes, does."""
    channel.mkdir(parents=True, exist_ok=True)
    with open(channel / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (channel / "complete").exists():
            for package in packages():
                subdir = channel / ("noarch" if package.noarch else "linux-64")
                subdir.mkdir(exist_ok=True)
                write(package, subdir / f"{package.name}-{package.version}-0.tar.bz2")
            _client(channel)
            (channel / "complete").touch()
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
    described: list[dict[str, object]] = [_described(place, content) for place, content in package.files.items()]
    described += [{"_path": place, "path_type": "softlink"} for place in package.links]
    info = {
        "info/index.json": json.dumps(index),
        "info/paths.json": json.dumps({"paths": described, "paths_version": 1}),
    }
    if package.noarch:
        noarch = {"type": "python", "entry_points": list(package.commands)}
        info["info/link.json"] = json.dumps({"noarch": noarch, "package_metadata_version": 1})
    with tarfile.open(path, "w:bz2", compresslevel=1) as archive:
        for place, content in {**{name: text.encode() for name, text in info.items()}, **package.files}.items():
            member = tarfile.TarInfo(place)
            member.size, member.mode = len(content), 0o755 if place.startswith("bin/") else 0o644
            archive.addfile(member, io.BytesIO(content))
        for place, target in package.links.items():
            member = tarfile.TarInfo(place)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)


def _described(place: str, content: bytes) -> dict[str, object]:
    """A file of a package; where a text names the directory of the build, the client writes the prefix instead."""
    built_in = str(BASE)
    is_text = place.endswith((".py", ".pc", ".json")) and built_in.encode() in content
    return {
        "_path": place,
        "path_type": "hardlink",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_in_bytes": len(content),
        **({"prefix_placeholder": built_in, "file_mode": "text"} if is_text else {}),
    }


def link(prefix: Path, channel: Path, *specs: str) -> Path:
    """Have the real client solve and install into a prefix; what is there already is installed again if it is named."""
    _client(channel, prefix, *specs)
    return prefix


def activation(prefix: Path, search_path: str, shell: str) -> str:
    """The script by which the real client activates a prefix in a shell that has this search path."""
    command = [sys.executable, "-m", "tests.clinic.channel", "--activate", str(prefix), shell]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": search_path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _client(channel: Path, *arguments: str | Path) -> None:
    command = [sys.executable, "-m", "tests.clinic.channel", channel, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _link(prefix: Path, channel: Path, specs: tuple[str, ...]) -> None:
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    (prefix / "conda-meta" / "history").touch()
    names = {spec.partition("=")[0] for spec in specs}
    asyncio.run(_install(prefix, channel, specs, names))


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
    if any(record.name.normalized == "python" for record in records):
        _part(prefix)
    await rattler.install(
        records, prefix, cache_dir=cache, installed_packages=installed, reinstall_packages=names, show_progress=False
    )


def _part(prefix: Path) -> None:
    """Remove a stand-in's links to the standard library: through them the client would write into the real one."""
    for path in prefix.glob("lib/python3*/*"):
        if path.is_symlink():
            path.unlink()


async def _index(channel: Path) -> None:
    from rattler.index import index_fs

    await index_fs(channel)


def _activate(prefix: Path, shell: str) -> None:
    from rattler.shell import ActivationVariables, Shell, activate

    kind = {"bash": Shell.bash, "zsh": Shell.zsh, "fish": Shell.fish}[shell]
    print(activate(prefix, ActivationVariables(None), kind).script)  # noqa: T201 - it goes to the caller


def main(arguments: list[str]) -> None:
    """Index a channel, install into a prefix, or say how a prefix is activated."""
    if arguments[0] == "--activate":
        _activate(Path(arguments[1]), arguments[2])
        return
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
