from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.pip.config_file import PipLevel, read_file


def test_lines_that_another_setting_has_too_are_known(tmp_path: Path) -> None:
    path = tmp_path / "pip.conf"
    path.write_text("[install]\nuser = yes\npre = 1\n[wheel]\nuser = yes\n")
    _, settings = read_file(str(path), PipLevel.USER)
    repeated = [(one.section, one.option) for one in settings if one.repeated]
    assert repeated == [("install", "user"), ("wheel", "user")]


def test_what_stands_in_the_last_section_is_known(tmp_path: Path) -> None:
    path = tmp_path / "pip.conf"
    path.write_text("[global]\npre = 1\n[install]\nuser = yes\npre = 1\n")
    _, settings = read_file(str(path), PipLevel.USER)
    assert [(one.section, one.last) for one in settings] == [("global", False), ("install", True), ("install", True)]
    path.write_text("[global]\npre = 1\n[install]\n")
    _, settings = read_file(str(path), PipLevel.USER)
    assert [one.last for one in settings] == [False]


@pytest.mark.parametrize(
    ("content", "line", "problem", "stray"),
    [
        (b"# x\nproxy =\n x\n[a]\n", 2, "line 2 stands before any [section]", ("proxy =", " x")),
        (b"[global]\ntimeout = 5\n[global]\n", 3, "line 3 opens [global] again", ()),
        (b"[global]\ntimeout = 5\n\ntimeout = 6\n", 4, "line 4 sets timeout again in [global]", ()),
        (b"[global]\ntimeout\na=b\nx\n", 2, "line 2 is neither a [section] nor a key = value", ("timeout", "x")),
        (b"user = 1\n[a]\nuser = 1\n", 1, "line 1 stands before any [section]", ()),
        (b"a\nb\na\n", 1, "line 1 stands before any [section]", ("a", "b", "a")),
        (b"[global]\nproxy = \xff\n", 2, "line 2 is not UTF-8", ()),
        (b"\xef\xbb\xbf[global]\n", 1, "line 1 begins with a byte order mark, which pip takes for text", ()),
    ],
)
def test_a_file_that_stops_pip(tmp_path: Path, content: bytes, line: int, problem: str, stray: tuple[str, ...]) -> None:
    path = tmp_path / "pip.conf"
    path.write_bytes(content)
    file, settings = read_file(str(path), PipLevel.USER)
    assert (file.path, file.level, file.fatal) == (str(path), PipLevel.USER, True)
    assert (file.problem, file.line, file.stray) == (problem, line, stray)
    assert settings == ()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("\ufeff[global]\r\ntimeout = 6\r\n", True),
        ("\ufeff# mine\n[global]\n", True),
        ("\ufeff\n[global]\n", True),
        ("\ufefftimeout = 6\n[global]\n", False),
        ("\ufeff[global]\njunk\n", False),
        ("timeout = 6\n", False),
    ],
)
def test_a_byte_order_mark_alone(tmp_path: Path, text: str, marked: bool) -> None:
    path = tmp_path / "pip.conf"
    path.write_text(text, "utf-8")
    file, _ = read_file(str(path), PipLevel.USER)
    assert (file.fatal, file.marked) == (True, marked)


def test_a_default_section_that_multiplies_is_said_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "pip.conf"
    path.write_text(
        "[DEFAULT]\n" + "".join(f"k{n} = 1\n" for n in range(5_000)) + "".join(f"[s{n}]\n" for n in range(2_000))
    )
    file, settings = read_file(str(path), PipLevel.USER)
    assert (file.problem, file.fatal, settings) == ("[DEFAULT] in 2,000 sections", False, ())


def test_the_blanks_of_a_key_and_a_value_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "pip.conf"
    path.write_text("[global]\nindex-url   =   http://a   \nuser\t:yes\n")
    _, settings = read_file(str(path), PipLevel.USER)
    assert [(setting.option, setting.value, setting.origin) for setting in settings] == [
        ("index-url", "http://a", f"{path}:2"),
        ("user", "yes", f"{path}:3"),
    ]
