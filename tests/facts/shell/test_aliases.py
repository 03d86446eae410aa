from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell import startup_files
from envdoctor.facts.shell.aliases import CommandAlias, first_word, probe_command_aliases
from tests.builders import make_examined
from tests.support import make_session, see


def aliases(
    home: Path, shell: str = "bash", *, login: bool = False, path: str = "/usr/bin:/bin"
) -> dict[str, CommandAlias]:
    session = make_session({"HOME": str(home), "PATH": path})
    startup = startup_files.collect(session, str(home / "etc"))
    examined = make_examined(shell=shell, login=login)
    found = probe_command_aliases(session, examined, startup, see(SearchPath, session)).found
    return {alias.line.name: alias for alias in found}


def test_the_definitions_in_force_are_taken(tmp_path: Path) -> None:
    tool = tmp_path / "bin/python9"
    tool.parent.mkdir()
    tool.write_text("")
    tool.chmod(0o755)
    (tmp_path / ".bashrc").write_text(
        "alias python=python9\n"
        "# alias pip=/usr/bin/pip\n"
        "alias ls='ls --color'\n"
        "  alias python='~/bin/python9 -q'  \n"
        'pip() {\n  uv pip "$@"\n}\n'
        "if [ -d /opt ]; then alias python3=/opt/none/python3; fi\n"
    )
    found = aliases(tmp_path)
    assert set(found) == {"python", "pip", "python3"}
    python = found["python"]
    assert (python.target, python.runs, python.is_fixed) == (str(tool), str(tool), True)
    assert python.whole_line == "  alias python='~/bin/python9 -q'  "
    assert (found["pip"].target, found["pip"].whole_line, found["pip"].is_fixed) == (None, None, False)
    assert (found["python3"].runs, found["python3"].whole_line) == (None, None)


def test_only_the_files_of_the_calling_shell_count(tmp_path: Path) -> None:
    (tmp_path / ".zshrc").write_text("alias python=/usr/bin/env\n")
    assert aliases(tmp_path) == {}
    assert aliases(tmp_path, "zsh")["python"].runs == "/usr/bin/env"
    (tmp_path / ".bash_profile").write_text("alias pip=pip3\n")
    assert aliases(tmp_path, login=True)["pip"].target == "pip3"
    assert aliases(tmp_path) == {}
    with pytest.raises(Unavailable):
        aliases(tmp_path, "nu")


def test_what_an_environment_defines_at_its_activation_is_not_the_users_doing(tmp_path: Path) -> None:
    scripts = tmp_path / "envs/main/bin"
    scripts.mkdir(parents=True)
    (scripts / "activate").write_text("deactivate () {\n    unset VIRTUAL_ENV\n}\n")
    (tmp_path / ".bashrc").write_text(". ~/envs/main/bin/activate\n")
    assert set(aliases(tmp_path)) == {"deactivate"}
    (scripts / "python").symlink_to("/gone/python3")
    assert aliases(tmp_path) == {}


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("uv pip", "uv"),
        ("LC_ALL=C python3 -q", "python3"),
        ("'/a b/python'", "/a b/python"),
        ("'open", None),
        ("", None),
    ],
)
def test_the_program_of_an_alias(command: str, word: str | None) -> None:
    assert first_word(command) == word
