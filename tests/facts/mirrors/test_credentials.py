from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.http.parts import Credentials
from envdoctor.facts.mirrors.credentials import Leak, UrlCredentials, first
from tests.support import make_session, needs_tool, see

A = "https://a.example/simple"

USER = "https://jane.doe@a.example/simple"


SECRET = "https://me:pw@a.example/simple"


@pytest.mark.parametrize(
    ("text", "credentials", "alone"),
    [
        (SECRET, Credentials.PASSWORD, True),
        (f"corp={SECRET}", Credentials.PASSWORD, False),
        ("https://tok3n@a.example/simple", Credentials.TOKEN, True),
        ("me:pw@proxy.example:8080", Credentials.PASSWORD, False),
        ("https://c.example/t/tk-12/main", Credentials.TOKEN, True),
    ],
)
def test_credentials_in_a_variable_are_found(text: str, credentials: Credentials, alone: bool) -> None:
    found = first(text, "X")
    assert found is not None
    assert (found.credentials, found.alone, found.line) == (credentials, alone, None)


@pytest.mark.parametrize(
    "text",
    [
        A,
        "https://${USER}:${PW}@a.example/simple",
        "https://a.example/t/<TOKEN>/main",
        "git+ssh://git@a.example/x.git",
        "https://__token__@a.example/simple",
        "http://me:pw@127.0.0.1:8080",
        "ann@mail.example",
        "*",
    ],
)
def test_what_is_no_secret_is_not_found(text: str) -> None:
    assert first(text, "X") is None


def test_a_requirements_file_of_powershell_is_searched(project: Path) -> None:
    path = project / "requirements.txt"
    path.write_text(f"demo\n-i {SECRET}\n", encoding="utf-16")
    [leak] = see(UrlCredentials, make_session({"HOME": str(project.parent)}, cwd=project)).leaks
    assert (leak.place, leak.line) == (str(path), 2)


@pytest.mark.tools
def test_files_are_searched_and_git_is_asked(project: Path) -> None:
    git = needs_tool("git")
    lock = project / "uv.lock"
    lock.write_text(f'a = "{A}"\nb = "{SECRET}"\nc = "{SECRET}/more"\n')
    (project / ".env").write_text(f"UV_DEFAULT_INDEX={SECRET}\n")
    (project.parent / ".pip").mkdir()
    pip_conf = project.parent / ".pip/pip.conf"
    pip_conf.write_text(f"[global]\nindex-url = {SECRET}\n")
    for path, mode in ((lock, 0o644), (project / ".env", 0o600), (pip_conf, 0o640)):
        path.chmod(mode)
    for arguments in (("init", "-q"), ("add", "uv.lock"), ("config", "core.fsmonitor", "touch /tmp/never; false")):
        subprocess.run([git, "-C", str(project), *arguments], check=True)
    env = {
        "HOME": str(project.parent),
        "PATH": "/usr/bin:/bin",
        "XDG_CONFIG_DIRS": "/nonexistent",
        "PIP_INDEX_URL": SECRET,
    }
    found = see(UrlCredentials, make_session(env, cwd=project))
    secret = ("a.example", Credentials.PASSWORD)
    assert found.leaks == (
        Leak("PIP_INDEX_URL", SECRET, *secret, alone=True),
        Leak(str(pip_conf), SECRET, *secret, line=2, tracked=None, open_to="the group"),
        Leak(str(lock), SECRET, *secret, line=2, count=2, tracked=True, open_to="everybody", of_project=True),
        Leak(str(project / ".env"), SECRET, *secret, line=1, tracked=False, of_project=True),
    )


@pytest.mark.parametrize(
    ("env", "files"),
    [
        ({"UV_INDEX": USER, "UV_KEYRING_PROVIDER": "subprocess"}, {}),
        ({"PIP_INDEX_URL": USER, "PIP_KEYRING_PROVIDER": "subprocess"}, {}),
        ({"CONDA_CHANNELS": USER}, {}),
        ({"HTTPS_PROXY": "http://jane.doe@proxy.example:3128", "PIP_PROXY": "http://jane.doe@proxy.example"}, {}),
        ({}, {"uv.toml": f'keyring-provider = "subprocess"\nindex-url = "{USER}"\n'}),
        ({}, {"pyproject.toml": f'[tool.uv.pip]\nkeyring-provider = "subprocess"\nindex-url = "{USER}"\n'}),
        ({"UV_KEYRING_PROVIDER": "subprocess"}, {"requirements.txt": f"-i {USER}\n"}),
        ({}, {"environment.yml": f"channels:\n- {USER}\n"}),
    ],
)
def test_a_name_alone_is_no_token_for_who_gets_the_password_elsewhere(
    env: dict[str, str], files: dict[str, str], project: Path
) -> None:
    for name, text in files.items():
        (project / name).write_text(text)
    session = make_session({"HOME": str(project.parent), "XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=project)
    assert see(UrlCredentials, session).leaks == ()


@pytest.mark.parametrize(
    "env",
    [
        {"UV_INDEX": USER, "PIP_KEYRING_PROVIDER": "subprocess"},
        {"PIP_INDEX_URL": USER, "PIP_KEYRING_PROVIDER": "disabled"},
        {"UV_INDEX": SECRET, "UV_KEYRING_PROVIDER": "subprocess"},
        {"CONDA_CHANNELS": "https://jane@a.example/t/tk-12/main"},
        {"https_proxy": "http://jane:pw@proxy.example:3128"},
    ],
)
def test_a_keyring_of_another_tool_or_for_a_password_explains_nothing(env: dict[str, str], project: Path) -> None:
    session = make_session({"HOME": str(project.parent), "XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=project)
    assert len(see(UrlCredentials, session).leaks) == 1
