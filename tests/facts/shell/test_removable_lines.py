"""Which lines can be taken out of a start-up file by their text?"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.shell.removable_lines import whole_line
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.shell.startup_reader import read_lines

EXPORT = "export LD_LIBRARY_PATH=/x"


def found_in(file: Path, text: str) -> str | None:
    """The whole line of the last export in a file of this text."""
    file.write_text(text)
    exports = [line for line in read_lines(str(file), text, {}) if line.kind is LineKind.EXPORT]
    return whole_line(exports[-1])


@pytest.mark.parametrize("line", [EXPORT, f"  {EXPORT}", f"{EXPORT};", f"{EXPORT} # mine"])
@pytest.mark.parametrize("around", ["{}", "true\n{}\nf() {{\n true\n}}\n", "if a; then\n b\nfi\n{}\n", "a &&\n b\n{}"])
def test_a_line_by_itself(line: str, around: str, tmp_path: Path) -> None:
    assert found_in(tmp_path / "rc", around.format(line)) == line


@pytest.mark.tools
@pytest.mark.parametrize(
    "text",
    [
        f"{EXPORT}\nf() {{\n{EXPORT}\n}}\n",
        f"{EXPORT}\n{EXPORT}\n",
        f"cat <<E\n{EXPORT}\nE\n{EXPORT}\n",
        f"f() {{\n{EXPORT}\n}}\n",
        f"if a; then\n{EXPORT}\nfi\n",
        f"{{\n{EXPORT}\n}}\n",
        f"(\n{EXPORT}\n)\n",
        f"case a in\na)\n{EXPORT}\n;;\nesac\n",
        f"for a in b; do\n{EXPORT}\ndone\n",
        f"true |\n{EXPORT}\n",
        f"true &&\n{EXPORT}\n",
        f"{EXPORT} &&\ntrue\n",
        f"{EXPORT}; true\n",
        f"true \\\n  a\n{EXPORT} B=c\n",
    ],
)
def test_a_line_that_others_hang_on(text: str, tmp_path: Path) -> None:
    file = tmp_path / "rc"
    assert found_in(file, text) is None
    assert subprocess.run(["bash", "-n", file], check=False).returncode == 0, "this test is about sound files"


def test_a_file_that_has_changed_or_gone(tmp_path: Path) -> None:
    file = tmp_path / "rc"
    [line] = read_lines(str(file), EXPORT, {})
    assert whole_line(line) is None
    for text in ("", "\n\n", f"# new\n{EXPORT}\n", f"{EXPORT}\n'"):
        file.write_text(text)
        assert whole_line(line) is None
