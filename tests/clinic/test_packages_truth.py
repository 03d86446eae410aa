"""PKG001 against its referees: what `pip check` and `uv pip check` say of generated environments.

Where the two are known to differ, the cases are not generated: they stand one by one in the tests of the facts.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clinic.environments import pip_tree
from tests.facts.packages.packages_world import add, dependencies
from tests.support import needs_tool

NAMES = ("alpha", "Beta_Two", "gamma.three", "delta")
VERSION = st.sampled_from(
    [
        "1.0",
        "1.0.0",
        "1.5",
        "2.0",
        "3",
        "2.0a1",
        "2.0rc2",
        "1.0.post1",
        "2.0b3.post1",
        "2.1.0+cu121",
        "1.5.dev0",
        "1!1.0",
    ]
)
SPECIFIER = st.sampled_from(
    [
        "",
        ">=1.5",
        "<2",
        "==2.0",
        "!=1.0",
        "~=1.0",
        "==1.*",
        ">1.0",
        "<=1.5",
        ">=1,<2.1",
        " (>=1.5)",
        "==2.1.0",
        "==2.1.0+cu121",
        "!=2.1.*",
        "==1.0.0",
        "==2.0a1",
        "<2.0a2",
        ">=2020",
        "==1!1.0",
        ">=1!0.5",
        "[fast]>=2",
        "[fast,more]",
        " @ https://host.example/x-1.0-py3-none-any.whl ",
    ]
)
MARKER = st.sampled_from(
    [
        "",
        "",
        "; python_version >= '3.8'",
        "; python_version < '3'",
        "; extra == 'fast'",
        "; extra != 'fast'",
        "; sys_platform == 'win32' or os_name == 'posix'",
        "; 'linux' in sys_platform",
        "; '3.8' <= python_version",
        "; python_version not in '2.7, 3.6'",
        "; python_full_version >= '3.11.2'",
        "; platform_python_implementation == 'PyPy' or python_version ~= '3.8'",
        "; (extra == 'fast' or python_version > '3') and implementation_name == 'cpython'",
    ]
)
PYTHON = st.sampled_from(["", "Requires-Python: >=3.6\n", "Requires-Python: <3.9\n", "Requires-Python: >=3.99\n"])
REQUIREMENT = st.tuples(st.sampled_from([*NAMES, "absent"]), SPECIFIER, MARKER).map("".join)
PACKAGE = st.tuples(VERSION, st.lists(REQUIREMENT, max_size=4), PYTHON)
PACKAGES = st.dictionaries(st.sampled_from(NAMES), PACKAGE, min_size=1, max_size=4)
# what a `requires.txt` can say
PLAIN = st.tuples(
    st.sampled_from([*NAMES, "absent"]), SPECIFIER.filter(lambda text: "@" not in text and "(" not in text)
).map("".join)
OLDER = st.dictionaries(
    st.sampled_from(
        ["", "[:python_version >= '3.8']", "[:sys_platform == 'win32']", "[fast]", "[fast:os_name == 'posix']"]
    ),
    st.lists(PLAIN, max_size=3),
    max_size=4,
)
SAID_BY_PIP = re.compile(
    r"(?m)^(\S+) \S+ (?:requires (\S+), which is not installed|has requirement (.+), but you have )"
)
SAID_BY_UV = re.compile(r"The package `(\S+)` requires `(.+)`, but (?:it's not installed|`)")
NAME = re.compile(r"[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pairs(found: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Who lacks what, by normalised names."""
    return {(plain(dependent), plain(NAME.findall(wanted)[0])) for dependent, wanted in found}


def said_by_pip(site: Path) -> set[tuple[str, str]]:
    code = f"import sys; sys.path[:0] = [{str(pip_tree())!r}]; from pip._internal.cli.main import main; main(['check'])"
    env = {"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "HOME": str(site)}
    done = subprocess.run(
        [sys.executable, "-s", "-S", "-c", code], env=env, capture_output=True, text=True, check=False
    )
    return pairs([(one, missing or unfit) for one, missing, unfit in SAID_BY_PIP.findall(done.stdout)])


def said_by_uv(root: Path) -> set[tuple[str, str]]:
    argv = [needs_tool("uv"), "pip", "check", "--offline", "-p", str(root)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return pairs(SAID_BY_UV.findall(done.stderr))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment."""
    place = tmp_path_factory.mktemp("truth") / "env"
    subprocess.run([needs_tool("uv"), "venv", "-q", "--offline", "-p", sys.executable, place], check=True)
    return place


ASKED = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@ASKED
@given(PACKAGES)
def test_pip_and_uv_agree(root: Path, packages: dict[str, tuple[str, list[str], str]]) -> None:
    [site] = root.glob("lib/python3*/site-packages")
    made = [
        add(site, f"{name}-{version}", *requires, headers=python)
        for name, (version, requires, python) in packages.items()
    ]
    try:
        ours = unmet(site)
        assert ours == said_by_pip(site)
        assert ours == said_by_uv(root)
    finally:
        for info in made:
            shutil.rmtree(info)


@ASKED
@given(OLDER, PACKAGES)
def test_pip_agrees_on_records_of_the_older_form(
    root: Path, older: dict[str, list[str]], packages: dict[str, tuple[str, list[str], str]]
) -> None:
    """uv does not read `requires.txt`; what it says of such a package is nothing at all."""
    [site] = root.glob("lib/python3*/site-packages")
    made = [add(site, f"{name}-{version}", *requires) for name, (version, requires, _) in packages.items()]
    info = site / "old-1.0-py3.8.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: old\nVersion: 1.0\n")
    sections = sorted(older.items())  # what stands in no section comes first
    (info / "requires.txt").write_text("\n".join(line for head, lines in sections for line in (head, *lines)))
    try:
        ours = unmet(site)
        assert ours == said_by_pip(site)
        assert {pair for pair in ours if pair[0] != "old"} == said_by_uv(root)
    finally:
        for record in (*made, info):
            shutil.rmtree(record)


def unmet(site: Path) -> set[tuple[str, str]]:
    """Who lacks what, as envdoctor sees it."""
    return {(one.dependent, one.name) for one in dependencies([site], version=sys.version_info[:3]).unmet}
