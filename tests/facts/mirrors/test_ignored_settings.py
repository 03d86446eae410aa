from __future__ import annotations

from pathlib import Path

from envdoctor.facts.mirrors.ignored_settings import Unread, UnreadSettings, WhyUnread
from tests.support import make_session, see

A = "https://a.example/simple"


def unread(project: Path, **env: str) -> tuple[Unread, ...]:
    variables = {"HOME": str(project.parent), "XDG_CONFIG_DIRS": "/nonexistent", **env}
    return see(UnreadSettings, make_session(variables, cwd=project)).unread


def test_misspelt_variables(project: Path) -> None:
    assert unread(project, PIP_INDEX=A, UV_DEFAULT_INDEX_URL="") == (
        Unread("PIP_INDEX", A, "PIP_INDEX", WhyUnread.MISSPELT, "PIP_INDEX_URL"),
    )
    assert unread(project, PIP_INDEX=A, PIP_INDEX_URL=A) == ()


def test_a_configuration_file_that_is_not_there(project: Path) -> None:
    [found] = unread(project, PIP_CONFIG_FILE="nowhere.conf")
    assert found.why is WhyUnread.NO_FILE
    (project / "here.conf").write_text("")
    assert unread(project, PIP_CONFIG_FILE="here.conf") == ()


def test_files_and_sections_that_pip_does_not_read(project: Path) -> None:
    home = project.parent
    (home / "pip.conf").write_text(f"[global]\nindex-url = {A}\ntimeout = 3\n")
    (home / ".config/pip").mkdir(parents=True)
    read = home / ".config/pip/pip.conf"
    read.write_text(f"[pip]\nindex-url = {A}\n[install]\nindex-url = {A}\n[download]\nindex-url = {A}\n")
    assert unread(project) == (
        Unread("[global] index-url", A, f"{home}/pip.conf:2", WhyUnread.OTHER_FILE, str(read)),
        Unread("[pip] index-url", A, f"{read}:2", WhyUnread.OTHER_SECTION, "global"),
    )


def test_a_uv_toml_hides_the_pyproject_beside_it(project: Path) -> None:
    pyproject = project / "pyproject.toml"
    pyproject.write_text(f'[tool.uv]\nindex-url = "{A}"\n[[tool.uv.index]]\nurl = "{A}"\n')
    assert unread(project) == ()
    (project / "uv.toml").write_text("")
    assert [(found.setting, found.value, found.why) for found in unread(project)] == [
        ("[tool.uv] index", A, WhyUnread.BESIDE_UV_TOML),
        ("[tool.uv] index-url", A, WhyUnread.BESIDE_UV_TOML),
    ]
