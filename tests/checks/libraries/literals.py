"""Libraries and search paths as facts, as several modules are tested with them."""

from __future__ import annotations

from envdoctor.facts.libraries.libstdcxx import Libstdcxx
from envdoctor.facts.loader.library_path import LibraryPath, LibraryPathElement

VARIABLE = "LD_LIBRARY_PATH"
PYTHON = "/home/me/.pyenv/versions/3.12.1/bin/python3.12"
CONDA = "/home/me/miniconda3"
OTHER = "/opt/other/lib"


def path(*texts: str) -> LibraryPath:
    elements = tuple(LibraryPathElement(number, text, first=number) for number, text in enumerate(texts))
    return LibraryPath(":".join(texts), elements)


OLD = Libstdcxx(f"{CONDA}/lib/libstdc++.so.6", "GLIBCXX_3.4.9", "CXXABI_1.3.2")
NEW = Libstdcxx("/lib/x86_64-linux-gnu/libstdc++.so.6", "GLIBCXX_3.4.30", "CXXABI_1.3.13")
