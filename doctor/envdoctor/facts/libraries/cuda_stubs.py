"""Does the library path hold the stand-ins that CUDA brings for linking, before or in place of the driver itself?

The toolkit's `stubs` has a `libcuda.so` without any code, for machines that build and have no driver. Its soname is the
driver's, `libcuda.so.1`: once a program has opened it, that is what the whole process has for a driver. Every call then
ends with error 34, `CUDA_ERROR_STUB_LIBRARY`. https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__TYPES.html
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.loader.library_path import ElementKind, LibraryPath
from envdoctor.system.session import Session

# by which names programs open the driver: its soname, and the name that is there for linking
NAMES = ("libcuda.so.1", "libcuda.so")
DIRECTORY = "stubs"


class CudaStub(Fact, frozen=True):
    """A directory of stand-ins on the library path.

    Attributes:
        element: the element of the library path.
        name: the name under which a stand-in is found there before any driver: `libcuda.so.1`, else `libcuda.so`.
        driver: the driver's file that would be found without it; None where there is none.
    """

    element: str
    name: str
    driver: str | None = None

    @property
    def is_soname(self) -> bool:
        """Whether it takes the driver's own name, which every program asks for."""
        return self.name == NAMES[0]


class CudaStubs(Fact, frozen=True):
    """The directories of stand-ins, in the order of the library path."""

    stubs: tuple[CudaStub, ...]


@probe
def probe_cuda_stubs(session: Session, library_path: LibraryPath) -> CudaStubs:
    """Look where the loader would find the driver, with the library path and without the stand-ins on it."""
    elements = [e.text for e in library_path.elements if e.kind is ElementKind.NORMAL and e.exists]
    stubs = [element for element in elements if is_stubs(element)]
    if not stubs:
        raise Unavailable("no stand-ins of CUDA on the library path")
    before: dict[str, str] = {}
    found: dict[str, CudaStub] = {}
    for name in NAMES:
        places = [f"{element}/{name}" for element in elements if os.path.exists(f"{element}/{name}")]
        drivers = [path for path in places if not is_stubs(os.path.dirname(path))]
        drivers += _of_the_system(session, name)
        before[name] = next(iter(drivers), "")
        first = os.path.dirname(places[0]) if places else None
        if first in stubs and first not in found:
            found[first] = CudaStub(first, name, before[name] or before[NAMES[0]] or None)
    if not found:
        raise Unavailable("the driver is found before CUDA's stand-ins")
    return CudaStubs(tuple(found[element] for element in dict.fromkeys(stubs) if element in found))


def is_stubs(element: str) -> bool:
    """Whether a directory is one of stand-ins, by its name, as the toolkit, conda and distributions call it."""
    return DIRECTORY in (os.path.basename(path.rstrip("/")) for path in (element, os.path.realpath(element)))


def _of_the_system(session: Session, name: str) -> Iterator[str]:
    """The file that the loader finds by itself."""
    from envdoctor.facts.loader.loading import loading

    host = loading(session).host
    paths = [entry.path for entry in host.cache.get(name, ())]
    paths += [f"{directory}/{name}" for directory in host.default_directories]
    yield from (path for path in paths if os.path.exists(path) and not is_stubs(os.path.dirname(path)))
