"""Held against the parser of a conda client, py-rattler."""

from __future__ import annotations

import pytest
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

from envdoctor.facts.dependencies.environment_specs import faults, ignored
from envdoctor.system.yaml import parse_yaml

REFUSED = (
    *("numpy>=", "numpy >=", "numpy =>1.2,<2", "numpy><1", "numpy>=1,<", "numpy~1"),
    *("git+https://x.example/a.git", "numpy @ https://x.example/y.whl", "./local", "-e ."),
)
# conda 26.7 itself takes these, as its own `MatchSpec` says; py-rattler does not
OF_CONDA_ALONE = ("requests[security]", "requests[a, b]>=1", "numpy =>1.2", "numpy=<2")
READ = (
    *("numpy", "numpy=1.26", "numpy=1.26=py311_0", "numpy 1.26 py311_0", "numpy>=1,<2", "numpy >= 1.2", "numpy!=1.3"),
    *("conda-forge::numpy", "numpy[version='>=1']", "numpy~=1.2", "python=3.11.*", "numpy >=1.2|<1", "_openmp_mutex"),
    "libgcc-ng",
)


def found(text: str) -> list[tuple[int, str]]:
    return list(faults(parse_yaml("p", text)))


@pytest.mark.parametrize("spec", REFUSED)
def test_what_a_conda_client_refuses(spec: str) -> None:
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(spec)
    [(line, said)] = found(f'name: x\ndependencies:\n- python\n- "{spec}"\n- pip:\n  - "{spec}"\n')
    assert line == 4
    assert f"`{spec}`" in said


@pytest.mark.parametrize("spec", READ)
def test_what_a_conda_client_reads(spec: str) -> None:
    MatchSpec(spec)
    assert found(f'dependencies: ["{spec}"]\n') == []


@pytest.mark.parametrize("spec", OF_CONDA_ALONE)
def test_what_conda_reads_and_another_client_does_not(spec: str) -> None:
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(spec)
    assert found(f'dependencies: ["{spec}"]\n') == []


def test_extras_are_passed_over() -> None:
    text = "dependencies:\n- a\n- requests[security] >=2\n- numpy[version='>=1']\n- pip:\n  - requests[socks]\n"
    said = "the extras of `requests[security] >=2` are ignored: only pip knows them, below `- pip:`"
    assert list(ignored(parse_yaml("p", text))) == [(3, said, True)]
    assert list(ignored(parse_yaml("p", "dependencies: requests[security]\n"))) == []


def test_a_file_that_is_no_mapping() -> None:
    assert found("# x\n- numpy\n") == [(2, "it holds no `name` and no `dependencies`, but something else")]
    assert found("# nothing\n") == []


# what `get_schema_errors` of conda 26.7.1, which `conda env create --file` asks, says of each, and where
INVALID = {
    "name: x\ndependancies:\n- python\n": (1, "missing required field `dependencies`"),
    "channels: [a]\n": (1, "missing required field `dependencies`"),
    "? [a]\n: b\n": (1, "missing required field `dependencies`"),
    "name: x\ndependencies: python\n": (2, "invalid type for `dependencies`, expected a list"),
    "name: x\ndependencies:\n": (2, "invalid type for `dependencies`, expected a list"),
    "name: 3.10\ndependencies: [a]\n": (1, "invalid type for `name`, expected a str"),
    "name: true\ndependencies: [a]\n": (1, "invalid type for `name`, expected a str"),
    "dependencies: [a]\nchannels: conda-forge\n": (2, "invalid type for `channels`, expected a list"),
    "dependencies: [a]\nchannels:\n- 3\n": (3, "`channels` must only contain strings"),
    "dependencies: [a]\nvariables: [A=1]\n": (2, "invalid type for `variables`, expected a dict"),
    "dependencies:\n- a\n- 3\n": (3, "`3` is an invalid type for a dependency"),
    "dependencies:\n- a\n-\n": (3, "nothing is an invalid type for a dependency"),
    "dependencies:\n- [a]\n": (2, "a list is an invalid type for a dependency"),
    "name: x\nname: y\ndependencies: [a]\n": (1, "found duplicate key `name`"),
}


@pytest.mark.parametrize("text", INVALID)
def test_what_conda_does_not_take_for_a_description(text: str) -> None:
    assert found(text) == [INVALID[text]]


@pytest.mark.parametrize(
    "text",
    [
        "name: null\nprefix: ~\nchannels:\nvariables:\ndependencies: [a]\n",
        'name: "311"\ndependencies: []\n',
        "name: yes\ndependencies:\n- a\n- pip:\n  - b\n- sel(linux): c\nvariables: {A: 3}\n",
    ],
)
def test_what_conda_takes(text: str) -> None:
    assert found(text) == []


def test_sections_that_conda_passes_over() -> None:
    text = "name: x\nchannel: [a]\ndependencies: []\nextras: []\nplatforms: [linux-64]\ncategory: dev\n"
    assert list(ignored(parse_yaml("p", text))) == [
        (2, "the section `channel` is invalid and will be ignored; `channels` may be meant", True),
        (4, "the section `extras` is invalid and will be ignored", False),
    ]
    assert list(ignored(parse_yaml("p", "- a\n"))) == list(ignored(None)) == []
