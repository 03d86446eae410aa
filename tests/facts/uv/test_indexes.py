from __future__ import annotations

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.http.parts import Credentials
from envdoctor.facts.http.url import Address, Flaw
from envdoctor.facts.mirrors.downloads import HubEndpoint, InstallerMirrors, PythonMirrors
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.uv.indexes import UvIndexes
from tests.facts.uv.indexes_world import A, B, C, D, Home, texts
from tests.facts.uv.test_installations import fake_uv
from tests.support import make_session, see


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


def test_credentials_and_flaws_are_noted(home: Home) -> None:
    found = see(PipIndexes, home.session(PIP_INDEX_URL="https://me:pw@a.example/simple", PIP_EXTRA_INDEX_URL='"b"'))
    assert found.index
    assert found.index.credentials is Credentials.PASSWORD
    assert [address.flaw for address in found.extras] == [Flaw.QUOTED]
