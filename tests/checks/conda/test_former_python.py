from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety
from envdoctor.facts.conda.former_python import FormerPython, Stranded
from envdoctor.testing import assess
from envdoctor_checks.conda.former_python import packages_of_the_former_python

PREFIX = "/opt/conda/envs/ml"
OLD = f"{PREFIX}/lib/python3.10/site-packages"
PIP = (f"{PREFIX}/bin/python", "-m", "pip", "install")


def former(*stranded: Stranded, has_pip: bool = True) -> FormerPython:
    return FormerPython(PREFIX, "3.12", "3.10", OLD, stranded, has_pip)


@pytest.mark.sick("CND016")
def test_pips_packages_are_installed_for_the_new_python() -> None:
    six, attrs = Stranded("six", "1.16", "pip"), Stranded("attrs", "25.1", "pip")
    assert assess(packages_of_the_former_python, former(attrs, six)) == [
        Finding(
            f"attrs, six in {PREFIX} cannot be imported: installed for Python 3.10, and the environment now has 3.12",
            Fix("Install these packages for the new Python", Run(*PIP, "attrs", "six"), safety=Safety.CHANGES_STATE),
            OLD,
            (Evidence("attrs 25.1, installed by pip", OLD), Evidence("six 1.16, installed by pip", OLD)),
        )
    ]


@pytest.mark.sick("CND016")
def test_each_is_installed_from_where_it_came_and_by_what_had_installed_it() -> None:
    tree = Stranded("proj", "1", "pip", "/home/ann/proj", editable=True)
    wheel = Stranded("local", "1", "pip", "/tmp/local-1.whl")
    [finding] = assess(packages_of_the_former_python, former(tree, wheel, has_pip=False))
    assert finding.fix.actions == (
        Run("conda", "install", "--yes", "--prefix", PREFIX, "pip"),
        Run(*PIP, "--editable", "/home/ann/proj"),
        Manual("Install local again from /tmp/local-1.whl"),
    )
    [finding] = assess(packages_of_the_former_python, former(Stranded("six", "1.16", "uv"), has_pip=False))
    assert finding.fix.actions == (Run("uv", "pip", "install", "--python", f"{PREFIX}/bin/python", "six"),)


@pytest.mark.healthy("CND016")
def test_what_pip_had_installed_is_there_for_the_new_python_too() -> None:
    assert not assess(packages_of_the_former_python, former())
