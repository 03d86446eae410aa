from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.session.sudo import Elevation, probe_elevation
from envdoctor.facts.terminals.jupyter import JupyterKernels, probe_jupyter_kernels, understand
from envdoctor.facts.terminals.vscode import plain, probe_editor_choice
from envdoctor.system.files import Unreadable
from tests.support import make_session


def describe(directory: Path, name: str, *argv: str, language: str = "python") -> Path:
    path = directory / "kernels" / name / "kernel.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"argv": argv, "language": language, "display_name": f"My {name}"}))
    return path


def see(**env: str) -> JupyterKernels:
    return probe_jupyter_kernels(make_session(env), Commands(), None)


def test_the_first_of_a_name_counts_in_jupyters_order(tmp_path: Path) -> None:
    own = describe(tmp_path / "own", "python3", "/gone/bin/python", "-m", "ipykernel_launcher")
    user = describe(tmp_path / "user", "python3", sys.executable, "-m", "ipykernel_launcher")
    describe(tmp_path / "user", "proj", "python", "-m", "ipykernel_launcher")
    seen = see(JUPYTER_PATH=f"{tmp_path}/own:relative", JUPYTER_DATA_DIR=str(tmp_path / "user"))
    first, bare = seen.kernels[:2]
    assert (first.file, first.level, first.exists, first.hides) == (str(own), "JUPYTER_PATH", False, str(user))
    assert (first.root, first.display_name) == ("/gone", "My python3")
    assert (bare.name, bare.is_bare, bare.exists, bare.root) == ("proj", True, True, None)


def test_the_users_own_directory_is_below_the_data_home(tmp_path: Path) -> None:
    describe(tmp_path / ".local/share/jupyter", "mine", "/gone/bin/python3.9", "-m", "ipykernel_launcher")
    if sys.platform == "darwin":
        pytest.skip("another place on macOS")
    assert see(HOME=str(tmp_path)).kernels[0].name == "mine"


@pytest.mark.parametrize(
    ("argv", "language"),
    [
        (("/gone/bin/R", "--slave"), "R"),
        (("conda", "run", "-n", "ml", "python", "-m", "ipykernel_launcher"), "python"),
        (("/usr/bin/bash", "-c", "python -m ipykernel_launcher"), "python"),
        (("micromamba", "run", "python"), "python"),
        (("bin/python", "-m", "ipykernel_launcher"), "python"),
    ],
)
def test_other_languages_and_wrappers_are_left_out(tmp_path: Path, argv: tuple[str, ...], language: str) -> None:
    path = describe(tmp_path, "other", *argv, language=language)
    assert understand(str(path), "other", "user") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"argv": []}', '{"argv": [1]}', "[" * 60_000, "\xff\xfe"])
def test_what_cannot_be_read_is_skipped_with_its_reason(tmp_path: Path, text: str) -> None:
    path = describe(tmp_path, "bad", "python")
    path.write_text(text, encoding="latin-1")
    with pytest.raises(Unreadable):
        understand(str(path), "bad", "user")
    [skipped] = see(JUPYTER_PATH=str(tmp_path)).skipped
    assert skipped.file == str(path)


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


def test_only_root_by_sudo_is_elevated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert probe_elevation(make_session({"SUDO_USER": "ann"})) == Elevation("ann")
    for env in ({}, {"SUDO_USER": "root"}):
        with pytest.raises(Unavailable):
            probe_elevation(make_session(env))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Unavailable):
        probe_elevation(make_session({"SUDO_USER": "ann"}))
