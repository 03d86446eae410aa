from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.imports.absence import Cause, Reason, of_distribution
from tests.facts.imports.absence_world import SUFFIX, install, texts, told, world
from tests.facts.imports.imports_world import write


def test_a_distribution_of_another_name_is_named_with_what_to_import(tmp_path: Path) -> None:
    _, packages = world(tmp_path)
    install(packages, "PyYAML-6.0.dist-info", "yaml/__init__.py,,\n")
    mine, _ = world(tmp_path)
    expected = "PyYAML is the name of the distribution pyyaml 6.0; import yaml"
    assert texts(mine, "PyYAML") == [expected]
    assert [each.text for each in of_distribution(mine, "py-yaml")] == []
    assert next(each.text for each in of_distribution(mine, "PyYAML")) == expected
    assert [each.text for each in of_distribution(mine, "scikit-learn")] == [
        "scikit-learn is the name of a distribution; import sklearn"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cv2", "cv2 comes with the distribution opencv-python (or opencv-python-headless, opencv-contrib-python)"),
        ("sklearn.svm", "sklearn comes with the distribution scikit-learn"),
        ("google.protobuf.message", "google.protobuf comes with the distribution protobuf"),
    ],
)
def test_what_is_nowhere_is_named_by_its_distribution(name: str, text: str, tmp_path: Path) -> None:
    mine, _ = world(tmp_path)
    assert texts(mine, name) == [f"{text}, not installed here"]


def test_extension_modules_for_another_python_are_seen(tmp_path: Path) -> None:
    mine, packages = world(tmp_path)
    alien = "cpython-310-x86_64-linux-gnu.so"
    write(packages, f"fast.{alien}", f"quick/__init__.{alien}", "pack/__init__.py", f"pack/core.{alien}")
    wanted = f"is built for another Python: this one wants fast{SUFFIX}"
    assert told(mine, "fast") == [Reason(Cause.OTHER_BUILD, f"fast.{alien} {wanted}", f"{packages}/fast.{alien}")]
    assert [each.cause for each in told(mine, "pack.core")] == [Cause.OTHER_BUILD, Cause.NO_SUBMODULE]


@pytest.mark.parametrize(
    ("name", "version", "text"),
    [
        ("tomllib", (3, 10, 2), "tomllib is part of the standard library since Python 3.11; this is 3.10.2"),
        ("imp", (3, 12, 1), "the standard library has no imp since Python 3.12; this is 3.12.1"),
        ("urllib2", (3, 8, 0), "the standard library has no urllib2 since Python 3.0; this is 3.8.0"),
        ("dataclasses", (2, 7, 18), "dataclasses is part of the standard library since Python 3.7; this is 2.7.18"),
        (
            "tkinter",
            (3, 11, 2),
            "tkinter belongs to the standard library; Debian and Ubuntu have it in the package python3-tk",
        ),
        ("lzma", (3, 11, 2), "lzma belongs to the standard library of Python 3.11, and is missing in /nonexistent"),
    ],
)
def test_the_standard_library_of_other_versions_is_known(
    name: str, version: tuple[int, int, int], text: str, tmp_path: Path
) -> None:
    mine, _ = world(tmp_path, version)
    assert texts(mine, name) == [text]


def test_an_editable_install_whose_source_is_gone_says_so(tmp_path: Path) -> None:
    _, packages = world(tmp_path)
    (packages / "__editable__.mine-1.pth").write_text("import __editable___mine_finder\n")
    (packages / "__editable___mine_finder.py").write_text("MAPPING: dict = {'mine': '/gone/mine'}\n")
    (packages / "_editable_impl_other.pth").write_text("/gone/src\n")
    mine, _ = world(tmp_path)
    assert texts(mine, "mine") == ["it is installed in place, and /gone/mine is gone"]
    assert texts(mine, "other") == ["it is installed in place, and /gone/src is gone"]
    assert texts(mine, "the") == []


def test_a_package_that_ends_the_search_is_named(tmp_path: Path) -> None:
    first = tmp_path / "first"
    write(first, "google/__init__.py")
    mine, packages = world(tmp_path, PYTHONPATH=str(first))
    write(packages, "google/protobuf/__init__.py")
    assert mine.resolve("google.protobuf").found is None
    found = told(mine, "google.protobuf")
    assert [each.where for each in found if each.cause is Cause.SHUT_OUT] == [f"{packages}/google"]


def test_the_nearest_name_is_offered_where_nothing_else_is_known(tmp_path: Path) -> None:
    mine, packages = world(tmp_path)
    write(packages, "requests/__init__.py", "requests/adapters.py")
    assert texts(mine, "reqeusts") == ["did you mean requests?"]
    assert texts(mine, "sy") == ["did you mean sys?"]
    assert texts(mine, "requests.adaptors") == [
        "requests has no module 'adaptors'; if it is a class or a function: `from requests import adaptors`",
        "did you mean requests.adapters?",
    ]
    assert texts(mine, "qqqqqq") == []


def test_what_is_no_package_has_no_submodules(tmp_path: Path) -> None:
    mine, packages = world(tmp_path)
    write(packages, "six.py")
    [reason] = told(mine, "six.moves")
    assert (reason.cause, reason.where) == (Cause.NO_PACKAGE, f"{packages}/six.py")


def test_code_that_may_change_imports_is_named(tmp_path: Path) -> None:
    _, packages = world(tmp_path)
    (packages / "hook.pth").write_text("import hook\n")
    mine, _ = world(tmp_path)
    [reason] = told(mine, "qqqqqq")
    assert (reason.cause, reason.where) == (Cause.HOOK, f"{packages}/hook.pth")
