from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.shell.exported_lines import ExportedLine, ExportedLines, probe_exported_lines
from envdoctor.facts.shell.startup_files import collect
from tests.support import make_session

VALUE = "https://mirror.example/x"
LINE = f"export UV_PYTHON_INSTALL_MIRROR='{VALUE}'"


def exported(home: Path, text: str, value: str = VALUE) -> ExportedLines:
    (home / ".bashrc").write_text(text)
    session = make_session(env={"HOME": str(home), "UV_PYTHON_INSTALL_MIRROR": value})
    return probe_exported_lines(session, collect(session, str(home / "etc")))


@pytest.mark.parametrize("around", ["{}", "[ -z \"$PS1\" ] && return\n{}\nalias ll='ls -l'\n", "{}  # ours\n"])
def test_the_line_that_has_given_the_value(around: str, tmp_path: Path) -> None:
    text = around.format(LINE)
    [line] = exported(tmp_path, text).of("UV_PYTHON_INSTALL_MIRROR")
    whole = next(written for written in text.split("\n") if LINE in written)
    number = text.split("\n").index(whole) + 1
    assert line == ExportedLine("UV_PYTHON_INSTALL_MIRROR", VALUE, f"{tmp_path}/.bashrc", number, whole)
    assert exported(tmp_path, text).of("HF_ENDPOINT") == ()


@pytest.mark.parametrize(
    "around",
    [
        '{}\n[ -z "$PS1" ] && return\n',  # below that line, it would be for interactive shells only
        "{}\nunset UV_PYTHON_INSTALL_MIRROR\n",
        "if true; then\n{}\nfi\n",
    ],
)
def test_a_line_that_cannot_go_to_the_end_of_the_file(around: str, tmp_path: Path) -> None:
    [line] = exported(tmp_path, around.format(LINE)).lines
    assert line.whole_line is None


def test_another_value_than_that_of_this_session(tmp_path: Path) -> None:
    assert exported(tmp_path, LINE, "https://other.example") == ExportedLines()
    assert exported(tmp_path, f"mirror() {{\n{LINE}\n}}\n") == ExportedLines()


def test_a_value_that_is_written_with_the_home_directory(tmp_path: Path) -> None:
    text = 'export UV_PYTHON_INSTALL_MIRROR="file://$HOME/pythons"'
    [line] = exported(tmp_path, text, f"file://{tmp_path}/pythons").lines
    assert line == ExportedLine(
        "UV_PYTHON_INSTALL_MIRROR",
        f"file://{tmp_path}/pythons",
        f"{tmp_path}/.bashrc",
        1,
        text,
        "file://$HOME/pythons",
    )
    assert exported(tmp_path, text, "file:///elsewhere/pythons") == ExportedLines()
