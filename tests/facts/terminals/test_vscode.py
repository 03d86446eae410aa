from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.terminals.vscode import plain, probe_editor_choice
from tests.support import make_session


def settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / ".vscode/settings.json"
    path.parent.mkdir()
    path.write_text(text)
    return path


def test_settings_may_hold_comments_variables_and_a_comma_too_many(tmp_path: Path) -> None:
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/pyvenv.cfg").touch()
    (tmp_path / "venv/bin/python").symlink_to(sys.executable)
    (tmp_path / "src").mkdir()
    path = settings(
        tmp_path,
        '{\n  // ours, see "https://x" /* no comment */\n  "url": "https://x,}",\n'
        '  "python.defaultInterpreterPath": "${workspaceFolder}/venv/bin/python", /* a\n b */\n}\n',
    )
    choice = probe_editor_choice(make_session(cwd=tmp_path / "src"))
    assert (choice.file, choice.path) == (str(path), f"{tmp_path}/venv/bin/python")
    assert (choice.exists, choice.is_venv, choice.root) == (True, True, str(tmp_path / "venv"))


@pytest.mark.parametrize("value", ["python", "${env:VENV}/bin/python", ".venv\\\\Scripts\\\\python.exe"])
def test_a_value_that_names_no_file_here_has_no_path(tmp_path: Path, value: str) -> None:
    settings(tmp_path, f'{{"python.pythonPath": "{value}"}}')
    assert probe_editor_choice(make_session(cwd=tmp_path)).path is None


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"python.defaultInterpreterPath": 3}', "[" * 60_000])
def test_settings_that_say_nothing_are_not_there(tmp_path: Path, text: str) -> None:
    settings(tmp_path, text)
    with pytest.raises(Unavailable):
        probe_editor_choice(make_session(cwd=tmp_path))


def test_strings_are_left_as_they_are() -> None:
    assert plain('{"a": "// no, ]", "b": [1, ], }') == '{"a": "// no, ]", "b": [1 ] }'
