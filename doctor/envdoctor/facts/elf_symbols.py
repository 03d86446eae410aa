"""Which symbols does an ELF file export, and which does it expect of others?

Read only for the few objects where the question is whether one library can stand in for another: symbol tables are
large. The tables of hashes say how many symbols there are; sections, which a file need not have, are not looked at.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from envdoctor.facts.elf import Image, open_image

MOST_SYMBOLS = 200_000

DT_HASH, DT_SYMTAB, DT_STRTAB, DT_STRSZ, DT_GNU_HASH, DT_VERSYM = 4, 6, 5, 10, 0x6FFFFEF5, 0x6FFFFFF0
STB_LOCAL, STB_WEAK = 0, 2
HIDDEN = 0x7FFF


@dataclass(frozen=True, slots=True)
class Wanted:
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


@dataclass(frozen=True, slots=True)
class Symbols:
    """The dynamic symbols of one object. A weak symbol that it can do without is not `wanted`.

    Attributes:
        exported: the names that it exports.
        labelled: the same names with each of their versions: `("SSL_new", "OPENSSL_3.0.0")`.
        versioned: whether it has versions at all; a library without them satisfies any version.
        wanted: what it expects of others.
    """

    exported: frozenset[str]
    labelled: frozenset[tuple[str, str]]
    versioned: bool
    wanted: tuple[Wanted, ...]

    def provide(self, wanted: Wanted) -> bool:
        """Whether a symbol would be found here, by the loader's rule."""
        if wanted.version is None or not self.versioned:
            return wanted.name in self.exported
        return (wanted.name, wanted.version) in self.labelled


def read_symbols(path: str) -> Symbols:
    """Read an object's dynamic symbols. Raises Unreadable, also where there are more than can be looked at."""
    with open_image(path) as image:
        return _read(image)


def _read(image: Image) -> Symbols:
    tag = image.tag
    if DT_SYMTAB not in tag or DT_STRTAB not in tag:
        return Symbols(frozenset(), frozenset(), versioned=False, wanted=())
    count = _count(image)
    strings = image.read(image.offset(tag[DT_STRTAB]), tag.get(DT_STRSZ, 0))
    defined = dict(image.defined_versions())
    required = {index: (soname, label) for soname, index, label, _ in image.required_versions()}
    indices: tuple[int, ...] = ()
    if DT_VERSYM in tag:
        indices = image.unpack(f"{count}H", image.offset(tag[DT_VERSYM]))
    exported, labelled, wanted = set(), set(), []
    for number, (name_at, info, section) in enumerate(_table(image, count)):
        if info >> 4 == STB_LOCAL or not name_at:
            continue
        name = strings[name_at : strings.find(b"\0", name_at)].decode("utf-8", "surrogateescape")
        index = indices[number] & HIDDEN if indices else 1
        if section:
            exported.add(name)
            if index in defined:
                labelled.add((name, defined[index]))
        elif info >> 4 != STB_WEAK:
            wanted.append(Wanted(name, *required.get(index, (None, None))))
    return Symbols(frozenset(exported), frozenset(labelled), bool(defined), tuple(wanted))


def _table(image: Image, count: int) -> list[tuple[int, int, int]]:
    """Name offset, binding and type, section of each symbol."""
    form = struct.Struct(image.order + ("IBBHQQ" if image.wide else "IIIBBH"))
    content = image.read(image.offset(image.tag[DT_SYMTAB]), count * form.size)
    if image.wide:
        return [(name, info, section) for name, info, _, section, _, _ in form.iter_unpack(content)]
    return [(name, info, section) for name, _, _, info, _, section in form.iter_unpack(content)]


def _count(image: Image) -> int:
    """How many symbols there are: what the chains of the hash table reach."""
    if DT_GNU_HASH in image.tag:
        count = _count_gnu(image, image.offset(image.tag[DT_GNU_HASH]))
    elif DT_HASH in image.tag:
        _, count = image.unpack("II", image.offset(image.tag[DT_HASH]))
    else:
        image.refuse("no table of symbol hashes")
    if count > MOST_SYMBOLS:
        image.refuse(f"more than {MOST_SYMBOLS:,} symbols")
    return count


def _count_gnu(image: Image, at: int) -> int:
    buckets, first, bloom, _ = image.unpack("IIII", at)
    if buckets > MOST_SYMBOLS or bloom > MOST_SYMBOLS:
        image.refuse("a damaged table of symbol hashes")
    at += 16 + bloom * (8 if image.wide else 4)
    last = max(image.unpack(f"{buckets}I", at), default=0)
    if last < first:
        return first
    at += 4 * buckets
    while not image.unpack("I", at + 4 * (last - first))[0] & 1:
        last += 1
        if last > MOST_SYMBOLS:
            break
    return last + 1
