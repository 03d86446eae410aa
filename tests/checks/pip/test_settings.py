from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.engine.check import Check
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.config_file import PipFile, PipLevel, PipSetting
from envdoctor.facts.pip.redirections import PipRedirections, Redirection
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.testing import assess
from envdoctor_checks.pip.settings import (
    pip_configuration_invalid,
    pip_forced_to_user_site,
    pip_install_redirected,
    pip_requires_virtualenv_in_conda,
)
from tests.builders import make_hit, make_python, make_venv_python

VENV = make_venv_python("/p/.venv")
CONDA = make_python("/c/envs/ml", is_conda=True)
OWN = make_python("/opt/python3.12", "3.12.1")
CONF = "/home/ada/.config/pip/pip.conf"


def variable(option: str, value: str) -> PipSetting:
    return PipSetting(option, value, ":env:", "PIP_" + option.upper().replace("-", "_"), PipLevel.VARIABLE)


def in_file(option: str, value: str, section: str = "global", level: PipLevel = PipLevel.USER) -> PipSetting:
    return PipSetting(option, value, section, f"{CONF}:2", level, CONF, (f"{option}={value}",))


def bare(python: Interpreter) -> BarePip:
    return BarePip("pip", make_hit("pip", f"{python.prefix}/bin/pip", python.path), python)


def judged(check: Check[Any], python: Interpreter, *settings: PipSetting, **more: Any) -> list[Finding]:
    return assess(check, PipSettings(python.prefix, settings=settings, **more), bare(python))


def redirected(python: Interpreter, setting: PipSetting, place: str | None, *, searched: bool = False) -> list[Finding]:
    found = PipRedirections((Redirection(setting, place, searched),))
    return assess(pip_install_redirected, found, ActivePython("python", python))


