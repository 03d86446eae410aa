from __future__ import annotations

from envdoctor import EditFile, Evidence, Fix, Manual, Safety, SetVariable, UnsetVariable
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.settings import FROM_VARIABLE
from envdoctor_checks.common.pip_settings import hosts_alone, proof, spelled, with_words, without

CONF = "/home/me/.config/pip/pip.conf"
VARIABLE = PipSetting("no-index", "1", FROM_VARIABLE, "PIP_NO_INDEX", PipLevel.VARIABLE)
LINES = ("find-links =", "  /a", "  /b")


def in_file(*, repeated: bool = False, last: bool = False) -> PipSetting:
    return PipSetting("find-links", "/a\n/b", "global", f"{CONF}:2", PipLevel.USER, CONF, LINES, repeated, last)


def test_a_variable() -> None:
    assert spelled(VARIABLE) == "PIP_NO_INDEX=1"
    assert proof(VARIABLE) == Evidence("PIP_NO_INDEX=1", "variable PIP_NO_INDEX")
    assert without(VARIABLE, "Unset it") == Fix("Unset it", UnsetVariable("PIP_NO_INDEX"))


def test_lines_of_a_file() -> None:
    assert spelled(in_file()) == f"`find-links = /a /b` in {CONF}:2"
    assert proof(in_file()) == Evidence("find-links = /a /b", f"{CONF}:2")
    assert without(in_file(), "x") == Fix("x", EditFile(CONF, remove=LINES), safety=Safety.CHANGES_STATE)


def test_lines_that_stand_twice_are_taken_out_by_hand() -> None:
    assert without(in_file(repeated=True), "x") == Fix("x", Manual(f"Take find-links out of [global] in {CONF}:2"))


def test_other_words_for_a_setting() -> None:
    assert with_words(VARIABLE, ("0", "1"), "x") == Fix("x", SetVariable("PIP_NO_INDEX", "0 1"))
    assert with_words(VARIABLE, (), "x") == without(VARIABLE, "x")
    edit = EditFile(CONF, remove=LINES, add=("find-links = /b",))
    assert with_words(in_file(last=True), ("/b",), "x") == Fix("x", edit, safety=Safety.CHANGES_STATE)
    by_hand = Fix("x", Manual(f"In {CONF}:2 write /b for find-links."))
    assert with_words(in_file(), ("/b",), "x") == by_hand
    assert with_words(in_file(repeated=True, last=True), ("/b",), "x") == by_hand


def test_hosts_are_written_alone() -> None:
    value = "https://a.example:8080/simple b.example https://b.example https://"
    setting = PipSetting("trusted-host", value, FROM_VARIABLE, "PIP_TRUSTED_HOST", PipLevel.VARIABLE)
    step = SetVariable("PIP_TRUSTED_HOST", "a.example:8080 b.example")
    assert hosts_alone(setting) == Fix("Write the host alone", step)
