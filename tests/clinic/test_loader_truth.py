"""The proof that the search is the loader's own: what is predicted for hundreds of real objects is what it prints."""

from __future__ import annotations

import glob
import os
import random
import shutil
import sysconfig
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from envdoctor.facts.loader.elf import read_elf
from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import read_host
from envdoctor.facts.loader.process import Files
from envdoctor.facts.loader.secure import is_secure
from envdoctor.system.files import Unreadable
from tests.native import loaded

ENOUGH = 300


def trusted_objects() -> Iterator[str]:
    """Programs, libraries and extension modules that came with the system or with the Python that runs the tests."""
    dynload = str(sysconfig.get_config_var("DESTSHARED"))
    patterns = ["/usr/bin/*", "/usr/lib/git-core/*", "/usr/lib/*-linux-gnu/lib*.so.*", "/usr/lib64/lib*.so.*"]
    paths = [path for pattern in patterns for path in glob.glob(pattern)]
    chosen = random.Random(300).sample(sorted(paths), len(paths))
    for path in [
        *glob.glob(f"{dynload}/*.so"),
        os.path.realpath(f"{sysconfig.get_config_var('BINDIR')}/python3"),
        *chosen,
    ]:
        try:
            elf = read_elf(path)
        except Unreadable:
            continue
        if elf.needed and not is_secure(path) and elf.architecture == read_elf("/bin/sh").architecture:
            yield path


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str | None]]:
    """A working directory, and values of LD_LIBRARY_PATH that lead to copies of system libraries in every way."""
    root = tmp_path_factory.mktemp("truth")
    host = read_host()

    def put(directory: str, *names: str) -> None:
        (root / directory).mkdir(parents=True, exist_ok=True)
        for name in names:
            for entry in host.cache.get(name, ()):
                shutil.copy(entry.path, root / directory / name)

    put("a", "libz.so.1", "libtinfo.so.6", "libcrypto.so.3", "libssl.so.3", "libstdc++.so.6", "libgcc_s.so.1")
    for subdirectory in ("", *host.subdirectories):
        put(f"b/{subdirectory}", "libz.so.1", "liblzma.so.5", "libffi.so.8")
    put("other", "libz.so.1", "libtinfo.so.6")
    for library in (root / "other").iterdir():
        content = bytearray(library.read_bytes())
        content[18] = 0xF3  # another machine
        library.write_bytes(content)
    put(f"cwd/{host.lib}", "libz.so.1")
    put("cwd", "libtinfo.so.6", "libpcre2-8.so.0")
    return root / "cwd", [
        None,
        f"{root}/a",
        f"{root}/b:/nope:{root}/a/",
        f"{root}/other;{root}/b",
        f":{root}/a//",
        "x:$LIB:$ORIGIN/../lib:${ORIGIN}/../../b:~",
        ":".join([*reversed(host.default_directories), f"{root}/a"]),
    ]


@pytest.mark.clinic
def test_the_file_that_is_predicted_is_the_one_that_the_real_loader_takes(
    values: tuple[Path, list[str | None]],
) -> None:
    cwd, library_paths = values
    objects = [path for _, path in zip(range(ENOUGH), trusted_objects(), strict=False)]
    assert len(objects) == ENOUGH
    files, host = Files(), read_host()
    resolved = 0
    cases = [(path, value) for path in objects for value in library_paths]
    with ThreadPoolExecutor(4) as pool:
        truths = pool.map(lambda case: loaded(case[0], case[1], cwd), cases)
    for (path, value), truth in zip(cases, truths, strict=True):
        process = Loader(host, value, str(cwd), files=files).start(path)
        failed = {failure.name for failure in process.failures}
        for name, taken in truth.items():
            predicted = None if name in failed else os.path.normpath(process.names[name].path)
            assert predicted == (taken and os.path.normpath(taken)), (path, value, name)
            resolved += 1
    assert resolved > 5000
