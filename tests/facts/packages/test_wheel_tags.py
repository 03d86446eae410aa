from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.packages.targets import PackageTargets
from envdoctor.facts.packages.wheel_tags import ForeignWheel, fits, probe_wheel_tags
from tests.facts.packages.packages_world import add, target
from tests.support import make_session

HERE = target(Path("/s"), version=(3, 12, 1), libc="glibc 2.36")
FREE = target(Path("/s"), version=(3, 13, 1), free_threaded=True)
ELF = b"\x7fELF\x02\x01" + bytes(12)
X86, ARM = ELF + (62).to_bytes(2, "little"), ELF + (183).to_bytes(2, "little")


@pytest.mark.parametrize(
    "tag",
    [
        "cp39-abi3-manylinux2014_x86_64",
        "cp38.cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp312-cp312-linux_x86_64",
        "py2.py3-none-manylinux1_x86_64",
        "py37-none-any",
        "cp312-none-any",
        "py3-none-any",
        "py3-none-odd_platform",
    ],
)
def test_what_pip_and_uv_take(tag: str) -> None:
    assert fits(tag, HERE)


@pytest.mark.parametrize(
    "tag",
    [
        "cp313-abi3-linux_x86_64",
        "cp313-cp313-linux_x86_64",
        "cp313-cp313t-linux_x86_64",
        "cp312-cp312t-linux_x86_64",
        "cp312-cp312-musllinux_1_1_x86_64",
        "cp312-cp312-manylinux_2_99_x86_64",
        "cp312-cp312-manylinux2014_aarch64",
        "cp312-cp312-win_amd64",
        "cp312-cp312-macosx_11_0_arm64",
        "pp310-pypy310_pp73-linux_x86_64",
        "py2-none-any",
        "py313-none-any",
    ],
)
def test_what_they_do_not_take(tag: str) -> None:
    assert not fits(tag, HERE)


def test_free_threaded_builds_have_their_own() -> None:
    assert fits("cp313-cp313t-linux_x86_64", FREE)
    assert not fits("cp313-cp313-linux_x86_64", FREE)
    assert not fits("cp39-abi3-linux_x86_64", FREE)


def foreign(site: Path, stem: str, wheel: str | None, **modules: bytes) -> tuple[ForeignWheel, ...]:
    names = {module: module.replace("__", ".") + ".so" for module in modules}
    add(site, stem, WHEEL=wheel, RECORD="".join(f"{name},sha256=x,1\n" for name in names.values()))
    for module, content in modules.items():
        (site / names[module]).write_bytes(content)
    seen = probe_wheel_tags(make_session(), PackageTargets((target(site, version=(3, 12, 1)),)))
    return seen.environments[0].foreign


def test_a_wheel_for_another_python(tmp_path: Path) -> None:
    tag = "cp311-cp311-linux_x86_64"
    [found] = foreign(
        tmp_path, "old-1.0", f"Wheel-Version: 1.0\r\nTag: {tag}\r\n", **{"x__cpython-311-x86_64-linux-gnu": X86}
    )
    assert (found.name, found.tags, found.reason) == ("old", (tag,), "is for Python 3.11")
    assert found.module == "x.cpython-311-x86_64-linux-gnu.so"


def test_a_wheel_for_another_machine(tmp_path: Path) -> None:
    [found] = foreign(tmp_path, "arm-1.0", "Tag: cp312-abi3-manylinux2014_aarch64\n", x__abi3=ARM)
    assert found.reason == "is for another machine"


@pytest.mark.parametrize(
    ("wheel", "modules"),
    [
        (None, {"x__cpython-311-x86_64-linux-gnu": X86}),  # no WHEEL
        ("Generator: x\n", {"x__cpython-311-x86_64-linux-gnu": X86}),  # catboost: no tag
        ("Tag: cp311-none\n", {"x": ARM}),  # nvidia-nvcomp: a tag in two parts
        ("Tag: py2-none-any\nTag: py3-none-any\n", {}),  # hatchling's working copies
        ("Tag: py2-none-any\n", {}),  # pure code, which may well run
        ("Tag: cp39-cp39-linux_x86_64\n", {"x": X86}),  # xgboost: tags of a repacked wheel
        ("Tag: cp311-cp311-linux_x86_64\n", {"x__cpython-311-x86_64-linux-gnu": X86, "x__abi3": X86}),
        ("Wheel-Version: 1.0\n\nTag: py3-none-any\n", {"x": X86}),  # ninja: a blank line before the tags
    ],
)
def test_tags_alone_decide_nothing(tmp_path: Path, wheel: str | None, modules: dict[str, bytes]) -> None:
    assert foreign(tmp_path, "x-1.0", wheel, **modules) == ()


def test_of_other_interpreters_nothing_is_said(tmp_path: Path) -> None:
    add(tmp_path, "x-1.0", WHEEL="Tag: cp311-cp311-linux_x86_64\n", RECORD="x.so,,\n")
    where = target(tmp_path, implementation="pypy")
    assert probe_wheel_tags(make_session(), PackageTargets((where,))).environments[0].foreign == ()
