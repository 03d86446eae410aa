from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.http.url import Address, Flaw
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from tests.clinic.conda import make_executable
from tests.facts.uv.indexes_world import A, B, C, D, Home, texts
from tests.support import see


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_pip_takes_install_before_global_and_variables_before_both(home: Home) -> None:
    home.pip_conf.write_text(f"[global]\nindex-url = {A}\n[install]\nindex-url = {B}\n[list]\nindex-url = {D}\n")
    assert texts(see(PipIndexes, home.session()).indexes) == [B, A]
    found = see(PipIndexes, home.session(PIP_INDEX_URL=C))
    assert found.indexes == (
        Address(C, "PIP_INDEX_URL", "PIP_INDEX_URL"),
        Address(B, "[install] index-url", f"{home.pip_conf}:4", str(home.pip_conf)),
        Address(A, "[global] index-url", f"{home.pip_conf}:2", str(home.pip_conf)),
    )


def test_the_file_of_the_environment_itself_is_known(home: Home) -> None:
    python = make_executable(home.root / "env/bin/python", "")
    (home.root / "env/pyvenv.cfg").touch()
    (home.root / "env/pip.conf").write_text(f"[global]\nindex-url = {A}\n")
    found = see(PipIndexes, home.session(PATH=str(python.parent)))
    assert (texts(found.indexes), found.own_file) == ([A], str(home.root / "env/pip.conf"))


def test_whether_the_file_that_pip_config_set_writes_is_read(home: Home) -> None:
    (home.root / "own.conf").touch()
    named = (None, "", "/dev/null", f"{home.root}/own.conf", f"{home.root}/gone.conf")
    sessions = [home.session() if name is None else home.session(PIP_CONFIG_FILE=name) for name in named]
    assert [see(PipIndexes, session).reads_user_file for session in sessions] == [True, True, False, False, True]


def test_pip_puts_the_home_in_place_of_a_tilde_in_find_links_alone(home: Home) -> None:
    (home.root / "wheels").mkdir()
    links = "~/wheels ~/gone file://~/wheels $HOME/wheels"
    found = see(PipIndexes, home.session(PIP_FIND_LINKS=links, PIP_INDEX_URL="~/wheels"))
    assert [address.flaw for address in found.find_links] == [None, *[Flaw.UNEXPANDED] * 3]
    assert [address.flaw for address in found.indexes] == [Flaw.UNEXPANDED]


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
    assert found.no_index is not None
    assert found.no_index.origin == f"{home.pip_conf}:7"
    assert found.trusts(found.extras[0]) == TrustedHost("a.example", origin)
    assert found.trusts(Address("http://b.example:8080/s", "", "")) == TrustedHost("b.example:8080", origin)
    assert found.trusts(found.extras[1]) is None
