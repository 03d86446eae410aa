from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.configuration import Configuration, Settings, probe_configuration, read
from envdoctor.facts.project.configuration_file import ConfigurationError
from envdoctor.report.acceptance import Rule, Suppression
from envdoctor.system.toml import Document, parse_toml
from tests.support import make_session

OWN, PYPROJECT = "/p/envdoctor.toml", "/p/pyproject.toml"


def parsed(text: str, path: str = OWN) -> Configuration:
    return read(Document(path, text, parse_toml(path, text)))


def test_settings_and_suppressions_are_read_with_their_lines() -> None:
    text = 'select = ["PY"]\n\n[[suppress]]\ncode = "A"\nreason = "r"\nuntil = 2027-03-01\n'
    more = '[[suppress]]\ncode = "B"\nreason = "s"\nwhere = "/x*"\n'
    first, second = Suppression("A", "r", date(2027, 3, 1)), Suppression("B", "s", None, "/x*")
    for path, prefix in ((OWN, ""), (PYPROJECT, "tool.envdoctor.")):
        head = "" if path == OWN else "[tool.envdoctor]\n"
        configuration = parsed(head + (text + more).replace("[[suppress]]", f"[[{prefix}suppress]]"), path)
        shift = 0 if path == OWN else 1
        assert configuration.settings == Settings(select=("PY",), suppress=(first, second))
        assert configuration.origin("select") == f"{path}:{1 + shift}"
        assert configuration.rules == (Rule(first, f"{path}:{3 + shift}"), Rule(second, f"{path}:{7 + shift}"))
        assert configuration.origin("ignore") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('selct = ["PY"]\n', ":1: `selct` is no setting of envdoctor; did you mean `select`?"),
        ("\nfoo = 1\n", ":2: `foo` is no setting of envdoctor; there are select, ignore, "),
        ('select = "PY"\n', ":1: select: a list is expected"),
        ("select = [1]\n", ":1: select[0]: a text is expected"),
        ("\n\ntimeout = 0\n", ":3: timeout: a number above 0 is expected"),
        ("timeout = 601\n", ":1: timeout: a number up to 600 is expected"),
        ("deep = 1\n", ":1: deep: true or false is expected"),
        ('fail-on = "eror"\n', ":1: fail-on: 'eror' is none of the words that may stand there"),
        ('[[suppress]]\ncode = "A"\n', ":1: suppress[0]: `reason` is required"),
        ('[[suppress]]\ncode = "A"\nreason = ""\n', ":3: suppress[0].reason: a text is expected that is not empty"),
        (
            '[[suppress]]\ncode = "A"\nreason = "r"\n[[suppress]]\ncode = "B"\nresaon = "s"\n',
            ":6: `resaon` is no setting of envdoctor; did you mean `reason`?",
        ),
        (
            '[[suppress]]\ncode = "A"\nreason = "r"\nuntil = "soon"\n',
            ":4: suppress[0].until: a date is written like 2027-03-01",
        ),
    ],
)
def test_what_cannot_be_meant_is_named_with_its_line_and_what_is_right(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parsed(text)
    assert str(raised.value).startswith(f"{OWN}{said}")


def test_a_session_has_the_configuration_of_its_directory(tmp_path: Path) -> None:
    session = make_session(cwd=tmp_path)
    with pytest.raises(Unavailable, match="nothing is configured"):
        probe_configuration(session)
    (tmp_path / "envdoctor.toml").write_text("deep = true\n")
    assert probe_configuration(session).settings.deep
    (tmp_path / "envdoctor.toml").write_text("deep = 3\n")
    with pytest.raises(Unavailable, match=r"envdoctor\.toml:1"):
        probe_configuration(session)
