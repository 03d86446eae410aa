from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.http.url import Credentials, Flaw
from envdoctor.facts.mirrors.credentials import Leak, UrlCredentials, first
from envdoctor.facts.mirrors.ignored_settings import Unread, UnreadSettings, WhyUnread
from envdoctor.facts.mirrors.project_sources import ProjectSources, SourceTool
from tests.support import make_session, needs_tool, see

A = "https://a.example/simple"
USER = "https://jane.doe@a.example/simple"
SECRET = "https://me:pw@a.example/simple"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A home with a project."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project/pyproject.toml").write_text('[project]\nname = "demo"\n')
    return tmp_path / "project"


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


def sources(project: Path, **env: str) -> ProjectSources:
    return see(ProjectSources, make_session({"HOME": str(project.parent), **env}, cwd=project))


def test_a_project_without_sources(project: Path) -> None:
    with pytest.raises(Unavailable):
        sources(project)


def test_the_sources_of_a_project(project: Path) -> None:
    (project / "requirements.txt").write_text(
        f"# -i {A}\n-i {A}\n--extra-index-url={A}\n--trusted-host a.example\ndemo\n"
    )
    (project / "Pipfile").write_text(f'[[source]]\nname = "a"\nurl = "{A}"\nverify_ssl = false\n')
    (project / "pyproject.toml").write_text(
        f'[[tool.poetry.source]]\nname = "a"\nurl = "{A}"\npriority = "supplemental"\n'
        f'[[tool.poetry.source]]\nname = "b"\nurl = "https://b.example/simple"\ndefault = true\n'
        '[[tool.poetry.source]]\nname = "c"\n'
    )
    found = sources(project, PIPENV_PYPI_MIRROR=A)
    assert [(s.tool, s.role, s.verified, s.address.origin.removeprefix(f"{project}/")) for s in found.sources] == [
        (SourceTool.REQUIREMENTS, "--index-url", True, "requirements.txt:2"),
        (SourceTool.REQUIREMENTS, "--extra-index-url", True, "requirements.txt:3"),
        (SourceTool.REQUIREMENTS, "--trusted-host", False, "requirements.txt:4"),
        (SourceTool.POETRY, "supplemental", True, "pyproject.toml:3"),
        (SourceTool.POETRY, "default", True, "pyproject.toml:7"),
        (SourceTool.PIPENV, "source", False, "Pipfile:3"),
    ]
    assert found.pipenv_mirror is not None


def test_what_pip_reads_in_requirements_has_no_flaw(project: Path) -> None:
    """Quotation marks are the parser's, and a directory beside the file is as good as one where pip is called."""
    for directory in ("wheels", "sub/own wheels"):
        (project / directory).mkdir(parents=True)
    (project / "sub" / "more.txt").write_text("-f ./wheels\n--find-links 'own wheels'\n--find-links gone\n")
    (project / "requirements.txt").write_text(f'--index-url "{A}"\n-f ./wheels\n-r sub/more.txt\n')
    found = [(source.address.text, source.address.flaw) for source in sources(project).sources]
    assert found == [
        (A, None),
        ("./wheels", None),
        ("./wheels", None),
        ("own wheels", None),
        ("gone", Flaw.MISSING),
    ]


def test_an_address_in_a_variable_is_not_judged(project: Path) -> None:
    (project / "requirements.txt").write_text(
        "--index-url ${CORP_INDEX}\n--extra-index-url https://${HOST}/simple\n-f ./${WHEELS}\n"
        "--extra-index-url https://${USER}:${PW}@a.example/simple\n--extra-index-url $CORP\n"
    )
    (project / "Pipfile").write_text('[[source]]\nurl = "${PYPI_URL}"\n[[source]]\nurl = "$PYPI_URL"\n')
    assert [(s.address.text, s.address.flaw) for s in sources(project).sources] == [
        ("https://${USER}:${PW}@a.example/simple", None),
        ("$CORP", Flaw.NO_SCHEME),
    ]


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
    ],
)
def test_a_keyring_of_another_tool_or_for_a_password_explains_nothing(env: dict[str, str], project: Path) -> None:
    session = make_session({"HOME": str(project.parent), "XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=project)
    assert len(see(UrlCredentials, session).leaks) == 1
