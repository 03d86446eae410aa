"""May uv download a Python by itself, and which ones are there to download?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.facts.uv.settings import UvSettings

OLDEST, NEWEST = 6, 16
"""The minor versions of Python 3 that uv 0.13 can download; it knows them by heart."""
KNOWN_UP_TO = (0, 13)
MANUAL, FORBIDDING = "manual", ("never", "manual")
OWN_LIST = "python-downloads-json-url"


class UvDownloads(Fact, frozen=True):
    """What uv may download, and what it can.

    Attributes:
        forbidden: the setting because of which uv downloads no Python by itself; None if it may.
        on_request: whether `uv python install` downloads one all the same.
        minors: the versions that it can download, `3.12`.
        all_known: whether these are surely all: of a newer uv, or of one with a list of its own, nobody knows.
    """

    forbidden: str | None = None
    on_request: bool = True
    minors: tuple[str, ...] = tuple(f"3.{minor}" for minor in range(OLDEST, NEWEST + 1))
    all_known: bool = True


@probe
def probe_uv_downloads(settings: UvSettings, copies: UvCopies | None) -> UvDownloads:
    """Look at what is set, and at the version of uv."""
    forbidding = dict(_forbidding(settings))
    own_list = settings.variable("UV_PYTHON_DOWNLOADS_JSON_URL") or settings.value(OWN_LIST)
    version = copies.first.version if copies else None
    return UvDownloads(
        next(iter(forbidding), None),
        all(forbidding.values()),
        all_known=not own_list and version is not None and version[:2] <= KNOWN_UP_TO,
    )


def _forbidding(settings: UvSettings) -> Iterator[tuple[str, bool]]:
    """The settings that forbid downloads, and whether `uv python install` may do it all the same."""
    downloads, offline = settings.value("python-downloads"), settings.value("offline")
    said = settings.variable("UV_PYTHON_DOWNLOADS")
    if said in FORBIDDING:
        yield f"UV_PYTHON_DOWNLOADS={said}", said == MANUAL
    elif not said and downloads and downloads.value in FORBIDDING:
        yield f"python-downloads = {downloads.value} in {downloads.origin}", downloads.value == MANUAL
    if settings.switched_on("UV_OFFLINE"):
        yield "UV_OFFLINE", False
    elif offline and offline.value == "true":
        yield f"offline = true in {offline.origin}", False
