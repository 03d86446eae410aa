"""Does an ELF file export a symbol, and which does it expect of others?

Asked only of the few objects where the question is whether one library can stand in for another. Names are looked up
through the file's own hash table, as the loader does: a library may have a hundred thousand symbols, and a program asks
for a few hundred of them. Format: https://flapenguin.me/elf-dt-gnu-hash and the ELF specification, "Hash Table".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cached_property, lru_cache

import msgspec

from envdoctor.facts.loader.elf import Image, open_image
from envdoctor.system.files import Unreadable

MOST_SYMBOLS = 500_000

MOST_RELOCATIONS = 600_000

DT_HASH, DT_SYMTAB, DT_STRTAB, DT_STRSZ, DT_GNU_HASH, DT_VERSYM = 4, 6, 5, 10, 0x6FFFFEF5, 0x6FFFFFF0
# tables of relocations: where each begins, its size in bytes, and whether its entries have an addend
DT_PLTREL, DT_RELA = 20, 7
RELOCATIONS = ((7, 8, True), (17, 18, False), (23, 2, None))
STB_LOCAL, STB_WEAK = 0, 2
INDEX = 0x7FFF


class Wanted(msgspec.Struct, frozen=True):
    """A symbol that an object expects of others.

    Attributes:
        name: the symbol.
        soname: the library that it was bound to when the object was linked; None where no version says so.
        version: the label that it was bound to there.
    """

    name: str
    soname: str | None = None
    version: str | None = None

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}" if self.version else self.name


class Symbols:
    """The dynamic symbols of one object, held as the bytes of its tables."""

    def __init__(self, image: Image) -> None:
        tag = image.tag
        self._path = image.path
        self._symbol = struct.Struct(image.order + ("IBBHQQ" if image.wide else "IIIBBH"))
        self._short = struct.Struct(f"{image.order}H")
        self._wide = image.wide
        self._gnu, self._first, count = True, 0, 0
        self._buckets: tuple[int, ...] = ()
        self._chain: tuple[int, ...] = ()
        self._table = self._strings = self._versions = b""
        if DT_SYMTAB in tag and DT_STRTAB in tag:
            count = self._read_hashes(image)
            self._table = image.read(image.offset(tag[DT_SYMTAB]), count * self._symbol.size)
            self._strings = image.read(image.offset(tag[DT_STRTAB]), tag.get(DT_STRSZ, 0))
            if DT_VERSYM in tag:
                self._versions = image.read(image.offset(tag[DT_VERSYM]), count * 2)
        self._count = count
        self._defined = dict(image.defined_versions())
        self._required = {index: (soname, label) for soname, index, label, _ in image.required_versions()}

    def provide(self, wanted: Wanted) -> bool:
        """Whether a symbol would be found here, by the loader's rule: no versions at all satisfy any version."""
        name = wanted.name.encode("utf-8", "surrogateescape")
        for number in self._alike(name):
            name_at, info, section = self._entry(number)
            if section and info >> 4 != STB_LOCAL and self._string(name_at) == name:
                label = self._defined.get(self._version(number))
                if not wanted.version or not self._defined or label == wanted.version:
                    return True
        return False

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """What it cannot do without.

        Variables of others that a program keeps a copy of count too: they are defined in it, with the other's version.
        """
        found = []
        for number, fields in enumerate(self._symbol.iter_unpack(self._table)):
            name_at, info, section = self._order(fields)
            if name_at and info >> 4 not in (STB_LOCAL, STB_WEAK):
                source = self._required.get(self._version(number))
                if source or not section:
                    name = self._string(name_at).decode("utf-8", "surrogateescape")
                    found.append(Wanted(name, *(source or (None, None))))
        return tuple(found)

    @cached_property
    def relocated(self) -> tuple[Wanted, ...]:
        """What it cannot be loaded without: undefined symbols that a relocation refers to, weak ones left out.

        None of them where the relocations could not be read.
        """
        found = []
        for number in sorted(read_relocations(self._path)):
            name_at, info, section = self._entry(number)
            if name_at and not section and info >> 4 not in (STB_LOCAL, STB_WEAK):
                name = self._string(name_at).decode("utf-8", "surrogateescape")
                found.append(Wanted(name, *(self._required.get(self._version(number)) or (None, None))))
        return tuple(found)

    def _entry(self, number: int) -> tuple[int, int, int]:
        try:
            return self._order(self._symbol.unpack_from(self._table, number * self._symbol.size))
        except struct.error:
            return 0, 0, 0

    def _order(self, fields: tuple[int, ...]) -> tuple[int, int, int]:
        """Where the name is, binding and type, section."""
        return (fields[0], fields[1], fields[3]) if self._wide else (fields[0], fields[3], fields[5])

    def _version(self, number: int) -> int:
        if not self._versions:
            return 1
        return int(self._short.unpack_from(self._versions, number * 2)[0]) & INDEX

    def _string(self, at: int) -> bytes:
        return self._strings[at : self._strings.find(b"\0", at)]

    def _read_hashes(self, image: Image) -> int:
        """Take in the table of hashes; how many symbols there are."""
        if DT_GNU_HASH in image.tag:
            return self._read_gnu(image, image.offset(image.tag[DT_GNU_HASH]))
        if DT_HASH not in image.tag:
            image.refuse("no table of symbol hashes")
        at = image.offset(image.tag[DT_HASH])
        buckets, count = image.unpack("II", at)
        self._limit(image, buckets, count)
        self._gnu = False
        self._buckets = image.unpack(f"{buckets}I", at + 8)
        self._chain = image.unpack(f"{count}I", at + 8 + 4 * buckets)
        self._first = count
        return count

    def _read_gnu(self, image: Image, at: int) -> int:
        buckets, first, bloom, _ = image.unpack("IIII", at)
        self._limit(image, buckets, first, bloom)
        at += 16 + bloom * (8 if image.wide else 4)
        self._gnu = True
        self._first = first
        self._buckets = image.unpack(f"{buckets}I", at)
        last = max(self._buckets, default=0)
        at += 4 * buckets
        while last >= first and not image.unpack("I", at + 4 * (last - first))[0] & 1:
            last += 1
            self._limit(image, last)
        count = max(last + 1, first)
        self._chain = image.unpack(f"{count - first}I", at)
        return count

    @staticmethod
    def _limit(image: Image, *numbers: int) -> None:
        if max(numbers) > MOST_SYMBOLS:
            image.refuse(f"more than {MOST_SYMBOLS:,} symbols")

    def _alike(self, name: bytes) -> Iterator[int]:
        """The symbols that share the hash of a name."""
        if not self._count or not self._buckets:
            return
        if not self._gnu:
            number, left = self._buckets[hash_sysv(name) % len(self._buckets)], self._count
            while 0 < number < len(self._chain) and left:
                yield number
                number, left = self._chain[number], left - 1
            return
        wanted = hash_gnu(name)
        number = self._buckets[wanted % len(self._buckets)]
        while self._first <= number < self._count:
            known = self._chain[number - self._first]
            if known | 1 == wanted | 1:
                yield number
            if known & 1:
                return
            number += 1


