"""`envdoctor envs --sizes`: what environments and caches take, and what each tool's own command would free."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence

from envdoctor.engine.collector import establish
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.disks.caches import Cache, Caches, CacheTool
from envdoctor.facts.disks.cleaning import cleanings
from envdoctor.facts.environments import disk_usage
from envdoctor.facts.environments.disk_usage import DiskUsage, Measurement
from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.render.sizes import CacheContents, Freed, Sizes
from envdoctor.system.session import Progress, Session
from envdoctor.system.silent_mounts import Unanswered

OFTEN = 256
"""After so many directories the progress is told."""
# what the search path is not asked for is shown all the same
ASKED = {tool.value for tool in CacheTool} - {CacheTool.PRE_COMMIT.value, CacheTool.HUGGING_FACE.value}


def measure(environments: Sequence[KnownEnvironment], session: Session, seconds: float, tell: Progress) -> Sizes:
    """Measure all environments and caches, as far as time suffices."""
    caches = _there(session)
    clock = _Clock(seconds, len(environments) + len(caches), tell)
    measurement = Measurement()
    usage: dict[str, DiskUsage | None] = {}
    for environment in environments:
        usage[environment.real] = measurement.add(environment.real, go_on=clock.begun("environments"))
    contents = []
    careful = _not_to_be_emptied(session)
    commands = establish([Commands], session)[Commands]
    for cache in caches:
        go_on = clock.begun(f"the cache of {cache.tool.value}")
        taken = measurement.add(cache.path, go_on=go_on)
        named = isinstance(commands, Commands) and commands.first(cache.tool.value) is not None
        may_run = (named or cache.tool.value not in ASKED) and cache.tool not in careful
        freed = tuple(_freed(cache, go_on)) if taken and may_run else ()
        contents.append(CacheContents(cache.tool.value, cache.path, cache.origin, taken, freed))
    reason = f"{disk_usage.MOST:,} files" if measurement.is_full else f"{seconds:g} s (--time-limit)"
    return Sizes(usage, tuple(contents), measurement.together, tuple(_notes(usage, contents, reason)))


def _there(session: Session) -> list[Cache]:
    """The caches that are there, each directory once."""
    known = establish([Caches], session)[Caches]
    found: dict[str, Cache] = {}
    for cache in known.caches if isinstance(known, Caches) else ():
        try:
            if os.path.isdir(cache.path):
                found.setdefault(os.path.realpath(cache.path), cache)
        except Unanswered:
            continue
    return list(found.values())


def _not_to_be_emptied(session: Session) -> set[CacheTool]:
    """The tools that are told to make links into their caches: environments would lose their files."""
    known = establish([UvSettings, Condarc], session)
    uv, conda = known[UvSettings], known[Condarc]
    found = set()
    if isinstance(uv, UvSettings) and uv.link_mode == "symlink":
        found.add(CacheTool.UV)
    if isinstance(conda, Condarc) and conda.switched_on("always_softlink"):
        found.add(CacheTool.CONDA)
    return found


def _freed(cache: Cache, go_on: Callable[[], bool]) -> Iterator[Freed]:
    """What each command would free: of a file that an environment shares, nothing."""
    for cleaning in cleanings(cache.tool, cache.path, go_on):
        taken = Measurement().add(*cleaning.removes, go_on=go_on)
        spared = taken.directories if taken and cleaning.spares else 0
        yield Freed(cleaning.argv, taken.own - spared if taken else None)


def _notes(usage: dict[str, DiskUsage | None], contents: Sequence[CacheContents], reason: str) -> Iterator[str]:
    left = sum(taken is None for taken in usage.values())
    names = [f"{left} environment{'s' if left > 1 else ''}"] if left else []
    names += [f"the cache of {cache.tool}" for cache in contents if cache.usage is None]
    if names:
        yield f"measuring was ended after {reason}; not measured: {', '.join(names)}"


class _Clock:
    """Says how far the measuring is, and when it has to end."""

    def __init__(self, seconds: float, steps: int, tell: Progress) -> None:
        self._end = time.monotonic() + seconds
        self._steps, self._tell = steps, tell
        self._begun = self._asked = 0

    def begun(self, what: str) -> Callable[[], bool]:
        """Begin with the next step. The answer says, directory by directory, whether there is time."""
        self._begun += 1
        self._asked = 0

        def go_on() -> bool:
            if self._asked % OFTEN == 0:
                self._tell(f"measuring {what}", self._begun - 1, self._steps)
            self._asked += 1
            return time.monotonic() < self._end

        return go_on
