"""PyTorch and what goes with it: which builds are installed, and whether they go together.

A build says in its `version.py` what it was made for; the names of the metadata directories say so only for wheels of
PyTorch's own index. Nothing is imported: the text is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.packages import pairs
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text import versions
from envdoctor.text.patterns import pattern

COMPANIONS = ("torchvision", "torchaudio", "torchcodec")
ASSIGNED = pattern(r"(?m)^(__version__|cuda|hip|xpu)(?::[^=\n]*+)?[ \t]*+=[ \t]*+(?:'([^'\n]*)'|\"([^\"\n]*)\"|None)")
LABEL = pattern(r"\+(cu[0-9]{2,3}|cpu|rocm[0-9.]*|xpu)\b")
CUDA = pattern(r"cu([0-9]{1,2})([0-9])")
UNRELEASED = pattern(r"(?:a|b|rc|dev|git)[0-9]")


class Build(Fact, frozen=True):
    """One package as it is built.

    Attributes:
        package: its name.
        version: as it is installed, without its label.
        label: `cu128`, `cpu`, `rocm6.2`, `xpu`; None where nothing tells.
        path: the file that tells, or the metadata directory.
        labelled: whether its metadata has the label too, so that it came from PyTorch's own index.
    """

    package: str
    version: str
    label: str | None
    path: str
    labelled: bool = False

    @property
    def cuda(self) -> str | None:
        """The release of CUDA it was built for, `12.8`."""
        found = CUDA.fullmatch(self.label or "")
        return f"{found[1]}.{found[2]}" if found else None

    @property
    def shown(self) -> str:
        """`torch 2.9.1+cu128`."""
        return f"{self.package} {self.version}" + (f"+{self.label}" if self.label else "")


class Mismatch(Fact, frozen=True):
    """Two builds that do not go together.

    Attributes:
        build: the package that depends on torch.
        wants: the versions of torch that it works with, `==2.11.*`; None if it is the label that does not suit.
        source: who says so.
        suited: the versions of the package that work with the torch that is there; None if nobody knows any.
    """

    build: Build
    wants: str | None
    source: str
    suited: str | None = None


class TorchFamily(Fact, frozen=True):
    """PyTorch in one environment.

    Attributes:
        target: the environment.
        torch: its build.
        companions: what goes with it.
        mismatches: what does not.
        least_driver: the least NVIDIA driver for it, on Linux; None if it needs none or nobody knows.
        has_pip: whether the environment has a pip.
    """

    target: Target
    torch: Build
    companions: tuple[Build, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    least_driver: str | None = None
    has_pip: bool = True


class TorchFamilies(Fact, frozen=True):
    """PyTorch in each environment that has it."""

    families: tuple[TorchFamily, ...]


@probe
def probe_torch_families(session: Session, targets: PackageTargets) -> TorchFamilies:
    """Read what the builds say of themselves, and compare them with the table."""
    found = tuple(filter(None, (_family(sites(session), target) for target in targets.targets)))
    if not found:
        raise Unavailable("PyTorch is not installed")
    return TorchFamilies(found)


def _family(known: Sites, target: Target) -> TorchFamily | None:
    installed = {package.name: package for package in known.installed(target.directories)}
    if "torch" not in installed:
        return None
    torch = read_build(installed["torch"])
    companions = tuple(read_build(installed[name]) for name in COMPANIONS if name in installed)
    mismatches = () if UNRELEASED.search(torch.version) else tuple(_mismatches(torch, companions))
    return TorchFamily(target, torch, companions, mismatches, _least_driver(torch), "pip" in installed)


def read_build(package: Distribution) -> Build:
    """A build, by its `version.py`, else by the label of its version."""
    version, _, _ = package.version.partition("+")
    in_metadata = LABEL.search(package.version)
    path = f"{package.location}/{package.name}/version.py"
    said = _assigned(path)
    named = LABEL.search(said.get("__version__") or "")
    if said.get("hip"):
        label: str | None = named[1] if named else "rocm"
    elif said.get("cuda"):
        label = "cu" + "".join((said["cuda"] or "").split(".")[:2])
    elif named or in_metadata:
        label = (named or in_metadata or [""])[1]
    elif package.name == "torch" and "cuda" in said and not said.get("xpu"):
        label = "cpu"
    else:
        label = None
    return Build(package.name, version, label, path if said else package.record, in_metadata is not None)


def _assigned(path: str) -> Mapping[str, str | None]:
    try:
        text = read_head(path, 20_000).decode("utf-8", "replace")
    except Unreadable:
        return {}
    return {found[1]: found[2] or found[3] or None for found in ASSIGNED.finditer(text)}


def _mismatches(torch: Build, companions: tuple[Build, ...]) -> Iterator[Mismatch]:
    for build in companions:
        if not UNRELEASED.search(build.version):
            yield from _of_versions(torch, build) or _of_labels(torch, build)


def _of_versions(torch: Build, build: Build) -> list[Mismatch]:
    rows = (row for row in pairs.load().torch if row.package == build.package)
    row = next((row for row in rows if versions.admits(row.versions, build.version)), None)
    if row is None or versions.admits(row.torch, torch.version) is not False:
        return []
    return [Mismatch(build, row.torch, row.source, _suited(build.package, torch.version))]


def _of_labels(torch: Build, build: Build) -> list[Mismatch]:
    if torch.label is None or build.label is None or torch.label == build.label:
        return []
    rows = (row for row in pairs.load().label if row.package == build.package)
    row = next((row for row in rows if versions.admits(row.versions, build.version)), None)
    if row is None:
        return []
    mine, theirs = build.cuda, torch.cuda
    if mine and theirs:
        differ = mine.split(".")[: row.digits] != theirs.split(".")[: row.digits]
    else:
        differ = _kind(build.label) != _kind(torch.label)
    return [Mismatch(build, None, row.source)] if differ else []


def _kind(label: str) -> str:
    """`cu`, `cpu`, `rocm`, `xpu`."""
    return label.rstrip("0123456789.")


def _suited(package: str, torch: str) -> str | None:
    """The versions of a package that work with a torch, the newest that the table knows."""
    for row in reversed(pairs.load().torch):
        if row.package == package and versions.admits(row.torch, torch):
            return row.versions
    minor = ".".join(torch.split(".")[:2])
    return f"=={minor}.*" if package == "torchaudio" and versions.admits(">=2.0", torch) else None


def _least_driver(torch: Build) -> str | None:
    cuda = torch.cuda
    rows = pairs.load().driver if cuda and torch.label else ()
    return next((row.driver for row in rows if versions.admits(row.cuda, cuda or "")), None)
