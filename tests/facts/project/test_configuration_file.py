from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.project.configuration_file import ConfigurationError, Found, search
from tests.support import make_session

TABLE = '[tool.envdoctor]\nselect = ["PY"]\n'


def found(cwd: Path, home: Path | None = None) -> Found:
    return search(make_session({"HOME": str(home)} if home else {}, cwd=cwd))


def file_of(cwd: Path, home: Path | None = None) -> str | None:
    document = found(cwd, home).document
    return document.path if document else None


def test_the_nearest_directory_with_a_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (inner / "pyproject.toml").write_text('[project]\nname = "uses-envdoctor"\n')
    assert file_of(inner) == f"{tmp_path}/pyproject.toml"
    (tmp_path / "a" / "envdoctor.toml").touch()
    assert file_of(inner) == f"{tmp_path}/a/envdoctor.toml"


def test_the_search_ends_at_the_repository_and_at_the_home_directory(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "envdoctor.toml").touch()
    assert file_of(inner) == f"{tmp_path}/envdoctor.toml"
    assert file_of(inner, home=tmp_path / "repository") is None
    (tmp_path / "repository" / ".git").touch()
    assert file_of(inner) is None


def test_both_in_one_directory_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "envdoctor.toml").touch()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert file_of(tmp_path) == f"{tmp_path}/envdoctor.toml"
    (tmp_path / "pyproject.toml").write_text(TABLE)
    with pytest.raises(ConfigurationError, match="keep one of the two"):
        found(tmp_path)


def test_a_directory_in_which_everybody_may_put_files_is_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "open" / "own"
    inner.mkdir(parents=True)
    (tmp_path / "open").chmod(0o1777)
    (tmp_path / "open" / "envdoctor.toml").touch()
    (tmp_path / "envdoctor.toml").touch()
    assert found(inner).passed_over == (f"{tmp_path}/open/envdoctor.toml",)
    assert file_of(inner) == f"{tmp_path}/envdoctor.toml"


def test_a_file_that_is_no_toml_is_named_if_it_is_envdoctors_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("envdoctor = \n")
    assert file_of(tmp_path) is None  # PRJ008 tells
    (tmp_path / "envdoctor.toml").write_text("select = \n")
    with pytest.raises(ConfigurationError, match=r"envdoctor\.toml:1: Invalid value"):
        found(tmp_path)


def test_a_deleted_directory_configures_nothing() -> None:
    assert search(make_session(cwd=None)) == Found(None)
