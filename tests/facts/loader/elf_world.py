"""Real ELF objects, and what pyelftools sees in them."""

from __future__ import annotations

import glob
import random
import sysconfig
from typing import Any

from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerDefSection, GNUVerNeedSection

from envdoctor.facts.loader.elf import ElfObject, Requirement


def real_objects(most: int) -> list[str]:
    """Libraries, extension modules and programs of this machine, a different part of them for each pattern."""
    dynload = sysconfig.get_config_var("DESTSHARED") or ""
    patterns = (f"{dynload}/*.so", "/usr/lib/*-linux-gnu/lib*.so.*", "/usr/lib64/lib*.so.*", "/usr/bin/*")
    found = [sorted(glob.glob(pattern)) for pattern in patterns]
    return [path for paths in found for path in random.Random(4).sample(paths, min(most, len(paths)))]


def as_pyelftools_sees(path: str) -> ElfObject | None:
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return None
        elf: Any = ELFFile(file)
        tags: list[Any] = [
            tag for part in elf.iter_segments() if isinstance(part, DynamicSegment) for tag in part.iter_tags()
        ]
        named = {tag.entry.d_tag: tag for tag in tags}
        interpreters = [part.get_interp_name() for part in elf.iter_segments("PT_INTERP")]
        defined, required = [], []
        for section in elf.iter_sections():
            if isinstance(section, GNUVerDefSection):
                for version, names in section.iter_versions():
                    first = next(iter(names)).name
                    if not version.entry.vd_flags & 1:
                        defined.append(first)
            if isinstance(section, GNUVerNeedSection):
                library: Any
                for library, versions in section.iter_versions():
                    labels = [(v.name, v.entry.vna_flags & 2) for v in versions]
                    strong = tuple(name for name, weak in labels if not weak)
                    required.append(Requirement(library.name, strong, tuple(name for name, weak in labels if weak)))
        return ElfObject(
            path=path,
            machine={"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}.get(elf["e_machine"], "?"),
            bits=elf.elfclass,
            byte_order="little" if elf.little_endian else "big",
            interpreter=interpreters[0] if interpreters else None,
            soname=named["DT_SONAME"].soname if "DT_SONAME" in named else None,
            needed=tuple(tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"),
            rpath=named["DT_RPATH"].rpath if "DT_RPATH" in named else None,
            runpath=named["DT_RUNPATH"].runpath if "DT_RUNPATH" in named else None,
            defined=tuple(defined),
            required=tuple(required),
            no_default_directories=bool("DT_FLAGS_1" in named and named["DT_FLAGS_1"].entry.d_val & 0x800),
        )
