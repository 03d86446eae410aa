"""The NVIDIA driver of this machine, and whether a device can be used. Read from files: nothing is run or loaded."""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

# in uv's order (accelerator.rs)
VARIABLE = "UV_CUDA_DRIVER_VERSION"
FILES = ("/sys/module/nvidia/version", "/proc/driver/nvidia/version")
DEVICES = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/dxg")
WSL_LIBRARY = "/usr/lib/wsl/lib/libcuda.so.1"
VERSION = pattern(rb"(?:Kernel Module(?: for \S+)?\s+|^)([0-9]{3,4}(?:\.[0-9]+){1,3})\b")


class NvidiaDriver(Fact, frozen=True):
    """A driver whose device can be used here.

    Attributes:
        version: `550.54.14`; None where no file tells, as in WSL.
        origin: the file or the variable that tells, or the device.
        hidden: whether `CUDA_VISIBLE_DEVICES` hides every device.
    """

    version: str | None
    origin: str
    hidden: bool = False


@probe
def probe_nvidia_driver(session: Session) -> NvidiaDriver:
    """Look for a version, and for a device: a container sees the driver of its host without being given one."""
    visible = session.env.get("CUDA_VISIBLE_DEVICES")
    hidden = visible is not None and visible.strip() in ("", "-1")
    if said := session.env.get(VARIABLE):
        return NvidiaDriver(said, VARIABLE, hidden)
    device = next(filter(os.path.exists, DEVICES), None)
    if device is None:
        raise Unavailable("there is no NVIDIA device that can be used here")
    for path in FILES:
        try:
            if found := VERSION.search(read_head(path, 1_000)):
                return NvidiaDriver(found[1].decode(), path, hidden)
        except Unreadable:
            continue
    if not os.path.exists(WSL_LIBRARY):
        raise Unavailable("no NVIDIA driver is loaded")
    return NvidiaDriver(None, WSL_LIBRARY, hidden)
