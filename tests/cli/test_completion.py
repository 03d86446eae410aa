from __future__ import annotations

from pathlib import Path

import click
import pytest

from envdoctor.cli import completion

CONTEXT = click.Context(click.Command("check"))
PARAMETER = click.Option(["--select"])


def program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\ntouch ran\n")
    path.chmod(0o755)


def pythons(incomplete: str) -> list[tuple[str, str]]:
    return [(item.value, item.type) for item in completion.python(CONTEXT, PARAMETER, incomplete)]


def test_codes_and_names_are_offered_in_either_case() -> None:
    assert completion.code(CONTEXT, PARAMETER, "pip00")[0] == "PIP001"
    assert completion.code(CONTEXT, PARAMETER, "pip-installs-el") == ["pip-installs-elsewhere"]


def test_a_selection_also_takes_families_each_behind_a_comma_too() -> None:
    offered = completion.selection(CONTEXT, PARAMETER, "pip")
    assert (offered[0], "PIP001" in offered) == ("PIP", True)
    assert completion.selection(CONTEXT, PARAMETER, "ENV,pip-installs-el") == ["ENV,pip-installs-elsewhere"]
    assert "MIR" in completion.selection(CONTEXT, PARAMETER, "")
    assert "PIP" not in completion.code(CONTEXT, PARAMETER, "PI"), "a family has no manual page"


def test_pythons_by_name_and_environments_near_by_are_offered_and_none_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin/python3.12")
    program(tmp_path / "bin/python-config")
    program(tmp_path / "project/relative/python3.13")
    for environment in ("project/.venv", "project/below/env"):
        (tmp_path / environment).mkdir(parents=True)
        (tmp_path / environment / "pyvenv.cfg").touch()
    (tmp_path / "project/below/forge/conda-meta").mkdir(parents=True)
    (tmp_path / "project/below/src").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{tmp_path}/gone:relative:")
    monkeypatch.chdir(tmp_path / "project/below")
    assert pythons("") == [("../.venv", "plain"), ("env", "plain"), ("forge", "plain"), ("python3.12", "plain")]
    assert pythons("py") == [("python3.12", "plain")]
    assert pythons("../") == [("../.venv", "plain"), ("../", "file")], "the shell itself completes files"
    assert not list(tmp_path.rglob("ran"))


def test_a_deleted_working_directory_and_no_search_path_offer_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone := tmp_path / "gone").mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.delenv("PATH")
    assert pythons("") == []


def test_no_more_of_a_huge_directory_is_looked_at_than_is_bearable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        (tmp_path / f"bin/python3.{number}").parent.mkdir(exist_ok=True)
        (tmp_path / f"bin/python3.{number}").touch()
    monkeypatch.setattr(completion, "MOST_ENTRIES", 7)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    monkeypatch.chdir(tmp_path)
    assert len(pythons("")) == 7
