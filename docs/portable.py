"""Make one folder, and a tar of it, that runs where nothing can be installed.

    python docs/portable.py WHEEL OUTPUT PYTHON [PYTHON…]

OUTPUT/envdoctor then holds the libraries for every given minor version of Python, side by side: the names of their
compiled modules carry the version. `envdoctor/envdoctor` runs on the first of these Pythons that the search path has,
and writes nothing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LAUNCHER = """\
#!/bin/sh
# Run on the first Python that this folder has libraries for.
self=$(readlink -f -- "$0" 2>/dev/null) || self=$0
here=${{self%/*}}
for python in {names} python3; do
    if command -v "$python" >/dev/null 2>&1 &&
        "$python" -I -c 'import sys; sys.exit(sys.version_info[:2] not in ({versions},))' 2>/dev/null; then
        exec "$python" -I -B -X utf8 "$here/lib/envdoctor/__main__.py" "$@"
    fi
done
echo 'envdoctor: it needs one of {names}, and none is on the search path' >&2
exit 3
"""


def main(wheel: str, output: Path, pythons: list[str]) -> None:
    """Fill the folder and pack it. pip takes what the wheel needs from where it is set to."""
    folder = output / "envdoctor"
    minors = []
    for python in pythons:
        minors.append(_told(python, "import sys; print('%d.%d' % sys.version_info[:2])"))
        with tempfile.TemporaryDirectory() as scratch:
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", "--no-compile", "--target", scratch, wheel], check=True
            )
            kept = shutil.ignore_patterns("bin", "share")
            shutil.copytree(scratch, folder / "lib", dirs_exist_ok=True, ignore=kept)
    for python in pythons:  # for times of files that change on the way to another machine
        compiling = ("compileall", "-q", "-x", "/pygments/", "--invalidation-mode", "unchecked-hash")
        subprocess.run([python, "-m", *compiling, str(folder / "lib")], check=True)
    minors.sort(key=lambda minor: int(minor.partition(".")[2]), reverse=True)
    launcher = folder / "envdoctor"
    versions = ", ".join(f"({minor.replace('.', ', ')})" for minor in minors)
    names = " ".join(f"python{minor}" for minor in minors)
    launcher.write_text(LAUNCHER.format(names=names, versions=versions), encoding="utf-8")
    launcher.chmod(0o755)
    shutil.make_archive(str(output / "envdoctor"), "gztar", output, "envdoctor")


def _told(python: str, code: str) -> str:
    return subprocess.run([python, "-I", "-c", code], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
