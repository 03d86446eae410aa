from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.packages.targets import PackageTargets
from envdoctor.facts.packages.torch import TorchFamily, probe_torch_families
from tests.facts.packages.packages_world import add, target
from tests.support import make_session

CUDA = "__version__ = '{0}'\ndebug = False\ncuda: Optional[str] = {1}\nhip: Optional[str] = {2}\n"


def family(site: Path) -> TorchFamily:
    [seen] = probe_torch_families(make_session(), PackageTargets((target(site),))).families
    return seen


def torch(site: Path, version: str, cuda: str | None = None, hip: str | None = None, label: str = "") -> None:
    add(site, f"torch-{version}{label}")
    (site / "torch").mkdir()
    (site / "torch/version.py").write_text(CUDA.format(version + label, repr(cuda), repr(hip)))


def with_label(site: Path, name: str, version: str, label: str) -> None:
    add(site, f"{name}-{version}")
    (site / name).mkdir()
    (site / name / "version.py").write_text(f"__version__ = '{version}+{label}'\ngit_version = 'abc'\n")


@pytest.mark.parametrize(
    ("codec", "torch_version", "suited"),
    [
        ("0.8.0", "2.8.0", ">=0.6,<0.8"),
        ("0.7.0", "2.9.1", ">=0.8,<0.10"),
        ("0.11.1", "2.12.0", ">=0.12"),
        ("0.12.0", "2.10.0", "==0.10.*"),
        ("0.5", "2.3.1", None),
    ],
)
def test_torchcodec_for_another_torch(tmp_path: Path, codec: str, torch_version: str, suited: str | None) -> None:
    torch(tmp_path, torch_version, "12.8")
    add(tmp_path, f"torchcodec-{codec}")
    [mismatch] = family(tmp_path).mismatches
    assert (mismatch.build.package, mismatch.suited) == ("torchcodec", suited)
    assert mismatch.wants is not None


@pytest.mark.parametrize(
    ("codec", "torch_version"),
    [
        ("0.7.0", "2.8.0"),
        ("0.9.1", "2.9.1"),
        ("0.16.0", "2.13.0"),
        ("0.12.0", "2.11.0"),
        ("0.8.0", "2.12.0.dev20261001"),
    ],
)
def test_torchcodec_that_goes_with_it(tmp_path: Path, codec: str, torch_version: str) -> None:
    torch(tmp_path, torch_version, "12.8")
    add(tmp_path, f"torchcodec-{codec}")
    assert family(tmp_path).mismatches == ()


def test_the_torchaudio_that_requires_nothing(tmp_path: Path) -> None:
    torch(tmp_path / "old", "2.9.1", "12.8")
    with_label(tmp_path / "old", "torchaudio", "2.11.0", "cu128")
    [mismatch] = family(tmp_path / "old").mismatches
    assert (mismatch.wants, mismatch.suited) == (">=2.11", "==2.9.*")
    torch(tmp_path / "new", "2.12.0", "13.0")
    with_label(tmp_path / "new", "torchaudio", "2.11.0", "cu130")
    assert family(tmp_path / "new").mismatches == ()


@pytest.mark.parametrize(
    ("name", "version", "label", "fits"),
    [
        ("torchvision", "0.24.1", "cu126", True),
        ("torchvision", "0.24.1", "cu118", False),
        ("torchvision", "0.24.1", "cpu", False),
        ("torchvision", "0.24.1", "rocm6.4", False),
        ("torchaudio", "2.9.1", "cu126", False),
        ("torchaudio", "2.9.1", "cu128", True),
        ("torchaudio", "2.11.1", "cu126", True),
    ],
)
def test_labels(tmp_path: Path, name: str, version: str, label: str, fits: bool) -> None:
    torch(tmp_path, "2.9.1" if version != "2.11.1" else "2.11.0", "12.8")
    with_label(tmp_path, name, version, label)
    found = family(tmp_path).mismatches
    assert [(each.build.label, each.wants) for each in found] == ([] if fits else [(label, None)])


def test_what_a_build_is_for(tmp_path: Path) -> None:
    torch(tmp_path / "a", "2.9.1", "12.8")
    torch(tmp_path / "b", "2.11.0", "13.0", label="+cu130")
    torch(tmp_path / "c", "2.9.1", label="+cpu")
    torch(tmp_path / "d", "2.9.1", hip="6.4.43482", label="+rocm6.4")
    add(tmp_path / "e", "torch-2.9.1")
    seen = [family(tmp_path / each) for each in "abcde"]
    assert [(each.torch.label, each.torch.labelled, each.least_driver) for each in seen] == [
        ("cu128", False, "525.60.13"),
        ("cu130", True, "580"),
        ("cpu", True, None),
        ("rocm6.4", True, None),
        (None, False, None),
    ]
    assert (seen[0].torch.cuda, seen[0].torch.shown) == ("12.8", "torch 2.9.1+cu128")


def test_without_torch_there_is_nothing(tmp_path: Path) -> None:
    add(tmp_path, "torchcodec-0.8")
    with pytest.raises(Unavailable):
        family(tmp_path)
