from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.dependencies.declared import DeclaredRequirement, DeclaredRequirements
from envdoctor.facts.packages.gpu import NvidiaDriver
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.overrides import UvOverrides
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.packages.torch import Build, Mismatch, TorchFamilies, TorchFamily
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.torch import torch_build_unsuited, torch_family_mismatch
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, SITE, WITH_UV, made_by_uv, record, target

TORCH = Build("torch", "2.8.0", "cu128", f"{SITE}/torch/version.py")
CODEC = Build("torchcodec", "0.8.0", None, record("torchcodec-0.8.0"))
VISION = Build("torchvision", "0.24.1", "cpu", f"{SITE}/torchvision/version.py")
DRIVER = NvidiaDriver("550.54.14", "/proc/driver/nvidia/version")
README = "torchcodec README"


def families(torch: Build = TORCH, where: Target | None = None, **more: Any) -> TorchFamilies:
    return TorchFamilies((TorchFamily(where or target(), torch, **more),))


@pytest.mark.sick("PKG013")
def test_the_torchcodec_that_goes_with_torch_is_installed() -> None:
    mismatch = Mismatch(CODEC, "==2.9.*", README, ">=0.6,<0.8")
    assert assess(torch_family_mismatch, families(mismatches=(mismatch,)), NOTHING) == [
        Finding(
            "torchcodec 0.8.0 works with torch 2.9, and torch is 2.8.0",
            Fix(
                "Install the torchcodec that goes with torch 2.8.0",
                Run(PYTHON, "-m", "pip", "install", "torchcodec>=0.6,<0.8"),
                safety=Safety.CHANGES_STATE,
            ),
            CODEC.path,
            (
                Evidence("torchcodec 0.8.0", CODEC.path),
                Evidence("torch 2.8.0+cu128", TORCH.path),
                Evidence("needs torch 2.9", README),
            ),
        )
    ]


@pytest.mark.sick("PKG013")
def test_in_the_environment_of_a_manager_the_project_asks_for_it() -> None:
    mismatch = Mismatch(CODEC, "==2.9.*", README, ">=0.6,<0.8")
    managed = ManagedPackages(ProjectManager.UV, "/proj", ("torch", "torchcodec"))
    found = families(where=target(near=True), mismatches=(mismatch,))
    [finding] = assess(torch_family_mismatch, found, WITH_UV, managed)
    assert finding.fix.actions == (Run("uv", "add", "torchcodec>=0.6,<0.8", directory="/proj"),)
    member = ManagedPackages(ProjectManager.UV, "/proj", ("torch", "torchcodec"), "/proj/one")
    [finding] = assess(torch_family_mismatch, found, WITH_UV, member)
    assert finding.fix.actions == (Run("uv", "add", "torchcodec>=0.6,<0.8", directory="/proj/one"),)


@pytest.mark.sick("PKG013")
def test_a_build_of_pytorchs_own_index_comes_from_there() -> None:
    labelled = Build("torch", "2.8.0", "cu128", TORCH.path, labelled=True)
    mismatch = Mismatch(CODEC, "==2.9.*", README, "==0.7.*")
    [finding] = assess(torch_family_mismatch, families(labelled, made_by_uv(), mismatches=(mismatch,)), WITH_UV)
    argv = ("uv", "pip", "install", "--python", PYTHON, "--torch-backend", "cu128", "torchcodec==0.7.*")
    assert finding.fix.actions == (Run(*argv),)
    [finding] = assess(torch_family_mismatch, families(labelled, mismatches=(mismatch,)), NOTHING)
    text = "Install torchcodec==0.7.* from the index that torch 2.8.0+cu128 came from, with --index-url"
    assert finding.fix.actions == (Manual(text),)


@pytest.mark.sick("PKG013")
def test_where_none_is_known_it_is_said() -> None:
    mismatch = Mismatch(CODEC, ">=2.11", README)
    [finding] = assess(torch_family_mismatch, families(mismatches=(mismatch,)), NOTHING)
    assert finding.message == "torchcodec 0.8.0 works with torch >=2.11, and torch is 2.8.0"
    assert finding.fix.actions == (Manual("Install torch>=2.11: no torchcodec is known that works with torch 2.8.0"),)


