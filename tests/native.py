"""Real ELF objects for tests, built by gcc: libraries with version scripts, sonames, RPATH and RUNPATH."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.support import needs_tool

SYSTEM_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")


def system_loader() -> str:
    """The glibc loader of this machine."""
    return next((loader for loader in SYSTEM_LOADERS if os.path.exists(loader)), None) or needs_tool("ld-linux")


def make_library(
    path: Path,
    functions: Iterable[str] = ("stub",),
    *,
    soname: str | None = None,
    versions: Mapping[str, Sequence[str]] | None = None,
    calls: Iterable[str] = (),
    needs: Iterable[Path] = (),
    flags: Iterable[str] = (),
) -> Path:
    """A shared library.

    Args:
        path: where it goes.
        functions: what it exports; each returns its place in the list.
        soname: its soname; its file name if left out.
        versions: label → functions that carry it; None for a library without versions.
        calls: functions of other libraries that it calls.
        needs: the libraries that it is linked with.
        flags: more for gcc: `-Wl,-rpath,…`.
    """
    functions = tuple(functions)
    source = "".join(f"int {name}(void) {{ return {number}; }}\n" for number, name in enumerate(functions))
    source += _caller(calls, f"call_from_{re.sub(r'[^a-z0-9]', '_', path.name)}")
    options = ["-shared", "-fPIC", f"-Wl,-soname,{soname or path.name}"]
    if versions is not None:
        script = path.with_name(f"{path.name}.map")
        script.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{label} {{ global: {''.join(f'{name}; ' for name in names)}}};" for label, names in versions.items()]
        script.write_text("\n".join(lines))
        options.append(f"-Wl,--version-script={script}")
    return _compile(path, source, [*options, *flags], needs)


def make_program(
    path: Path, *, calls: Iterable[str] = (), needs: Iterable[Path] = (), flags: Iterable[str] = ()
) -> Path:
    """A program that calls these functions and ends with status 0."""
    return _compile(path, _caller(calls, "main"), list(flags), needs)


def make_extension(
    path: Path, *, calls: Iterable[str] = (), needs: Iterable[Path] = (), flags: Iterable[str] = ()
) -> Path:
    """Something with the shape of an extension module: it exports `PyInit_` and its name, and needs these libraries."""
    name = path.name.partition(".")[0]
    source = _caller(calls, "call_it") + f"void *PyInit_{name}(void) {{ return 0; }}\n"
    return _compile(path, source, ["-shared", "-fPIC", *flags], needs)


def loaded(path: Path | str, library_path: str | None = None, cwd: Path | str = "/") -> dict[str, str | None]:
    """What the real loader takes for each library that a trusted object needs; None where it finds nothing.

    The object is started with `LD_TRACE_LOADED_OBJECTS`, in which case the loader prints and nothing else runs.
    """
    env = {"LC_ALL": "C", "LD_TRACE_LOADED_OBJECTS": "1"}
    if library_path is not None:
        env["LD_LIBRARY_PATH"] = library_path
    is_library = ".so" in os.path.basename(path)
    argv = [system_loader(), str(path)] if is_library else [str(path)]
    output = subprocess.run(argv, env=env, cwd=cwd, capture_output=True, text=True, timeout=30, check=False)
    found: dict[str, str | None] = {}
    for line in output.stdout.splitlines():
        if match := re.match(r"\t(\S+) => (not found|.+?)(?: \(0x\w+\))?$", line):
            found[match[1]] = None if match[2] == "not found" else os.path.join(cwd, match[2])
        elif (match := re.match(r"\t([^/\s]+) \(0x", line)) and "vdso" not in match[1]:
            found[match[1]] = os.path.join(cwd, match[1])
    return found


def _caller(calls: Iterable[str], name: str) -> str:
    calls = tuple(calls)
    declared = "".join(f"int {call}(void);\n" for call in calls)
    return f"{declared}int {name}(void) {{ {''.join(f'{call}(); ' for call in calls)}return 0; }}\n"


def _compile(path: Path, source: str, options: list[str], needs: Iterable[Path]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    argv = [needs_tool("gcc"), "-x", "c", "-", "-o", str(path), "-Wl,--no-as-needed", *options, "-x", "none"]
    # what a needed library needs itself is the loader's business, not the linker's
    argv += ["-Wl,--allow-shlib-undefined", *map(str, needs)]
    built = subprocess.run(argv, input=source, text=True, capture_output=True, check=False)
    assert built.returncode == 0, built.stderr
    return path
