from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.terminals.jupyter import JupyterKernels, probe_jupyter_kernels, understand
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
