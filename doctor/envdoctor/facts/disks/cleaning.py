"""What does each tool's own command take out of its cache? Told from the files, by the rules of the tool.

Held against the real uv, pip, poetry, pdm and pre-commit by tests/clinic/test_disks_truth.py. conda's rule is that of
conda/cli/main_clean.py, 26.7: a package stays if one of its files has another name. That of `hf cache prune` was tried
with huggingface_hub 2.4: it removes revisions that no branch or tag names, and downloads that were not finished.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import msgspec

from envdoctor.facts.disks.access import BUCKET, TOOLS
from envdoctor.facts.disks.caches import CacheTool
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits

ARCHIVES = "archive-v0"
POINTING = ("wheels", "sdists")
PASSING = (".conda", ".tar.bz2", ".c~", ".trash")
WHOLE = ("cache", ".logs")
UNFINISHED = ".incomplete"
FILES_ALONE = (CacheTool.PIP, CacheTool.PDM)

GoOn = Callable[[], bool]


class Cleaning(msgspec.Struct, frozen=True):
    """A command that cleans a cache.

    Attributes:
        argv: the command.
        removes: the files and directories that it removes.
        spares: whether it leaves the directories in these where they are, without their files.
    """

    argv: tuple[str, ...]
    removes: tuple[str, ...]
    spares: bool = False


def cleanings(tool: CacheTool, cache: str, go_on: GoOn = lambda: True) -> tuple[Cleaning, ...]:
    """The commands of a tool for cleaning its cache, the most careful first; none where it has none."""
    spares = tool in FILES_ALONE
    return tuple(Cleaning(argv, tuple(removed(cache, go_on)), spares) for argv, removed in COMMANDS.get(tool, ()))


def _all(cache: str, _go_on: GoOn) -> Iterator[str]:
    yield cache


def _in(*names: str) -> Callable[[str, GoOn], Iterator[str]]:
    """The way to find these directories in a cache."""
    return lambda cache, _: (path for name in names if os.path.isdir(path := os.path.join(cache, name)))


def _names(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _unused_by_uv(cache: str, go_on: GoOn) -> Iterator[str]:
    """Buckets of an earlier version beside a later one, environments of tools, archives that nothing points to."""
    buckets = {name: found for name in _names(cache) if (found := BUCKET.fullmatch(name))}
    newest: dict[str, int] = {}
    for found in buckets.values():
        newest[found[1]] = max(newest.get(found[1], 0), int(found[2]))
    used = set()
    for name, found in buckets.items():
        path = os.path.join(cache, name)
        if int(found[2]) < newest[found[1]] or found[1] == TOOLS:
            yield path
        elif found[1] in POINTING:
            used |= {os.path.basename(target) for _, target in _links(path, go_on)}
    archives = os.path.join(cache, ARCHIVES)
    yield from (os.path.join(archives, name) for name in _names(archives) if name not in used)


def _unused_by_conda(cache: str, go_on: GoOn) -> Iterator[str]:
    """Packed packages, what was unpacked and is linked nowhere, the index, and what was left behind."""
    for name in _names(cache):
        path = os.path.join(cache, name)
        is_package = os.path.isfile(os.path.join(path, "info", "index.json"))
        if name.endswith(PASSING) or name in WHOLE or (is_package and not _is_linked(path, go_on)):
            yield path


def _is_linked(package: str, go_on: GoOn) -> bool:
    """Whether a file of an unpacked package has another name; also where nobody has time to look."""
    for directory, _, names in os.walk(package):
        if not go_on():
            return True
        for name in names:
            try:
                if os.lstat(os.path.join(directory, name)).st_nlink > 1:
                    return True
            except OSError:
                continue
    return False


def _detached(cache: str, go_on: GoOn) -> Iterator[str]:
    """What only revisions hold that no branch or tag names, and what was not downloaded whole."""
    for name in _names(cache):
        repository = os.path.join(cache, name)
        blobs, snapshots = os.path.join(repository, "blobs"), os.path.join(repository, "snapshots")
        named = set(_revisions(os.path.join(repository, "refs")))
        revisions = _names(snapshots)
        loose = [revision for revision in revisions if revision not in named]
        if loose:
            kept = (os.path.join(snapshots, revision) for revision in revisions if revision in named)
            used = {os.path.basename(target) for path in kept for _, target in _links(path, go_on)}
            held = {
                os.path.basename(target) for path in loose for _, target in _links(os.path.join(snapshots, path), go_on)
            }
            yield from (os.path.join(snapshots, revision) for revision in loose)
            yield from (os.path.join(blobs, blob) for blob in sorted(held - used))
        yield from (os.path.join(blobs, blob) for blob in _names(blobs) if blob.endswith(UNFINISHED))


def _revisions(refs: str) -> Iterator[str]:
    for directory, _, names in os.walk(refs):
        for name in names:
            try:
                yield read_text(os.path.join(directory, name), limits.PATH_FILE).strip()
            except Unreadable:
                continue


def _links(directory: str, go_on: GoOn) -> Iterator[tuple[str, str]]:
    """Every symbolic link below a directory, and where it says that it leads."""
    pending = [directory]
    while pending and go_on():
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        yield entry.path, os.readlink(entry.path)
                    elif entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
        except OSError:
            continue


COMMANDS: dict[CacheTool, tuple[tuple[tuple[str, ...], Callable[[str, GoOn], Iterator[str]]], ...]] = {
    CacheTool.UV: ((("uv", "cache", "prune"), _unused_by_uv), (("uv", "cache", "clean"), _all)),
    CacheTool.PIP: ((("pip", "cache", "purge"), _in("http", "http-v2", "wheels")),),
    CacheTool.CONDA: ((("conda", "clean", "--all"), _unused_by_conda),),
    CacheTool.POETRY: ((("poetry", "cache", "clear", "--all", "."), _in("cache/repositories")),),
    CacheTool.PIPENV: ((("pipenv", "--clear"), _all),),
    CacheTool.PDM: ((("pdm", "cache", "clear"), _in("hashes", "http", "wheels", "metadata")),),
    CacheTool.PRE_COMMIT: ((("pre-commit", "clean"), _all),),
    CacheTool.HUGGING_FACE: ((("hf", "cache", "prune"), _detached),),
}
"""The commands of each tool with what each removes; hatch has none."""
