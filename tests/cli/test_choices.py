from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.cli.choices import FORMATS, Choices
from tests.cli.command import run


def test_a_bare_run_judges_every_check_and_fails_on_errors() -> None:
    usual = Choices()
    assert (usual.select, usual.ignore, usual.strict, usual.no_plugins) == ((), (), False, False)
    assert usual.fail_on == "error"


@pytest.mark.tools
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_printed_and_written(tmp_path: Path, form: str) -> None:
    file = tmp_path / "document"
    done = run("--format", form, "--output", f"{form}={file}", home=tmp_path)
    assert done.returncode in {0, 1}
    assert len(done.stdout.splitlines()) == len(file.read_text().splitlines()) > 0
