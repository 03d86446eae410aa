"""PIP010: files that a setting names, and that do not exist."""

from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, SetVariable, UnsetVariable
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.named_files import MissingFile, MissingFiles
from envdoctor.testing import assess
from envdoctor_checks.pip.named_files import named_requirements_file_missing

CONF = "/home/ann/.config/pip/pip.conf"


def commands(*names: str) -> Commands:
    return Commands(tuple(Hit(name, f"/bin/{name}", 0, f"/bin/{name}", HitKind.NATIVE) for name in names))


def missing(*files: MissingFile, have: tuple[str, ...] = ("pip", "uv")) -> list[Finding]:
    return assess(named_requirements_file_missing, MissingFiles(files), commands(*have))


UV = MissingFile("c.txt", "/home/ann/app/c.txt", variable="UV_CONSTRAINT")


@pytest.mark.sick("PIP010")
def test_a_variable_of_uv() -> None:
    assert missing(UV) == [
        Finding(
            "UV_CONSTRAINT=c.txt stops `uv pip install` and `uv tool install`: /home/ann/app/c.txt does not exist",
            Fix("Remove the setting", UnsetVariable("UV_CONSTRAINT")),
            "UV_CONSTRAINT",
            (Evidence("UV_CONSTRAINT=c.txt", "UV_CONSTRAINT"),),
        )
    ]


@pytest.mark.sick("PIP010")
def test_a_line_of_a_file_of_pip() -> None:
    line = "constraint = c.txt"
    setting = PipSetting("constraint", "c.txt", "global", f"{CONF}:2", PipLevel.USER, CONF, (line,))
    [finding] = missing(MissingFile("c.txt", "/home/ann/app/c.txt", pip=setting))
    assert finding.message.endswith(" stops `pip install`: /home/ann/app/c.txt does not exist")
    assert finding.fix.actions == (EditFile(CONF, remove=(line,)),)


@pytest.mark.sick("PIP010")
def test_a_home_that_nothing_puts_there_is_written_in_full() -> None:
    [finding] = missing(MissingFile("~/c.txt", "/p/~/c.txt", variable="UV_CONSTRAINT", in_full="/home/ann/c.txt"))
    assert finding.message.endswith("`uv tool install`: nothing puts the home in place of ~ in ~/c.txt")
    assert finding.fix == Fix("Write the path in full", SetVariable("UV_CONSTRAINT", "/home/ann/c.txt"))
    line = "constraint = $HOME/c.txt"
    setting = PipSetting("constraint", "$HOME/c.txt", "global", f"{CONF}:2", PipLevel.USER, CONF, (line,), last=True)
    [finding] = missing(MissingFile("$HOME/c.txt", "/p/$HOME/c.txt", pip=setting, in_full="/home/ann/c.txt"))
    assert finding.fix.actions == (EditFile(CONF, remove=(line,), add=("constraint = /home/ann/c.txt",)),)


@pytest.mark.healthy("PIP010")
def test_nobody_reads_it() -> None:
    assert missing(UV, have=("pip",)) == []
    assert missing() == []
