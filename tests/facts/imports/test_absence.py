from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.imports.absence import Cause, Reason, of_distribution, reasons
from envdoctor.facts.imports.resolution import Imports
from envdoctor.facts.python.interpreters import Interpreters
from tests.builders import make_interpreter
from tests.facts.imports.imports_world import imports, write

SUFFIX = ".cpython-311-x86_64-linux-gnu.so"


def world(tmp_path: Path, version: tuple[int, int, int] = (3, 11, 7), **env: str) -> tuple[Imports, Path]:
    packages = tmp_path / "env/lib/python3.11/site-packages"
    packages.mkdir(parents=True, exist_ok=True)
    changes = {"base_prefix": str(tmp_path / "base"), "user_site": str(tmp_path / "user"), "extension_suffix": SUFFIX}
    python = make_interpreter(
        str(tmp_path / "env"),
        version,
        sys_path=(str(packages),),
        compiled_in=("sys",),
        stdlib="/nonexistent",
        **changes,
    )
    return imports(python, tmp_path / "cwd", **env), packages


def told(mine: Imports, name: str, *environments: KnownEnvironment, other: Interpreters | None = None) -> list[Reason]:
    found = RegisteredEnvironments(environments)
    return [*reasons(mine, mine.resolve(name), other, found)]


def texts(mine: Imports, name: str, *environments: KnownEnvironment) -> list[str]:
    return [reason.text for reason in told(mine, name, *environments)]


def install(packages: Path, record: str, listed: str) -> None:
    write(packages, f"{record}/RECORD")
    (packages / record / "RECORD").write_text(listed)


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


def test_other_environments_that_have_it_are_named(tmp_path: Path) -> None:
    mine, _ = world(tmp_path)
    other = tmp_path / "other/lib/python3.12/site-packages"
    write(other, "numpy/__init__.py")
    install(other, "numpy-2.0.dist-info", "numpy/__init__.py,,\n")
    write(tmp_path, "base/lib/python3.11/site-packages/numpy.py", "user/numpy.cpython-310.so")
    environment = KnownEnvironment(path=str(tmp_path / "other"), real="", kind=Kind.UV, python="3.12.1")
    base = f"it is installed in {tmp_path}/base, the base of this environment, whose packages it does not see"
    assert texts(mine, "numpy", environment) == [
        "it is installed in the user's packages, which this Python does not see here",
        base,
        f"it is installed (numpy 2.0) in {tmp_path}/other (uv, Python 3.12.1)",
    ]
    assert all(each.cause is Cause.ELSEWHERE for each in told(mine, "numpy", environment))
    second = make_interpreter("/opt/second", path="/opt/second/bin/python", sys_path=(str(other),))
    [*_, last] = told(mine, "numpy", other=Interpreters((second,)))
    assert last.text == "it is installed (numpy 2.0) in /opt/second (Python 3.11.7, /opt/second/bin/python)"


def test_many_environments_are_not_all_told(tmp_path: Path) -> None:
    mine, _ = world(tmp_path)
    for number in range(9):
        write(tmp_path, f"e{number}/lib/python3.9/site-packages/many.py")
    every = [KnownEnvironment(path=f"{tmp_path}/e{number}", real="", kind=Kind.VENV) for number in range(9)]
    assert len(told(mine, "many", *every)) == 6
    assert texts(mine, "many", *every)[-1] == "more environments have it"


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
