"""What glibc's loader makes of the processor: the directories that it tries first, and what `$PLATFORM` stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

# processor features, as /proc/cpuinfo calls them, of each level of the x86-64 psABI
LEVELS = {
    "x86-64-v2": frozenset(["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"]),
    "x86-64-v3": frozenset(["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]),
    "x86-64-v4": frozenset(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
}
# those of the platforms that a processor of Intel's may be, the first that fits
PLATFORMS = {
    "xeon_phi": frozenset(["avx512cd", "avx512er", "avx512pf"]),
    "haswell": frozenset(["abm", "avx2", "bmi1", "bmi2", "fma", "movbe", "popcnt"]),
}
AVX512_1 = frozenset(["avx512cd", "avx512bw", "avx512dq", "avx512vl"])
SINCE, UNTIL = (2, 26), (2, 37)
"""The glibc from which on platforms have names, and the one that dropped the directories named after them."""


def platform_name(machine: str, cpu: str, glibc: tuple[int, ...]) -> str:
    """What `$PLATFORM` stands for: by the text of /proc/cpuinfo and glibc's version."""
    if machine == "x86_64" and glibc >= SINCE and _is_intels(cpu):
        flags = _flags(cpu)
        for name, features in PLATFORMS.items():
            if features <= flags:
                return name
    return machine


def subdirectories(machine: str, cpu: str, glibc: tuple[int, ...]) -> tuple[str, ...]:
    """What is tried inside each directory first, best first: by the text of /proc/cpuinfo and glibc's version."""
    if machine != "x86_64" or not glibc:
        return ()
    flags = _flags(cpu)
    found: list[str] = []
    if glibc >= (2, 33):
        for level, features in LEVELS.items():
            if not features <= flags:
                break
            found.insert(0, f"glibc-hwcaps/{level}")
    if glibc < UNTIL:
        wide = glibc >= SINCE and _is_intels(cpu) and flags >= AVX512_1 and "avx512er" not in flags
        words = ["tls", platform_name(machine, cpu, glibc), *(["avx512_1"] if wide else []), machine]
        found += dict.fromkeys(_combined(words))
    return tuple(found)


def _combined(words: Sequence[str]) -> Iterator[str]:
    """Every combination of words in their order, those with the first of them first."""
    for chosen in product((True, False), repeat=len(words)):
        if any(chosen):
            yield "/".join(word for word, is_in in zip(words, chosen, strict=True) if is_in)


def _flags(cpu: str) -> frozenset[str]:
    return frozenset(_said(cpu, "flags").split())


def _is_intels(cpu: str) -> bool:
    return _said(cpu, "vendor_id").strip() == "GenuineIntel"


def _said(cpu: str, name: str) -> str:
    """What /proc/cpuinfo says of the first processor."""
    return next((line.partition(":")[2] for line in cpu.splitlines() if line.startswith(name)), "")