def read_symbols(path: str) -> Symbols:
    """Read an object's dynamic symbols. Raises Unreadable, also where there are more than can be looked at."""
    with open_image(path) as image:
        return Symbols(image)


def read_relocations(path: str) -> frozenset[int]:
    """The numbers of the symbols that an object's relocations refer to; none where they cannot be read."""
    try:
        with open_image(path) as image:
            return frozenset(number for number in _relocations(image) if number)
    except Unreadable:
        return frozenset()


def _relocations(image: Image) -> Iterator[int]:
    """The symbol of each relocation, 0 for those without one."""
    left = MOST_RELOCATIONS
    for at, size, addend in RELOCATIONS:
        if at not in image.tag:
            continue
        wide = addend if addend is not None else image.tag.get(DT_PLTREL) == DT_RELA
        layout = ("QQq" if wide else "QQ") if image.wide else ("IIi" if wide else "II")
        form = struct.Struct(image.order + layout)
        length = image.tag.get(size, 0)
        left -= length // form.size
        if left < 0:
            image.refuse("too many relocations")
        if length:
            shift = 32 if image.wide else 8
            content = image.read(image.offset(image.tag[at]), length // form.size * form.size)
            yield from (fields[1] >> shift for fields in form.iter_unpack(content))


@lru_cache(maxsize=100_000)
def hash_gnu(name: bytes) -> int:
    """The hash of DT_GNU_HASH: Bernstein's, times 33."""
    value = 5381
    for byte in name:
        value = value * 33 + byte & 0xFFFFFFFF
    return value


def hash_sysv(name: bytes) -> int:
    """The hash of DT_HASH."""
    value = 0
    for byte in name:
        value = (value << 4) + byte
        value = (value ^ (value & 0xF0000000) >> 24) & 0x0FFFFFFF
    return value
