"""Which caches refuse this user, and which are being spoiled for another?

uv stops at the first directory of its cache that it may not write to: the cache itself, or one of the buckets in it
(`archive-v0`, `interpreter-v5`). What lies in those does no harm. pip goes on without a cache.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.disks.caches import Cache, Caches, CacheTool
from envdoctor.facts.disks.rights import account, is_writable, nearest_existing, owner_of
from envdoctor.facts.session import user_dirs
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

BUCKET = pattern(r"([a-z]+)-v([0-9]{1,9})")
TOOLS = "environments"
MOST = 1_000
OWNER_WRITES = stat.S_IWUSR | stat.S_IXUSR


class CacheFault(Fact, frozen=True, kw_only=True):
    """A cache that its user may not write to.

    Attributes:
        cache: the cache.
        place: the directory that refuses: the cache, a bucket in it, or the nearest one above it that is there.
        owner: the name or the number of the user whom that belongs to; None if that cannot be seen.
        mine: whether it belongs to the user of this session.
        user: the number of the user who needs the cache.
        by_mode: whether its owner has taken the right away from itself, and can have it back.
        read_only: whether nobody may write on that file system.
        no_directory: whether it is a file, or a link to nothing.
        creatable: where a link to nothing leads, if this user could make that directory; None otherwise.
        elsewhere: a directory in the user's own home where a cache could be; None if there is none.
        at_home: whether the place lies in that user's home.
        from_outside: whether nobody here is that owner, as in a container that has the directory from its host.
        spoiled_for: the name of the user in whose home root has made the cache; None if it is this user's own.
    """

    cache: Cache
    place: str
    owner: str | None
    mine: bool
    user: int
    by_mode: bool = False
    read_only: bool = False
    no_directory: bool = False
    creatable: str | None = None
    elsewhere: str | None = None
    at_home: bool = False
    from_outside: bool = False
    spoiled_for: str | None = None


class CacheAccess(Fact, frozen=True):
    """Every such cache of uv, pip and conda.

    Attributes:
        faults: the caches.
        runs_tools: whether uv has run tools out of its cache: `uvx` makes their environments there.
    """

    faults: tuple[CacheFault, ...] = ()
    runs_tools: bool = False


@probe
def probe_cache_access(session: Session, caches: Caches, commands: Commands) -> CacheAccess:
    """Look at the rights of what each tool writes to, and as root at who else is meant to."""
    faults: list[CacheFault] = []
    uv = caches.of(CacheTool.UV)
    if uv and commands.first("uv"):
        faults += _refused(session, uv, (uv.path, *buckets(uv.path)))
    pip = caches.of(CacheTool.PIP)
    if pip and any(map(commands.first, ("pip", "pip3"))):
        faults += _refused(session, pip, (pip.path,)) if os.geteuid() else _not_roots(session, pip)
    conda = [cache for cache in caches.caches if cache.tool is CacheTool.CONDA]
    if conda and commands.first("conda") and not any(_may_be_used(cache.path) for cache in conda):
        faults += _refused(session, conda[0], (conda[0].path,))
    faults += _spoiled(session, uv)
    tools = any(os.path.basename(bucket).startswith(TOOLS) for bucket in buckets(uv.path)) if uv else False
    return CacheAccess(tuple(faults), tools)


def buckets(cache: str) -> tuple[str, ...]:
    """The buckets in a cache of uv."""
    try:
        names = sorted(name for name in os.listdir(cache)[:MOST] if BUCKET.fullmatch(name))
    except OSError:
        return ()
    return tuple(path for name in names if os.path.isdir(path := os.path.join(cache, name)))


def _may_be_used(path: str) -> bool:
    return is_writable(nearest_existing(path))


def _refused(session: Session, cache: Cache, directories: tuple[str, ...]) -> Iterator[CacheFault]:
    """The fault of the first of these directories that refuses, or that could not be made."""
    places = (nearest_existing(directory) for directory in directories)
    place = next((place for place in places if not is_writable(place)), None)
    if place is None:
        return
    me, owner = os.geteuid(), owner_of(place)
    home = session.home or "/"
    yield CacheFault(
        cache=cache,
        place=place,
        owner=_named(owner),
        mine=owner == me,
        user=me,
        by_mode=owner == me and me != 0 and not _lets_its_owner(place),
        read_only=_is_read_only(place),
        no_directory=not os.path.isdir(place),
        creatable=_creatable(place),
        elsewhere=next(_elsewhere(home, cache, me), None),
        at_home=place.startswith(f"{home.rstrip('/')}/") and home != "/",
    )


def _lets_its_owner(path: str) -> bool:
    """Whether the mode of a directory lets its owner write; what then refuses is no matter of modes."""
    try:
        return os.stat(path).st_mode & OWNER_WRITES == OWNER_WRITES
    except OSError:
        return True


def _creatable(place: str) -> str | None:
    """Where a link to nothing leads, if that can be made."""
    if not os.path.islink(place) or os.path.exists(place):
        return None
    target = os.path.realpath(place)
    return target if is_writable(nearest_existing(target)) else None


def _not_roots(session: Session, cache: Cache) -> Iterator[CacheFault]:
    """What pip asks of root: check_path_owner in pip/_internal/utils/filesystem.py wants what is root's."""
    place = nearest_existing(cache.path)
    owner = owner_of(place)
    if owner is None or owner == 0:
        yield from _refused(session, cache, (cache.path,))
    else:
        outside = account(owner) is None
        yield CacheFault(cache=cache, place=place, owner=_named(owner), mine=False, user=0, from_outside=outside)


def _elsewhere(home: str, cache: Cache, me: int) -> Iterator[str]:
    if owner_of(home) != me:
        return
    name = os.path.basename(cache.path)
    for path in (f"{home}/.cache/{cache.tool.value}", f"{home}/.{cache.tool.value}-cache/{name}"):
        if path != cache.path and not path.startswith(f"{cache.path}/") and _may_be_used(path):
            yield path


def _spoiled(session: Session, uv: Cache | None) -> Iterator[CacheFault]:
    """What root has made in the cache of another user, who cannot write there from then on."""
    if os.geteuid() != 0:
        return
    homes = {session.home, _home_of(session.env.get("SUDO_USER"))}
    for home in sorted(filter(None, homes)):
        user = owner_of(home)
        name = account(user) if user else None
        usual = user_dirs.below(home, ".cache/uv") or ""
        for path in dict.fromkeys((usual, *([uv.path] if uv and uv.path.startswith(f"{home}/") else []))):
            roots = [place for place in (path, *buckets(path)) if owner_of(place) == 0]
            if name and user and roots and os.path.isdir(path):
                cache = uv if uv and uv.path == path else Cache(CacheTool.UV, path)
                yield CacheFault(
                    cache=cache, place=roots[0], owner="root", mine=True, user=user, at_home=True, spoiled_for=name
                )


def _home_of(user: str | None) -> str | None:
    import pwd

    try:
        return pwd.getpwnam(user).pw_dir if user else None
    except KeyError:
        return None


def _named(owner: int | None) -> str | None:
    return None if owner is None else account(owner) or f"user {owner}"


def _is_read_only(path: str) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False
