"""PIP010: files that a setting names, and that do not exist."""

from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, UnsetVariable
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


@pytest.mark.healthy("PIP010")
def test_nobody_reads_it() -> None:
    assert missing(UV, have=("pip",)) == []
    assert missing() == []
