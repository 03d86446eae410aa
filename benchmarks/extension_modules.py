"""How long does `--deep` take for thousands of extension modules, beside other ways to read them?

    python benchmarks/extension_modules.py [MODULES]

Makes an environment with copies of real extension modules (this Python's own and those installed beside it), looks
into all of them with `envdoctor check --deep`, reads the same facts with pyelftools, and asks the real loader about a
part of them. The real loader can only be asked about objects that are trusted.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from elftools.elf.elffile import ELFFile

PART = 10  # one in so many is shown to the real loader
LOADER = "/lib64/ld-linux-x86-64.so.2"


def make_environment(root: Path, modules: int) -> Path:
    """A virtual environment with so many extension modules, twenty a package. Its Python."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, root], check=True)
    [packages] = root.glob("lib/python3*/site-packages")
    own = glob.glob(f"{sysconfig.get_config_var('DESTSHARED')}/*.so")
    installed = glob.glob(f"{sysconfig.get_path('platlib')}/**/*.so", recursive=True)
    originals = [path for path in own + installed if os.path.getsize(path) < 3_000_000]
    for number in range(modules):
        package = packages / f"package{number // 20}"
        package.mkdir(exist_ok=True)
        original = originals[number % len(originals)]
        name, dot, rest = os.path.basename(original).partition(".")
        shutil.copyfile(original, package / f"{name}{number}{dot}{rest}")
    return root / "bin" / "python"


def run_doctor(python: Path, *options: str) -> float:
    """Seconds of a whole run that selects the checks of extension modules alone."""
    argv = [
        str(Path(sys.executable).parent / "envdoctor"),
        "check",
        "--select",
        "LIB003,LIB011",
        "--python",
        str(python),
    ]
    begin = time.perf_counter()
    subprocess.run([*argv, *options], capture_output=True, check=False)
    return time.perf_counter() - begin


def read_with_pyelftools(paths: list[str]) -> float:
    """Seconds to read what each file needs and requires."""
    begin = time.perf_counter()
    for path in paths:
        with open(path, "rb") as file:
            elf = ELFFile(file)
            for segment in elf.iter_segments("PT_DYNAMIC"):
                for tag in segment.iter_tags():
                    getattr(tag, "needed", None)
            for section in elf.iter_sections("SHT_GNU_verneed"):
                for _, versions in section.iter_versions():
                    list(versions)
    return time.perf_counter() - begin


def ask_the_loader(paths: list[str]) -> float:
    """Seconds that the real loader would take for all, by asking it about a part."""
    begin = time.perf_counter()
    for path in paths[::PART]:
        subprocess.run([LOADER, path], env={"LD_TRACE_LOADED_OBJECTS": "1"}, capture_output=True, check=False)
    return (time.perf_counter() - begin) * PART


def main(modules: int) -> None:
    """Print a Markdown table of ratios to the look into every module."""
    with tempfile.TemporaryDirectory() as scratch:
        python = make_environment(Path(scratch) / "env", modules)
        paths = glob.glob(f"{scratch}/env/lib/**/package*/*.so", recursive=True)
        shallow = min(run_doctor(python) for _ in range(3))
        deep = min(run_doctor(python, "--deep") for _ in range(3))
        rows = {
            f"envdoctor check --deep, {len(paths)} modules": deep,
            "the same without --deep": shallow,
            "pyelftools, reading only": read_with_pyelftools(paths),
            f"the real loader, from one in {PART}": ask_the_loader(paths),
        }
        print("| what | ratio | seconds |\n|---|---:|---:|")
        for what, seconds in rows.items():
            print(f"| {what} | {seconds / deep:.2f} | {seconds:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
