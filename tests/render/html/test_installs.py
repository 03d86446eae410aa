from __future__ import annotations

import msgspec

from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.render.html.installs import picture
from tests.builders import make_interpreter, make_venv_python
from tests.render.html.html_world import VENV, Reader, commands, targets

PYTHON = ActivePython("python", make_venv_python(VENV))
KNOWN = Interpreters((PYTHON.interpreter, make_interpreter("/opt/conda")))


def test_where_a_command_parts_from_python_is_marked_in_words_too() -> None:
    read = Reader(picture(targets(), commands(), KNOWN, PYTHON))
    assert [name for name in read.classes("div") if "last" in name] == [
        "box last bad",
        "box last good",
        "box last good",
        "box last none",
    ]
    assert f"python runs in {VENV}. 1 of these commands would install elsewhere (✗)." in read.text
    assert "pip install→/opt/conda/bin/python→✗ /opt/condaconda base environment" in read.text
    assert f"python -m pip install→{VENV}/bin/python→✓ {VENV}" in read.text
    assert f"uv pip install→/usr/bin/uv→✓ {VENV}" in read.text
    assert "conda install→-→nowherethere is no conda here" in read.text
    assert "pip install/opt/conda/bin/python/opt/conda✗ elsewhere" in read.text


def test_a_link_to_the_same_directory_is_the_same() -> None:
    linked = ActivePython("python", msgspec.structs.replace(make_venv_python("/link"), root=VENV))
    read = Reader(picture(targets(), commands(), KNOWN, linked))
    assert [name for name in read.classes("div") if "last" in name].count("box last bad") == 1


def test_without_a_python_nothing_is_compared() -> None:
    read = Reader(picture(targets(), None, None, None))
    assert "No Python answers, so that nothing can be compared with it." in read.text
    assert not [name for name in read.classes("div") if "bad" in name]
