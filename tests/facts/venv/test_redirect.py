from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.venv.redirect import named_by
from envdoctor.system.files import Unreadable


def test_a_place_is_named_from_where_the_file_stands(tmp_path: Path) -> None:
    file = tmp_path / ".venv"
    for text, place in (
        ("../envs/app\n", f"{tmp_path.parent}/envs/app"),
        ("/opt/gone", "/opt/gone"),
        ("app", f"{tmp_path}/app"),
        (" \n", None),
    ):
        file.write_text(text)
        assert named_by(str(file)) == place


def test_a_bare_name_may_be_one_of_a_collection(tmp_path: Path) -> None:
    file = tmp_path / ".venv"
    file.write_text("app\n")
    assert named_by(str(file), "/envs") == "/envs/app"
    file.write_text("./app\n")
    assert named_by(str(file), "/envs") == f"{tmp_path}/app"


def test_what_leads_nowhere_is_known_by_its_words_alone(tmp_path: Path) -> None:
    file = tmp_path / ".venv"
    file.write_text("/opt/Zq7pLm2xVb9kTr4w and more")
    assert named_by(str(file)) == f"{tmp_path}/… and more"
    there = tmp_path / "app-Zq7pLm2xVb9kTr4w"
    there.mkdir()
    file.write_text(f"{there}\n")
    assert named_by(str(file)) == str(there)


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        named_by(str(tmp_path / ".venv"))