@pytest.mark.sick("PKG013")
def test_builds_for_different_cudas() -> None:
    other = Build("torchvision", "0.23.0", "cu118", VISION.path)
    found = families(companions=(other,), mismatches=(Mismatch(other, None, "code"),))
    [finding] = assess(torch_family_mismatch, found, WITH_UV)
    assert finding.message == (
        "torchvision 0.23.0+cu118 and torch 2.8.0+cu128 are built for different releases of CUDA"
    )
    names = ("--reinstall-package", "torch", "--reinstall-package", "torchvision", "torch", "torchvision")
    argv = ("uv", "pip", "install", "--python", PYTHON, "--torch-backend=auto", *names)
    assert finding.fix.actions == (Run(*argv),)
    [finding] = assess(torch_family_mismatch, found, NOTHING)
    text = "Install torch, torchvision again, all from the index of one label, with --force-reinstall"
    assert finding.fix.actions == (Manual(text),)


@pytest.mark.healthy("PKG013")
def test_a_family_that_goes_together_and_what_pkg007_tells() -> None:
    assert assess(torch_family_mismatch, families(companions=(CODEC,)), NOTHING) == []
    mixed = families(companions=(VISION,), mismatches=(Mismatch(VISION, None, "code"),))
    assert assess(torch_family_mismatch, mixed, NOTHING) == []
    [finding] = assess(torch_build_unsuited, mixed, NOTHING)
    assert finding.severity is Severity.ERROR


CPU = Build("torch", "2.8.0", "cpu", TORCH.path)


@pytest.mark.sick("PKG007")
def test_a_build_for_cpus_beside_a_card() -> None:
    [finding] = assess(torch_build_unsuited, families(CPU), WITH_UV, DRIVER)
    assert finding.message == f"torch 2.8.0 in {ROOT} is built for CPUs alone, and there is an NVIDIA card"
    assert finding.evidence[1] == Evidence("driver 550.54.14", DRIVER.origin)
    assert finding.severity is None


@pytest.mark.sick("PKG007")
def test_a_driver_that_is_too_old() -> None:
    new = Build("torch", "2.11.0", "cu130", TORCH.path)
    [finding] = assess(torch_build_unsuited, families(new, least_driver="580"), WITH_UV, DRIVER)
    assert finding.message == (
        "torch 2.11.0 is built for CUDA 13.0, which needs driver 580, and the driver is 550.54.14"
    )
    assert finding.severity is Severity.ERROR


@pytest.mark.sick("PKG007")
def test_a_mixture() -> None:
    mixed = families(companions=(VISION,), mismatches=(Mismatch(VISION, None, "code"),))
    [finding] = assess(torch_build_unsuited, mixed, WITH_UV)
    assert finding.message == (
        "torchvision 0.24.1+cpu and torch 2.8.0+cu128: one is built for CPUs alone, the other is not"
    )


@pytest.mark.healthy("PKG007")
def test_builds_that_are_meant_so() -> None:
    near = families(CPU, target(near=True))
    declared = DeclaredRequirements((DeclaredRequirement("torch==2.8.0+cpu", "r:1"),))
    assert assess(torch_build_unsuited, near, WITH_UV, DRIVER, declared) == []
    assert assess(torch_build_unsuited, near, WITH_UV, DRIVER, UvOverrides(cpu_torch=True)) == []
    assert assess(torch_build_unsuited, near, WITH_UV) == []
    assert assess(torch_build_unsuited, near, WITH_UV, NvidiaDriver("550", "x", hidden=True)) == []
    assert assess(torch_build_unsuited, families(least_driver="525.60.13"), WITH_UV, DRIVER) == []
    assert assess(torch_build_unsuited, families(least_driver="580"), WITH_UV, NvidiaDriver(None, "wsl")) == []
