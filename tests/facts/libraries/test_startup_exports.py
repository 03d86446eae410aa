"""Whose directories the start-up files export for the loader."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.facts.libraries.startup_exports import (
    ExportedElement,
    LibraryPathExport,
    LibraryPathExports,
    probe_library_path_exports,
)
from envdoctor.facts.shell.startup_files import collect
from tests.support import make_session

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="the loader of macOS does not read the variable")


def exports(tmp_path: Path, text: str) -> tuple[LibraryPathExport, ...]:
    (tmp_path / ".bashrc").write_text(text)
    session = make_session({"HOME": str(tmp_path)})
    return probe_library_path_exports(session, collect(session, str(tmp_path / "etc"))).exports


def test_an_export_is_named_with_its_directories_and_their_conda_environment(tmp_path: Path) -> None:
    (tmp_path / "conda/conda-meta").mkdir(parents=True)
    line = f"export LD_LIBRARY_PATH={tmp_path}/conda/lib:/opt/lib:$LD_LIBRARY_PATH"
    [export] = exports(tmp_path, f"# mine\n{line}\n")
    assert (export.file, export.line, export.text, export.whole_line) == (f"{tmp_path}/.bashrc", 2, line, line)
    conda = ExportedElement(f"{tmp_path}/conda/lib", f"{tmp_path}/conda")
    assert export.elements == (conda, ExportedElement("/opt/lib"))


@pytest.mark.parametrize("name", ["$CONDA_PREFIX", "${CONDA_PREFIX}", "$MAMBA_ROOT_PREFIX"])
def test_the_variables_of_conda_name_its_environment(name: str, tmp_path: Path) -> None:
    [export] = exports(tmp_path, f"export LD_LIBRARY_PATH={name}/lib\n")
    assert export.elements == (ExportedElement(f"{name}/lib", name),)


def test_a_function_that_may_never_run_and_other_variables_are_left_out(tmp_path: Path) -> None:
    function = "f() {\n  export LD_LIBRARY_PATH=/opt/lib\n}\n"
    assert exports(tmp_path, f"{function}export LD_PRELOAD=/x.so\nLD_LIBRARY_PATH=/not/exported\n") == ()
    assert LibraryPathExports().exports == ()
