from __future__ import annotations

from typing import Any

import pytest

from envdoctor.cli.choices import Choices
from envdoctor.cli.configured import planned, verify
from envdoctor.cli.output import UsageProblem
from envdoctor.facts.project.configuration import Configuration, Settings
from envdoctor.report.acceptance import Suppression


def configured(**settings: Any) -> Configuration:
    origins = tuple((name.replace("_", "-"), f"/p/envdoctor.toml:{line}") for line, name in enumerate(settings, 1))
    return Configuration("/p/envdoctor.toml", Settings(**settings), (*origins, ("suppress[0]", "/p/envdoctor.toml:9")))


@pytest.mark.parametrize(
    ("settings", "given", "choices"),
    [
        ({"select": ("PY",), "ignore": ("PIP",)}, {}, Choices(select=("PY",), ignore=("PIP",))),
        ({"select": ("PY",)}, {"select": ("NET",)}, Choices(select=("NET",))),
        ({"fail_on": "warning"}, {}, Choices(fail_on="warning")),
        ({"fail_on": "warning"}, {"fail_on": "info"}, Choices(fail_on="info")),
        ({"strict": True}, {}, Choices(strict=True)),
        ({"strict": True}, {"fail_on": "error"}, Choices()),
        ({"plugins": False}, {}, Choices(no_plugins=True)),
        ({"plugins": False}, {"no_plugins": False}, Choices()),
    ],
)
def test_what_is_typed_beats_what_is_configured(
    settings: dict[str, Any], given: dict[str, Any], choices: Choices
) -> None:
    assert planned(configured(**settings), given)[0] == choices


def test_how_it_is_looked_can_be_configured_too() -> None:
    assert planned(configured(timeout=3.0, deep=True), {})[1:] == (3.0, True, False)
    assert planned(configured(timeout=3.0, deep=True), {"timeout": 4.0, "deep": False})[1:] == (4.0, False, False)


def test_a_project_asks_the_network_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert planned(configured(network=True), {})[3] is False
    assert "/p/envdoctor.toml:1: network counts in CI only" in capsys.readouterr().err
    assert planned(configured(network=True), {"network": True})[3] is True
    monkeypatch.setenv("CI", "true")
    assert planned(configured(network=True), {})[3] is True
    assert planned(configured(network=True), {"network": False})[3] is False
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"select": ("PY", "PIP0O1")}, "envdoctor.toml:1: select: no check is called 'PIP0O1'; did you mean PIP001?"),
        ({"ignore": ("",)}, "envdoctor.toml:1: ignore: no check is called ''"),
        ({"suppress": (Suppression("LIB0O1", "x"),)}, "envdoctor.toml:9: suppress: no check is called 'LIB0O1'"),
    ],
)
def test_a_word_that_means_no_check_is_named_with_its_line(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        verify(configured(**settings))
    assert said in str(raised.value)
