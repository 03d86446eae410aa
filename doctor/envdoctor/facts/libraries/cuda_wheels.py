"""Do directories of the library path stand before the CUDA libraries that wheels bring along?

Wheels keep them in `nvidia/*/lib` of site-packages. Torch's own objects find them by an RPATH, which nothing overrides;
what is opened by its bare name at run time, and what other wheels find by a RUNPATH, comes after `LD_LIBRARY_PATH`.
"""

from __future__ import annotations

import glob
import os
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.loader.library_path import VARIABLE, ElementKind, LibraryPath
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Sites, normalised, sites
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

OF_CUDA = pattern(r"(?<=[a-z0-9])-cu[0-9]++\Z")
SONAME = r"lib[\w.+-]+?\.so\.[0-9]+"
# opened by their bare name at run time, through the RUNPATH of the library that opens them
OPENED_LATE = ("libcudnn_", "libnvrtc-builtins", "libnvrtc.so")
# what belongs to the driver: these directories must stay, whatever else lies in them
DRIVER_DIRECTORY = r"/usr/lib/wsl/|/usr/local/nvidia/lib|/cuda[^/]*/compat/|/nvidia/current/"
DRIVER_LIBRARY = ("libcuda.so", "libnvidia-", "libcudadebugger.so")
# toolkit libraries whose releases are numbered as the toolkit's
NUMBERED_AS_CUDA = ("libnvJitLink.", "libcudart.", "libnvrtc", "libcublas")
MOST_COLLISIONS = 100


class CudaCollision(Fact, frozen=True):
    """A library of which the library path holds another file than the wheel.

    Attributes:
        soname: the library.
        wheel: the wheel's file.
        wheel_version: the version of the wheel; None where it is not known.
        other: the file of the library path.
        other_version: its version, by the name of the file; None where it is not known.
        element: the element of the library path.
    """

    soname: str
    wheel: str
    wheel_version: str | None
    other: str
    other_version: str | None
    element: str


class CudaWheels(Fact, frozen=True):
    """The CUDA wheels of the session's Python, and what stands before them.

    Attributes:
        directories: where the wheels keep their libraries.
        collisions: what would be taken from the library path instead.
    """

    directories: tuple[str, ...]
    collisions: tuple[CudaCollision, ...] = ()


@probe
def probe_cuda_wheels(session: Session, active: ActivePython, library_path: LibraryPath) -> CudaWheels:
    """Compare names first; where torch is to be read, keep only what its objects would really get elsewhere."""
    wheels = wheel_libraries(active.interpreter.site_packages)
    if not wheels:
        raise Unavailable("no CUDA wheels are installed")
    elements = [
        element.text for element in library_path.elements if element.kind is ElementKind.NORMAL and element.exists
    ]
    found: dict[str, CudaCollision | None] = {}
    for element in elements:
        if not re.search(DRIVER_DIRECTORY, f"{element.rstrip('/')}/"):
            for soname, wheel in wheels.items():
                other = os.path.join(element, soname)
                if soname not in found and os.path.exists(other):
                    found[soname] = _collision(sites(session), soname, wheel, other, element)
    collisions = [collision for collision in found.values() if collision]
    immune = _immune(session, active, collisions) if collisions else frozenset()
    return CudaWheels(
        tuple(dict.fromkeys(os.path.dirname(path) for path in wheels.values())),
        tuple(collision for collision in collisions if collision.soname not in immune)[:MOST_COLLISIONS],
    )


def _collision(known: Sites, soname: str, wheel: str, other: str, element: str) -> CudaCollision | None:
    if os.path.realpath(other) == os.path.realpath(wheel):
        return None  # the wheel's own directory is on the library path, as some packages want it
    return CudaCollision(soname, wheel, wheel_version(known, wheel), other, file_version(other), element)


def wheel_libraries(site_packages: tuple[str, ...]) -> dict[str, str]:
    """Soname and file of each library that CUDA wheels bring along."""
    found: dict[str, str] = {}
    for directory in site_packages:
        for path in sorted(glob.glob(f"{glob.escape(directory)}/nvidia/*/lib/lib*.so.*")):
            name = os.path.basename(path)
            if re.fullmatch(SONAME, name) and not name.startswith(DRIVER_LIBRARY):
                found.setdefault(name, path)
    return found


def wheel_version(known: Sites, path: str) -> str | None:
    """The version of the wheel that a file belongs to, by the name of its metadata directory."""
    package = os.path.dirname(os.path.dirname(path))
    name = f"nvidia-{normalised(os.path.basename(package))}"
    packages = known.directory(os.path.dirname(os.path.dirname(package))).distributions
    return next((one.version for one in packages if OF_CUDA.sub("", one.name) == name), None)


def file_version(path: str) -> str | None:
    """The version that the name of the file behind all links carries: `libcudnn.so.8.9.7`, `/cuda-12.1/`."""
    real = os.path.realpath(path)
    match = re.search(r"\.so\.([0-9]+(?:\.[0-9]+)+)$", real)
    if match is None and os.path.basename(path).startswith(NUMBERED_AS_CUDA):
        match = re.search(r"/cuda-([0-9]+\.[0-9]+)/", real)
    return match[1] if match else None


def _immune(session: Session, active: ActivePython, found: list[CudaCollision]) -> frozenset[str]:
    """The libraries of which torch is proven to get the wheel's file, and which nobody opens late."""
    from envdoctor.facts.loader.loading import loading

    loaders, executable = loading(session), active.interpreter.executable
    loader = loaders.here(executable)
    process = loaders.start(loader, executable)
    if process is None:
        return frozenset()
    for directory in active.interpreter.site_packages:
        for path in sorted(glob.glob(f"{glob.escape(directory)}/torch/lib/libtorch*.so")):
            loader.open(process, path)
    taken = {mapped.elf.soname: mapped for mapped in process.objects}
    late = {collision.soname for collision in found if collision.soname.startswith(OPENED_LATE)}
    safe = {soname for soname, mapped in taken.items() if soname and mapped.how != VARIABLE}
    return frozenset(safe - late)
