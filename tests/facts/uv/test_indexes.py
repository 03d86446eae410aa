from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.http.url import Address, Credentials, Flaw
from envdoctor.facts.mirrors.downloads import HubEndpoint, InstallerMirrors, PythonMirrors
from envdoctor.facts.pip.indexes import PipIndexes, TrustedHost
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.system.session import Session
from tests.clinic.conda import make_executable
from tests.facts.uv.test_installations import fake_uv
from tests.support import make_session, see

A, B, C, D = (f"https://{name}.example/simple" for name in "abcd")


class Home:
    """A home and a project, with the files of uv and pip."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = root / "project"
        self.user_toml = root / ".config/uv/uv.toml"
        self.pip_conf = root / ".config/pip/pip.conf"
        for directory in (self.project, self.user_toml.parent, self.pip_conf.parent):
            directory.mkdir(parents=True)

    def session(self, **env: str) -> Session:
        return make_session({"HOME": str(self.root), "XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=self.project)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def texts(addresses: tuple[Address, ...]) -> list[str]:
    return [address.text for address in addresses]


def test_nothing_set_is_nothing(home: Home) -> None:
    assert see(UvIndexes, home.session(UV_DEFAULT_INDEX="", UV_INDEX=" ")) == UvIndexes(user_file=str(home.user_toml))
    assert see(PipIndexes, home.session(PIP_INDEX_URL="")) == PipIndexes()
    for fact in (PythonMirrors, InstallerMirrors, HubEndpoint):
        with pytest.raises(Unavailable):
            see(fact, home.session())


def test_uv_variables_come_before_files_and_newer_settings_before_older(home: Home) -> None:
    home.user_toml.write_text(f'index-url = "{C}"\n[[index]]\nname = "d"\nurl = "{D}"\ndefault = true\n')
    found = see(UvIndexes, home.session(UV_DEFAULT_INDEX=f"corp={A}", UV_INDEX_URL=B))
    assert found.defaults == (
        Address(A, "UV_DEFAULT_INDEX", "UV_DEFAULT_INDEX", name="corp"),
        Address(B, "UV_INDEX_URL", "UV_INDEX_URL"),
        Address(D, "[[index]] with default = true", f"{home.user_toml}:4", str(home.user_toml), "d"),
        Address(C, "index-url", f"{home.user_toml}:1", str(home.user_toml)),
    )


def test_uv_reads_the_projects_file_for_projects_and_the_pip_table_for_pip(home: Home) -> None:
    (home.project / "uv.toml").write_text(f'index-url = "{B}"\n[pip]\nindex-url = "{A}"\n')
    home.user_toml.write_text(f'index-url = "{C}"\n')
    found = see(UvIndexes, home.session())
    assert texts(found.defaults) == [A, B, C]
    assert found.default
    assert found.default.text == A
    assert found.of_projects
    assert found.of_projects.text == B
    assert found.of_tools
    assert found.of_tools.text == C


@pytest.mark.tools
@pytest.mark.parametrize(("version", "flaw"), [("0.12.4", Flaw.NO_SCHEME), ("0.12.5", None)])
def test_a_name_stands_for_the_index_of_a_file_since_some_version(home: Home, version: str, flaw: Flaw | None) -> None:
    home.user_toml.write_text(f'[[index]]\nname = "corp"\nurl = "{A}"\nexplicit = true\n')
    fake_uv(home.root / "bin", version)
    found = see(UvIndexes, home.session(PATH=str(home.root / "bin"), UV_INDEX="corp other", UV_DEFAULT_INDEX="corp"))
    assert [address.flaw for address in (*found.defaults, *found.extras)] == [flaw, flaw, Flaw.NO_SCHEME]
    assert texts(found.defaults) == ["corp" if flaw else A]


def test_directories_lie_beside_the_file_that_names_them(home: Home) -> None:
    """From a subdirectory too; those of variables lie in the working directory."""
    for name in ("idx", "wheels"):
        (home.project / name).mkdir()
    (home.project / "uv.toml").write_text(
        'find-links = ["wheels"]\nindex-url = "idx"\n[[index]]\nname = "l"\nurl = "./idx"\n'
    )
    below = home.project / "src"
    below.mkdir()
    env = {"HOME": str(home.root), "XDG_CONFIG_DIRS": "/nonexistent", "UV_FIND_LINKS": "wheels"}
    found = see(UvIndexes, make_session(env, cwd=below))
    assert [address.flaw for address in (*found.defaults, *found.extras)] == [None, None]
    assert [address.flaw for address in found.find_links] == [Flaw.NO_SCHEME, None]
    assert found.extras[0].name == "l"


def test_uv_tries_extra_indexes_in_its_order(home: Home) -> None:
    (home.project / "uv.toml").write_text(
        f'extra-index-url = ["{D}"]\nindex-strategy = "unsafe-best-match"\nfind-links = ["/nowhere"]\n'
        f'[[index]]\nurl = "{C}"\n[[index]]\nname = "x"\nurl = "{A}"\nexplicit = true\n'
    )
    found = see(UvIndexes, home.session(UV_INDEX=f"{A} corp={B}", UV_FIND_LINKS=f"{A},{home.root}"))
    assert texts(found.extras) == [A, B, C, D]
    assert texts(found.explicit) == [A]
    assert [(address.text, address.flaw) for address in found.find_links] == [
        (A, None),
        (str(home.root), None),
        ("/nowhere", Flaw.NO_SCHEME),
    ]
    assert (found.strategy, found.strategy_origin) == ("unsafe-best-match", f"{home.project}/uv.toml:2")


def test_pip_takes_install_before_global_and_variables_before_both(home: Home) -> None:
    home.pip_conf.write_text(f"[global]\nindex-url = {A}\n[install]\nindex-url = {B}\n[list]\nindex-url = {D}\n")
    assert texts(see(PipIndexes, home.session()).indexes) == [B, A]
    found = see(PipIndexes, home.session(PIP_INDEX_URL=C))
    assert found.indexes == (
        Address(C, "PIP_INDEX_URL", "PIP_INDEX_URL"),
        Address(B, "[install] index-url", f"{home.pip_conf}:4", str(home.pip_conf)),
        Address(A, "[global] index-url", f"{home.pip_conf}:2", str(home.pip_conf)),
    )


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("", True),
        ("[pip]\nindex-url = 'x'\n[[index]]\nurl = 'x'\n", True),
        ("index = [{ url = 'x' }]\n", False),
        ("index = [\n  { url = 'x' },\n]\n", False),
        ("index-url = \n", False),
    ],
)
def test_tables_are_appended_only_where_they_can_be(home: Home, text: str, takes: bool) -> None:
    home.user_toml.write_text(text)
    assert see(UvIndexes, home.session()).user_file == (str(home.user_toml) if takes else None)


def test_the_file_of_the_environment_itself_is_known(home: Home) -> None:
    python = make_executable(home.root / "env/bin/python", "")
    (home.root / "env/pyvenv.cfg").touch()
    (home.root / "env/pip.conf").write_text(f"[global]\nindex-url = {A}\n")
    found = see(PipIndexes, home.session(PATH=str(python.parent)))
    assert (texts(found.indexes), found.own_file) == ([A], str(home.root / "env/pip.conf"))


def test_pip_lists_are_separated_by_blanks_and_line_ends(home: Home) -> None:
    home.pip_conf.write_text(
        f"[global]\nextra-index-url =\n  {A}\n  {B}\ntrusted-host = a.example b.example:8080\nfind-links = /nowhere .\n"
        "no-index = yes\n"
    )
    found = see(PipIndexes, home.session())
    origin = f"{home.pip_conf}:5"
    assert texts(found.extras) == [A, B]
    assert found.trusted == (TrustedHost("a.example", origin), TrustedHost("b.example:8080", origin))
    assert [(address.text, address.flaw) for address in found.find_links] == [("/nowhere", Flaw.MISSING), (".", None)]
    assert found.no_index == f"{home.pip_conf}:7"
    assert found.trusts(found.extras[0]) == TrustedHost("a.example", origin)
    assert found.trusts(Address("http://b.example:8080/s", "", "")) == TrustedHost("b.example:8080", origin)
    assert found.trusts(found.extras[1]) is None


def test_credentials_and_flaws_are_noted(home: Home) -> None:
    found = see(PipIndexes, home.session(PIP_INDEX_URL="https://me:pw@a.example/simple", PIP_EXTRA_INDEX_URL='"b"'))
    assert found.index
    assert found.index.credentials is Credentials.PASSWORD
    assert [address.flaw for address in found.extras] == [Flaw.QUOTED]


def test_python_mirrors_come_from_variables_and_files(home: Home) -> None:
    home.user_toml.write_text('python-install-mirror = "https://b.example/gh"\n')
    found = see(
        PythonMirrors,
        home.session(
            UV_PYTHON_INSTALL_MIRROR="https://a.example/gh", UV_PYPY_INSTALL_MIRROR="b", UV_ASTRAL_MIRROR_URL=A
        ),
    )
    assert texts(found.cpython) == ["https://a.example/gh", "https://b.example/gh"]
    assert found.effective == Address("https://a.example/gh", "UV_PYTHON_INSTALL_MIRROR", "UV_PYTHON_INSTALL_MIRROR")
    assert [address.flaw for address in found.pypy] == [Flaw.NO_SCHEME]
    assert texts(found.astral) == [A]


def test_the_list_of_downloads_may_be_a_file(home: Home) -> None:
    (home.project / "list.json").write_text("{}")
    found = see(PythonMirrors, home.session(UV_PYTHON_DOWNLOADS_JSON_URL="list.json"))
    assert [address.flaw for address in found.listing] == [None]
    missing = see(PythonMirrors, home.session(UV_PYTHON_DOWNLOADS_JSON_URL="other.json"))
    assert [address.flaw for address in missing.listing] == [Flaw.MISSING]


def test_the_installers_variables_are_in_its_order() -> None:
    found = see(InstallerMirrors, make_session({"UV_INSTALLER_GITHUB_BASE_URL": A, "UV_DOWNLOAD_URL": B}))
    assert [address.setting for address in found.addresses] == ["UV_DOWNLOAD_URL", "UV_INSTALLER_GITHUB_BASE_URL"]


@pytest.mark.parametrize(
    ("env", "offline"),
    [({}, None), ({"HF_HUB_OFFLINE": "0"}, None), ({"TRANSFORMERS_OFFLINE": "TRUE"}, "TRANSFORMERS_OFFLINE")],
)
def test_the_hub_may_be_switched_off(env: dict[str, str], offline: str | None) -> None:
    found = see(HubEndpoint, make_session({"HF_ENDPOINT": "hub.example", **env}))
    assert found.offline == offline
    assert found.endpoint
    assert found.endpoint.flaw is Flaw.NO_SCHEME
