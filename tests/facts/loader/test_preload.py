from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.loader.preload import PreloadItem, probe_preload
from tests.facts.libraries.standard_modules_world import Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_each_preloaded_object_is_what_the_loader_makes_of_it(lab: Lab) -> None:
    good = make_library(lab.root / "libgood.so.1")
    other = lab.root / "libother.so"
    content = bytearray(good.read_bytes())
    content[18] = 0xF3
    other.write_bytes(content)
    (lab.root / "text.so").write_text("no library")
    texts = [str(good), "/nope.so", "libnowhere.so", str(other), str(lab.root / "text.so"), str(lab.root)]
    items = {item.text: item for item in probe_preload(lab.session(LD_PRELOAD=" ".join(texts))).items}
    assert items[str(good)] == PreloadItem(str(good), "LD_PRELOAD", str(good), None, "libgood.so.1")
    assert [items[text].problem for text in texts[1:]] == [
        "does not exist",
        "does not exist",
        "for another machine (riscv, 64 bit)",
        "not an ELF file",
        "not a regular file",
    ]


def test_the_systems_own_file_is_recognised(lab: Lab) -> None:
    [item] = [item for item in probe_preload(lab.session(LD_PRELOAD="libc.so.6")).items if item.origin == "LD_PRELOAD"]
    assert (item.problem, item.soname, item.is_own) == (None, "libc.so.6", True)
