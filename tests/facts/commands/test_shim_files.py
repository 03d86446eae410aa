"""Shims of asdf and mise are asked only where the files of the directory name versions and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.commands.shim_files import obstacle


def told(manager: ShimManager | None, cwd: Path, home: Path | str | None = "/nonexistent") -> str | None:
    return obstacle(manager, str(cwd), None if home is None else str(home))


@pytest.mark.parametrize("manager", [ShimManager.ASDF, ShimManager.MISE])
@pytest.mark.parametrize(
    ("file", "text", "asked"),
    [
        (".tool-versions", "# ours\npython 3.12.1 3.11 system\nnodejs 20.0.0-rc.1+x\n", True),
        (".python-version", "3.12.1\n", True),
        (".tool-versions", "python path:/tmp/evil\n", False),
        (".tool-versions", "python path:./tools\n", False),
        (".tool-versions", "python ref:v3.12\n", False),
        (".tool-versions", "python ../../../../evil\n", False),
        (".tool-versions", "python ..\n", False),
        (".tool-versions", "python {{exec(command='evil')}}\n", False),
        (".python-version", "../../evil\n", False),
        (".python-version", "\0", False),
    ],
)
def test_files_of_versions_are_followed(
    manager: ShimManager, file: str, text: str, asked: bool, tmp_path: Path
) -> None:
    (tmp_path / file).write_text(text)
    below = tmp_path / "a/b"
    below.mkdir(parents=True)
    for cwd in (tmp_path, below):
        reason = told(manager, cwd)
        assert (reason is None) is asked
        assert reason is None or f"{tmp_path}/{file} decides what it runs" in reason
    assert told(manager, below, tmp_path) is None


VERSIONS = '[tools]\npython = "3.12"\nnode = ["22", "latest"]\n'


@pytest.mark.parametrize(
    "file",
    [
        *("mise.toml", ".mise.toml", "mise.local.toml", "mise.ci.toml", ".mise.ci.local.toml", ".rtx.toml"),
        *(".config/mise.toml", ".config/mise/config.toml", ".config/mise/conf.d/a.toml", ".mise/config.toml"),
        *("mise/config.toml", "mise/config.ci.toml"),
    ],
)
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (VERSIONS, True),
        ('min_version = "2026.1"\n' + VERSIONS, True),
        ("", True),
        ('[env]\n_.source = "evil.sh"\n', False),
        ('[hooks]\nenter = "evil"\n', False),
        ("[tools]\npython = \"{{exec(command='evil')}}\"\n", False),
        ('[tools]\npython = "path:./evil"\n', False),
        ('[tools]\npython = { version = "3.12", postinstall = "evil" }\n', False),
        ('[tools]\n"npm:evil" = "1"\n', False),
        ("[tools", False),
    ],
)
def test_a_file_of_mise_may_name_versions_and_run_nothing(file: str, text: str, asked: bool, tmp_path: Path) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    reason = told(ShimManager.MISE, tmp_path)
    assert reason == (None if asked else f"is not run: {tmp_path}/{file} decides what it runs")
    assert told(ShimManager.ASDF, tmp_path) is None


def test_a_directory_that_is_only_called_mise(tmp_path: Path) -> None:
    (tmp_path / "mise/src").mkdir(parents=True)
    (tmp_path / "mise/README.md").write_text("")
    assert told(ShimManager.MISE, tmp_path) is None


def test_other_programs_do_not_choose_by_the_directory(tmp_path: Path) -> None:
    (tmp_path / ".tool-versions").write_text("python path:./evil\n")
    assert told(None, tmp_path) is told(ShimManager.PYENV, tmp_path) is None