@pytest.mark.sick("PIP003")
def test_a_target_that_python_does_not_search() -> None:
    assert redirected(VENV, variable("target", "/home/ada/lib"), "/home/ada/lib") == [
        Finding(
            "PIP_TARGET=/home/ada/lib sends every install to /home/ada/lib, which `python` does not search",
            where="/home/ada/lib",
            evidence=(
                Evidence("PIP_TARGET=/home/ada/lib", "variable PIP_TARGET"),
                Evidence("`python` runs in /p/.venv", "sys.prefix"),
            ),
            fix=Fix("Remove the setting", UnsetVariable("PIP_TARGET")),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PIP003")
def test_a_target_that_is_searched_is_a_warning_and_one_in_a_file_is_taken_out_there() -> None:
    [finding] = redirected(VENV, in_file("target", "/l"), "/l", searched=True)
    assert finding.message == f"`target = /l` in {CONF}:2 sends every install to /l, which `python` searches too"
    assert finding.fix == Fix("Remove the setting", EditFile(CONF, remove=("target=/l",)), safety=Safety.CHANGES_STATE)
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("PIP003")
def test_a_pip_python_elsewhere_and_one_that_is_gone() -> None:
    [finding] = redirected(VENV, variable("python", "/x"), "/x")
    assert finding.message == "PIP_PYTHON=/x makes every pip install into /x, but `python` runs in /p/.venv"
    [finding] = redirected(VENV, variable("python", "/gone"), None)
    assert finding.message == "PIP_PYTHON=/gone stops every pip: there is no such Python"
    assert finding.severity is Severity.ERROR


@pytest.mark.healthy("PIP003")
def test_nothing_is_redirected() -> None:
    assert assess(pip_install_redirected, PipRedirections(), ActivePython("python", VENV)) == []


@pytest.mark.sick("PIP004")
def test_user_installs_are_refused_in_an_environment() -> None:
    assert judged(pip_forced_to_user_site, VENV, variable("user", "1")) == [
        Finding(
            "PIP_USER=1 makes pip refuse every install in /p/.venv, where user packages are not visible",
            where="PIP_USER",
            evidence=(Evidence("PIP_USER=1", "variable PIP_USER"),),
            fix=Fix("Turn user installs off, so that pip installs into the environment", SetVariable("PIP_USER", "0")),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PIP004")
def test_a_file_of_the_user_is_overruled_by_the_environments_own() -> None:
    [finding] = judged(pip_forced_to_user_site, VENV, in_file("user", "yes", "install"))
    own = EditFile("/p/.venv/pip.conf", add=("[install]", "user = false"))
    assert finding.fix == Fix(
        "Turn user installs off, so that pip installs into the environment", own, safety=Safety.CHANGES_STATE
    )
    site = PipFile("/p/.venv/pip.conf", PipLevel.SITE)
    [finding] = judged(pip_forced_to_user_site, VENV, in_file("user", "yes"), files=(site,))
    assert finding.fix.actions == (SetVariable("PIP_USER", "0"),)
    [finding] = judged(pip_forced_to_user_site, VENV, in_file("user", "yes", level=PipLevel.EXPLICIT))
    assert finding.fix.actions == (SetVariable("PIP_USER", "0"),)


@pytest.mark.sick("PIP004")
def test_outside_of_an_environment_it_is_information() -> None:
    [finding] = judged(pip_forced_to_user_site, OWN, variable("user", "true"))
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("PIP_USER=true sends every install to the user's own packages in /home/me/.local")


@pytest.mark.sick("PIP004")
def test_no_user_does_the_contrary_of_what_it_says() -> None:
    assert judged(pip_forced_to_user_site, VENV, variable("no-user", "1"))
    assert judged(pip_forced_to_user_site, VENV, variable("no-user", "0")) == []


@pytest.mark.healthy("PIP004")
def test_user_installs_that_work_or_are_overruled() -> None:
    seeing = make_venv_python("/p/.venv", sees_user_site=True)
    assert judged(pip_forced_to_user_site, seeing, variable("user", "1")) == []
    assert judged(pip_forced_to_user_site, VENV, in_file("user", "1"), variable("user", "0")) == []
    assert judged(pip_forced_to_user_site, VENV, variable("user", "")) == []
    assert judged(pip_forced_to_user_site, make_python(), variable("user", "1")) == []
    assert judged(pip_forced_to_user_site, VENV, in_file("user", "1"), in_file("user", "off", "install")) == []


@pytest.mark.sick("PIP007")
def test_a_switch_that_is_neither_yes_nor_no() -> None:
    assert judged(pip_configuration_invalid, VENV, variable("user", "maybe")) == [
        Finding(
            "PIP_USER=maybe stops pip: the value must be yes/no, true/false, on/off or 1/0",
            where="PIP_USER",
            evidence=(Evidence("PIP_USER=maybe", "variable PIP_USER"),),
            fix=Fix("Remove the value", UnsetVariable("PIP_USER")),
        )
    ]


@pytest.mark.sick("PIP007")
def test_a_bad_value_stops_pip_even_where_it_is_overruled() -> None:
    [finding] = judged(pip_configuration_invalid, VENV, in_file("timeout", "15s"), variable("timeout", "15"))
    assert finding.message == f"`timeout = 15s` in {CONF}:2 stops pip: the value must be a number"


@pytest.mark.sick("PIP007")
def test_a_trusted_host_with_a_scheme_and_a_port() -> None:
    name = "PIP_TRUSTED_HOST"
    assert judged(pip_configuration_invalid, VENV, variable("trusted-host", "a.example https://b.example:8080")) == [
        Finding(
            f"{name}=a.example https://b.example:8080 stops every install: "
            "pip takes a host alone, with its port or without",
            where=name,
            evidence=(Evidence(f"{name}=a.example https://b.example:8080", f"variable {name}"),),
            fix=Fix("Write the host alone", SetVariable(name, "a.example b.example:8080")),
            stops=(("pip", "install"),),
        )
    ]


@pytest.mark.healthy("PIP007")
def test_trusted_hosts_at_which_pip_does_not_stop() -> None:
    beaten = (in_file("trusted-host", "https://b.example:8080"), variable("trusted-host", "b.example"))
    assert judged(pip_configuration_invalid, VENV, *beaten) == []
    for value in ("b.example:8080", "https://b.example", "::1", "b.example/simple"):
        assert judged(pip_configuration_invalid, VENV, variable("trusted-host", value)) == []


@pytest.mark.sick("PIP007")
@pytest.mark.parametrize(
    ("problem", "stray", "sections", "step"),
    [
        (
            "line 1 stands before any [section]",
            ("a = b",),
            False,
            EditFile(CONF, remove=("a = b",), add=("[global]", "a = b")),
        ),
        (
            "line 1 stands before any [section]",
            ("[global", "a = b"),
            False,
            Manual(f"Fix {CONF}: line 1 stands before any [section]"),
        ),
        ("line 1 stands before any [section]", ("junk",), False, EditFile(CONF, remove=("junk",))),
        ("line 1 stands before any [section]", ("a = b",), True, EditFile(CONF, remove=("a = b",))),
        ("line 3 is neither a [section] nor a key = value", ("junk",), True, EditFile(CONF, remove=("junk",))),
        ("line 3 opens [global] again", (), True, Manual(f"Fix {CONF}: line 3 opens [global] again")),
    ],
)
def test_a_file_that_pip_cannot_parse(problem: str, stray: tuple[str, ...], sections: bool, step: Any) -> None:
    file = PipFile(CONF, PipLevel.USER, problem, 3, fatal=True, stray=stray, sections=sections)
    [finding] = judged(pip_configuration_invalid, VENV, files=(file,))
    assert finding.message == f"pip refuses to work with {CONF}: {problem}"
    assert finding.evidence == (Evidence((*stray, problem)[0], f"{CONF}:3"),)
    assert finding.fix.actions == (step,)


@pytest.mark.sick("PIP007")
def test_a_byte_order_mark_is_taken_out() -> None:
    file = PipFile(CONF, PipLevel.USER, "line 1 begins with a byte order mark", 1, fatal=True, marked=True)
    [finding] = judged(pip_configuration_invalid, VENV, files=(file,))
    copy = f"{CONF}.envdoctor-bom"
    assert finding.fix == Fix(
        "Remove the byte order mark",
        Run("sed", "-i.envdoctor-bom", "1s/^[^[#;]*//", CONF),
        Run("rm", "--", copy),
        safety=Safety.CHANGES_STATE,
    )


@pytest.mark.healthy("PIP007")
def test_what_pip_accepts_or_passes_over_and_what_nobody_reads() -> None:
    fine = (variable("user", ""), variable("bogus", "maybe"), in_file("index-url", "???"))
    assert judged(pip_configuration_invalid, VENV, *fine) == []
    unread = PipFile(CONF, PipLevel.USER, "permission denied")
    assert judged(pip_configuration_invalid, VENV, files=(unread,)) == []
    assert judged(pip_configuration_invalid, VENV, in_file("user", "maybe", "list")) == []
    without_pip = ActivePython("python", make_venv_python("/p/.venv", pip=None))
    settings = PipSettings(settings=(variable("user", "maybe"),))
    assert assess(pip_configuration_invalid, settings, without_pip) == []


@pytest.mark.sick("PIP003")
def test_a_line_that_another_section_has_too_is_not_taken_out_by_its_text() -> None:
    repeated = msgspec.structs.replace(in_file("target", "/l"), repeated=True)
    [finding] = redirected(VENV, repeated, "/l")
    assert finding.fix == Fix("Remove the setting", Manual(f"Take target out of [global] in {CONF}:2"))


@pytest.mark.sick("PIP008")
def test_a_conda_environment_is_no_virtual_environment_to_pip() -> None:
    assert judged(pip_requires_virtualenv_in_conda, CONDA, variable("require-virtualenv", "1")) == [
        Finding(
            "PIP_REQUIRE_VIRTUALENV=1 makes pip refuse every install in the conda environment /c/envs/ml",
            where="PIP_REQUIRE_VIRTUALENV",
            evidence=(Evidence("PIP_REQUIRE_VIRTUALENV=1", "variable PIP_REQUIRE_VIRTUALENV"),),
            fix=Fix("Override the setting for this environment", SetVariable("PIP_REQUIRE_VIRTUALENV", "0")),
        )
    ]
    [finding] = judged(pip_requires_virtualenv_in_conda, CONDA, in_file("require-venv", "true"))
    lines = ("[global]", "require-virtualenv = false")
    assert finding.fix.actions == (EditFile("/c/envs/ml/pip.conf", add=lines),)


@pytest.mark.healthy("PIP008")
def test_the_demand_is_met_in_a_virtual_environment_even_on_condas_python() -> None:
    on_conda = make_venv_python("/p/.venv", base_prefix="/c", is_conda=True)
    for python in (VENV, OWN, on_conda):
        assert judged(pip_requires_virtualenv_in_conda, python, variable("require-virtualenv", "1")) == []
    assert judged(pip_requires_virtualenv_in_conda, CONDA, variable("require-virtualenv", "0")) == []
