"""Held against the parser of a conda client, py-rattler."""

from __future__ import annotations

import pytest
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

from envdoctor.facts.dependencies.environment_specs import faults
from envdoctor.system.yaml import parse_yaml

REFUSED = (
    *("numpy>=", "numpy >=", "numpy =>1.2", "numpy><1", "numpy>=1,<", "requests[security]", "requests[a, b]>=1"),
    *("git+https://x.example/a.git", "numpy @ https://x.example/y.whl", "./local", "-e ."),
)
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


def test_a_file_that_is_no_mapping() -> None:
    assert found("# x\n- numpy\n") == [(2, "it holds no `name` and no `dependencies`, but something else")]
    assert found("# nothing\n") == []
    assert found("dependencies: 3\n") == found("? [a]\n: b\n") == []
