from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.uv.settings import (
    UvFile,
    UvIndex,
    UvLevel,
    UvSettings,
    UvValue,
    UvVariable,
    probe_uv_settings,
)
from tests.support import make_session


def settings(cwd: Path | None, **env: str) -> UvSettings:
    return probe_uv_settings(make_session({"XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=cwd))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_nothing_is_set(tmp_path: Path) -> None:
    assert settings(tmp_path, HOME=str(tmp_path)) == UvSettings()


def test_variables_are_read_by_name_even_when_empty(tmp_path: Path) -> None:
    seen = settings(tmp_path, HOME=str(tmp_path), UV_OFFLINE="", UV_PUBLISH_TOKEN="secret", UV_PYTHON="3.12")
    assert seen.variables == (UvVariable("UV_OFFLINE", ""), UvVariable("UV_PYTHON", "3.12"))
    assert seen.variable("UV_OFFLINE") == ""
    assert seen.variable("UV_LINK_MODE") is None


def test_the_project_wins_over_the_user(tmp_path: Path) -> None:
    project = write(tmp_path / "p" / "pyproject.toml", '[project]\nname = "x"\n[tool.uv]\nlink-mode = "copy"\n')
    user = write(tmp_path / ".config/uv/uv.toml", 'link-mode = "clone"\n\n[pip]\n# here\nsystem = true\n')
    inner = tmp_path / "p" / "src"
    inner.mkdir()
    seen = settings(inner, HOME=str(tmp_path))
    assert seen.files == (UvFile(str(project), UvLevel.PROJECT), UvFile(str(user), UvLevel.USER))
    assert seen.value("link-mode") == UvValue("link-mode", "copy", str(project), 4, 'link-mode = "copy"')
    assert seen.value("pip.system") == UvValue("pip.system", "true", str(user), 5, "system = true")
    assert seen.value("offline") is None


def test_a_uv_toml_hides_the_pyproject_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.uv]\nlink-mode = "copy"\n')
    toml = write(tmp_path / "uv.toml", "offline = true\n")
    seen = settings(tmp_path, HOME=str(tmp_path))
    assert [file.path for file in seen.files] == [str(toml)]


def test_a_pyproject_without_a_table_for_uv_is_passed_over(tmp_path: Path) -> None:
    outer = write(tmp_path / "uv.toml", "offline = true\n")
    write(tmp_path / "p" / "pyproject.toml", '[project]\nname = "x"\n')
    assert [file.path for file in settings(tmp_path / "p").files] == [str(outer)]


def test_an_explicit_file_replaces_all_others_and_one_switch_drops_them(tmp_path: Path) -> None:
    write(tmp_path / ".config/uv/uv.toml", "offline = true\n")
    own = write(tmp_path / "own.toml", "offline = false\n")
    assert settings(tmp_path, HOME=str(tmp_path), UV_CONFIG_FILE="own.toml").files == (
        UvFile(str(own), UvLevel.EXPLICIT),
    )
    assert settings(tmp_path, HOME=str(tmp_path), UV_NO_CONFIG="1").files == ()


def test_the_first_system_file_is_the_only_one(tmp_path: Path) -> None:
    first = write(tmp_path / "one/uv/uv.toml", "offline = true\n")
    write(tmp_path / "two/uv/uv.toml", "offline = false\n")
    seen = settings(tmp_path, XDG_CONFIG_DIRS=f"{tmp_path}/none:{tmp_path}/one:{tmp_path}/two")
    assert seen.files == (UvFile(str(first), UvLevel.SYSTEM),)
    assert settings(tmp_path, XDG_CONFIG_DIRS=f"{tmp_path}/one", UV_NO_SYSTEM_CONFIG="true").files == ()


def test_indexes_keep_their_order_and_their_lines(tmp_path: Path) -> None:
    project = write(
        tmp_path / "p" / "pyproject.toml",
        '[tool.uv]\n[[tool.uv.index]]\nname = "torch"\nurl = "https://t/whl"\nexplicit = true\n',
    )
    user = write(tmp_path / ".config/uv/uv.toml", '[[index]]\nurl = "https://m/simple"\ndefault = true\n')
    assert settings(tmp_path / "p", HOME=str(tmp_path)).indexes == (
        UvIndex("https://t/whl", "torch", default=False, explicit=True, path=str(project), line=4),
        UvIndex("https://m/simple", None, default=True, explicit=False, path=str(user), line=2),
    )


def test_a_line_that_another_table_has_too_is_not_remembered(tmp_path: Path) -> None:
    text = '[tool.uv.pip]\ntarget = "x"\nprefix = "y"\n[tool.other]\ntarget = "x"\n'
    write(tmp_path / "pyproject.toml", text)
    found = {value.key: value.text for value in settings(tmp_path).values}
    assert found == {"pip.target": "", "pip.prefix": 'prefix = "y"'}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = \n", "Invalid value (at line 1, column 5)"),
        (b"\xff", "line 1 is not UTF-8"),
        (b"\0", "a binary file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "uv.toml").write_bytes(content)
    assert settings(tmp_path).files == (UvFile(f"{tmp_path}/uv.toml", UvLevel.PROJECT, said),)


def test_a_file_of_odd_shapes_is_no_trouble(tmp_path: Path) -> None:
    write(tmp_path / "uv.toml", 'pip = 1\nindex = [1, {name = 2, url = "u"}, {url = 3}]\nx = [[1], "a", 2.5]\n')
    seen = settings(tmp_path)
    assert [(value.key, value.value) for value in seen.values] == [
        ("pip", ""),
        ("index", ""),
        ("x", ""),
        ("x", ""),
    ]
    assert [index.url for index in seen.indexes] == ["u"]


def test_the_value_of_an_unknown_key_is_not_kept(tmp_path: Path) -> None:
    write(tmp_path / "uv.toml", 'corp-login = "hunter2"\noffline = true\n[pip]\nlogin = "hunter2"\n')
    seen = settings(tmp_path)
    assert "hunter2" not in repr(seen)
    assert [(value.key, value.value) for value in seen.values] == [
        ("corp-login", ""),
        ("offline", "true"),
        ("pip.login", ""),
    ]


@pytest.mark.parametrize("cwd", [None, "/"])
def test_no_home_and_no_directory_are_no_trouble(cwd: str | None) -> None:
    assert (
        probe_uv_settings(make_session({"HOME": "/nonexistent", "XDG_CONFIG_DIRS": "/none"}, cwd=cwd)) == UvSettings()
    )
