"""PKG: PyTorch, the packages that are built against it, and the driver that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity, check
from envdoctor.facts.dependencies.declared import DeclaredRequirements
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.gpu import NvidiaDriver
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.overrides import UvOverrides
from envdoctor.facts.packages.torch import Build, Mismatch, TorchFamilies, TorchFamily
from envdoctor.text import versions
from envdoctor_checks.packages._fixes import Means, changed

LABELLED = "+cpu"


@check("PKG013", severity=Severity.ERROR, since="0.1")
def torch_family_mismatch(
    families: TorchFamilies, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """A package is built against another PyTorch than the one that is installed, and its metadata does not say so.

    ## Why it matters
    `import torchcodec` ends with "Could not load libtorchcodec", `import torchaudio` with "undefined symbol", and
    torchvision refuses a PyTorch for another CUDA. No installer sees it: torchcodec never requires torch, torchaudio
    2.11.0 requires nothing, and the label of a build is no version.

    ## How to fix
    Install the release of the package that goes with the installed PyTorch, by the table of its authors.

    ## Not a problem when
    Both are unreleased builds: nobody keeps a table of these. torchaudio from 2.11 and torchcodec from 0.12 on work
    with newer releases of PyTorch too.
    """
    for family in families.families:
        for mismatch in family.mismatches:
            if mismatch.wants is not None or not _is_half_cpu(family.torch, mismatch.build):
                yield _mismatch(family, mismatch, Means(family.target, builders, family.has_pip, managed))


def _is_half_cpu(torch: Build, build: Build) -> bool:
    """Whether one of two builds is for CPUs alone."""
    return (torch.label == "cpu") != (build.label == "cpu")


def _mismatch(family: TorchFamily, mismatch: Mismatch, means: Means) -> Finding:
    torch, build = family.torch, mismatch.build
    if mismatch.wants is None:
        return Finding(
            f"{build.shown} and {torch.shown} are built for different releases of CUDA",
            _built_alike(family, means),
            build.path,
            _proof(torch, build),
        )
    wanted = mismatch.wants.removeprefix("==").removesuffix(".*")
    wanted = wanted if wanted[0].isdigit() else mismatch.wants
    return Finding(
        f"{build.package} {build.version} works with torch {wanted}, and torch is {torch.version}",
        _suited(mismatch, torch, means),
        build.path,
        (*_proof(torch, build), Evidence(f"needs torch {wanted}", mismatch.source)),
    )


def _proof(torch: Build, build: Build) -> tuple[Evidence, ...]:
    return Evidence(build.shown, build.path), Evidence(torch.shown, torch.path)


def _suited(mismatch: Mismatch, torch: Build, means: Means) -> Fix:
    package = mismatch.build.package
    if mismatch.suited is None:
        text = f"Install torch{mismatch.wants}: no {package} is known that works with torch {torch.version}"
        return Fix(f"Install a {package} and a torch that go together", Manual(text))
    spec = f"{package}{mismatch.suited}"
    if means.manager(spec):
        return changed(f"Install the {package} that goes with torch {torch.version}", means, spec)
    if torch.labelled and not means.with_uv:
        text = f"Install {spec} from the index that torch {torch.version}+{torch.label} came from, with --index-url"
        return Fix(f"Install the {package} that goes with torch {torch.version}", Manual(text))
    backend = ("--torch-backend", torch.label) if torch.labelled and torch.label else ()
    return changed(f"Install the {package} that goes with torch {torch.version}", means, *backend, spec)


def _built_alike(family: TorchFamily, means: Means) -> Fix:
    """Install the whole family again, for the driver that is here."""
    summary = "Install builds that go together"
    names = ("torch", *(build.package for build in family.companions))
    if means.builders.uv is not None and not family.target.is_conda and not family.target.externally_managed:
        packages = tuple(word for name in names for word in ("--reinstall-package", name))
        argv = ("uv", "pip", "install", "--python", family.target.python, "--torch-backend=auto", *packages, *names)
        return Fix(summary, Run(*argv), safety=Safety.CHANGES_STATE)
    text = f"Install {', '.join(names)} again, all from the index of one label, with --force-reinstall"
    return Fix(summary, Manual(text))


@check("PKG007", severity=Severity.WARNING, since="0.1")
def torch_build_unsuited(
    families: TorchFamilies,
    builders: Builders,
    driver: NvidiaDriver | None,
    declared: DeclaredRequirements | None,
    settings: UvOverrides | None,
) -> Iterator[Finding]:
    """The installed build of PyTorch cannot use the graphics card, or is mixed with one that can.

    ## Why it matters
    `torch.cuda.is_available()` is False, and everything runs a hundred times slower without saying why; or the import
    fails, because one package expects CUDA and the other has none. PyTorch from 2.11 on needs a driver of the 580
    series: with an older one it silently falls back.

    ## How to fix
    Install the build for the driver. uv chooses it with `--torch-backend=auto`; a driver is updated with the system.

    ## Not a problem when
    The build for CPUs is meant: the project asks for it with `+cpu` or an index of its own, or `CUDA_VISIBLE_DEVICES`
    hides the card. A container is not given the card of its host. The build is for AMD's or Intel's cards.
    """
    for family in families.families:
        means = Means(family.target, builders, family.has_pip)
        for mismatch in family.mismatches:
            if mismatch.wants is None and _is_half_cpu(family.torch, mismatch.build):
                yield _mixed(family, mismatch.build, means)
        if driver is None or driver.hidden:
            continue
        if family.torch.label == "cpu" and not (family.target.near and _is_meant(declared, settings)):
            yield _without_cuda(family, driver, means)
        elif _is_too_old(driver, family.least_driver):
            yield _for_newer_driver(family, driver, means)


def _is_meant(declared: DeclaredRequirements | None, settings: UvOverrides | None) -> bool:
    if settings is not None and settings.cpu_torch:
        return True
    return declared is not None and any(LABELLED in requirement.text for requirement in declared.requirements)


def _is_too_old(driver: NvidiaDriver, least: str | None) -> bool:
    return driver.version is not None and least is not None and versions.admits(f">={least}", driver.version) is False


def _mixed(family: TorchFamily, build: Build, means: Means) -> Finding:
    return Finding(
        f"{build.shown} and {family.torch.shown}: one is built for CPUs alone, the other is not",
        _built_alike(family, means),
        build.path,
        _proof(family.torch, build),
        Severity.ERROR,
    )


def _without_cuda(family: TorchFamily, driver: NvidiaDriver, means: Means) -> Finding:
    shown = f"driver {driver.version}" if driver.version else "a driver"
    return Finding(
        f"torch {family.torch.version} in {family.target.root} is built for CPUs alone, and there is an NVIDIA card",
        _built_alike(family, means),
        family.torch.path,
        (Evidence(family.torch.shown, family.torch.path), Evidence(shown, driver.origin)),
    )


def _for_newer_driver(family: TorchFamily, driver: NvidiaDriver, means: Means) -> Finding:
    torch = family.torch
    return Finding(
        f"torch {torch.version} is built for CUDA {torch.cuda}, which needs driver {family.least_driver}, "
        f"and the driver is {driver.version}",
        _built_alike(family, means),
        torch.path,
        (Evidence(torch.shown, torch.path), Evidence(f"driver {driver.version}", driver.origin)),
        Severity.ERROR,
    )
