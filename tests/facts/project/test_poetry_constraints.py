"""What is said of poetry's constraints is what poetry's own parser says."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from envdoctor.facts.project.poetry_constraints import alternatives, is_refused, requirements

VERSIONS = (
    *("0", "0.0.1", "0.0.2", "0.0.3", "0.0.9", "0.1", "0.1.5", "0.2", "0.2.3", "0.3", "1", "1.0.1", "1.1.9"),
    *("1.2", "1.2.2", "1.2.3", "1.2.9", "1.3", "1.9", "2", "2.0.1", "2.7.18", "3", "3.8.1", "3.11.4", "3.14", "4"),
)


@pytest.mark.parametrize(
    "constraint",
    [
        *("^1.2.3", "^1.2", "^1", "^0.2.3", "^0.2", "^0.0.3", "^0.0", "^0", "~1.2.3", "~1.2", "~1", "~=1.2", "~=1.2.3"),
        *("*", "x", "1.2.*", "1.*", "==1.2.*", "!=1.2.*", "1.2.3", "=1.2.3", "==1.2.3", "!=1.2.3", "^3.11", "^v1.2"),
        *(">=1.2,<2", ">=1.2 <2", ">= 1.2, < 2", ">=1.2,<2,", "^2.7 || ^3.8", "<1|>=3", ">1 , <2||3.14"),
        *("^1.2,!=1.2.3", "~0.1", "^3.8,<3.12", ">=3.8,<4.0"),
    ],
)
def test_a_constraint_admits_what_poetry_says(constraint: str) -> None:
    poetry = pytest.importorskip("poetry.core.constraints.version", reason="poetry is not installed")
    meant = poetry.parse_constraint(constraint)
    said = alternatives(constraint)
    assert said is not None
    for version in VERSIONS:
        ours = any(SpecifierSet(part).contains(version, prereleases=True) for part in said)
        assert ours == meant.allows(poetry.Version.parse(version)), version


@pytest.mark.parametrize("constraint", ["", "banana", "^", "1.2 || ", ">=1.2 and <2", "^x"])
def test_what_is_no_constraint_is_not_judged(constraint: str) -> None:
    assert alternatives(constraint) is None
    assert is_refused(constraint) is bool(constraint)


OPERATORS = ("", "^", "~", "=", "==", "!=", ">=", "<", "~=", "~>", "^^", "=>")
OPERANDS = ("1", "1.0.*", "*", "x", "v1.0", "1.0a1", "1.0+local", "1!2.0", "latest", "1.0-beta.2", "", "1_0")


def test_what_is_refused_poetry_refuses_too() -> None:
    poetry = pytest.importorskip("poetry.core.constraints.version", reason="poetry is not installed")
    terms = [f"{operator}{blank}{version}" for operator in OPERATORS for version in OPERANDS for blank in ("", " ")]
    pairs = [f"{one}{between}{other}" for one in terms[::7] for other in terms[::5] for between in (",", " || ", " ")]
    for constraint in filter(is_refused, (*terms, *pairs)):
        with pytest.raises(ValueError, match="Could not parse"):
            poetry.parse_constraint(constraint)
    assert not is_refused("1" * 5_000)


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("^1.2", ["x>=1.2,<2"]),
        ("*", ["x"]),
        ("<1 || >2", ["x"]),
        ("nonsense", ["x"]),
        ({"version": "^1.2", "extras": ["a", "b"]}, ["x[a,b]>=1.2,<2"]),
        ({"version": "^1.2", "optional": True}, []),
        ({"version": "*", "markers": "os_name == 'nt'"}, ["x ; (os_name == 'nt')"]),
        ({"version": "1", "platform": "linux"}, ['x==1 ; (sys_platform == "linux")']),
        ({"version": "1", "python": "^3.8"}, ['x==1 ; (python_version >= "3.8" and python_version < "4")']),
        ({"version": "1", "python": "<3.8.1"}, ['x==1 ; (python_full_version < "3.8.1")']),
        ({"version": "1", "python": "*"}, ["x==1"]),
        (
            {"version": "1", "python": "^2.7 || >=3.8"},
            [
                'x==1 ; (python_version >= "2.7" and python_version < "3" or python_version >= "3.8")',
            ],
        ),
        ({"path": "../my lib", "develop": True}, ["x @ file:../my%20lib"]),
        ({"git": "https://host/x.git", "branch": "main"}, ["x @ https://host/x.git"]),
        (
            [{"version": "<2", "python": "<3.8"}, {"version": ">=2", "python": ">=3.8"}],
            ['x<2 ; (python_version < "3.8")', 'x>=2 ; (python_version >= "3.8")'],
        ),
        (7, []),
        ({}, ["x"]),
    ],
)
def test_a_dependency_is_said_in_pep_508(value: object, meaning: list[str]) -> None:
    from packaging.requirements import Requirement

    said = list(requirements("x", value))
    assert said == meaning
    for text in said:
        Requirement(text)
