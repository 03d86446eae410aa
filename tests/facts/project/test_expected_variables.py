from __future__ import annotations

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.configuration import Configuration, Settings
from envdoctor.facts.project.expectations import Expectations, Pattern
from envdoctor.facts.project.expected_variables import (
    ExpectedVariable,
    probe_expected_variables,
    probe_forbidden_variables,
)
from tests.support import make_session

FILE = "/p/envdoctor.toml"


def configured(**expected: object) -> Configuration:
    return Configuration(FILE, Settings(expect=Expectations(**expected)))  # type: ignore[arg-type]


def compared(value: str | None, wanted: str | Pattern, name: str = "A") -> ExpectedVariable:
    session = make_session({} if value is None else {name: value})
    [variable] = probe_expected_variables(session, configured(variables={name: wanted})).variables
    return variable


@pytest.mark.parametrize(
    ("value", "wanted", "fits"),
    [
        (None, "", False),
        ("", "", False),
        ("x", "", True),
        ("x", "x", True),
        ("X", "x", False),
        ("https://a.example.org/x", Pattern("https://*.example.org/*"), True),
        ("http://a.example.org/x", Pattern("https://*.example.org/*"), False),
        ("a", Pattern("A"), False),
        ("a" * 1001, Pattern("a*"), False),
        (None, Pattern("*"), False),
    ],
)
def test_a_value_fits_or_not(value: str | None, wanted: str | Pattern, fits: bool) -> None:
    assert compared(value, wanted).fits == fits


def test_a_value_is_shown_masked_and_a_secret_not_at_all() -> None:
    assert compared("http://ann:hunter2hunter2@x/", "y").found == "http://<user-1>:<password-1.14-chars>@x/"
    assert compared("z " * 150, "y").found == "z " * 100
    assert compared("see Zq7mRk29xLw", "y").found == "see …"
    secret = compared("hunter2", Pattern("abc*"), "API_TOKEN")
    assert secret == ExpectedVariable(name="API_TOKEN", origin=FILE, is_set=True, pattern="abc*")
    assert compared("hunter2", "", "DB_password").found is None
    assert compared("hunter2", Pattern("ghp_*"), "MY_KEY").found is None


def test_what_decides_which_code_is_run_is_known() -> None:
    assert [compared("x", "y", name).leads_to_code for name in ("LD_PRELOAD", "PATH", "GIT_SSH_COMMAND")] == [True] * 3
    assert not compared("x", "y", "HF_ENDPOINT").leads_to_code


def test_a_forbidden_variable_is_set_or_not() -> None:
    seen = probe_forbidden_variables(make_session({"A": "", "C": "1"}), configured(forbid_variables=("A", "B")))
    assert [(variable.name, variable.is_set) for variable in seen.variables] == [("A", True), ("B", False)]


def test_where_nothing_is_expected_nothing_is_compared() -> None:
    for probe in (probe_expected_variables, probe_forbidden_variables):
        with pytest.raises(Unavailable, match="no variable is"):
            probe(make_session({"A": "x"}), configured())
