from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.logins import Logins
from tests.clinic.conda import make_executable
from tests.support import make_session, see

INDEX = Address("https://mirror.example/simple", "UV_DEFAULT_INDEX", "UV_DEFAULT_INDEX")
NAMED = Address("https://mirror.example/simple", "[[index]]", "uv.toml:2", name="our-own")
STORE = '[[credential]]\nservice = "https://mirror.example/"\nusername = "me"\npassword = "Sesame-123"\n'


def logins(home: Path, **env: str) -> Logins:
    own = {"HOME": str(home), "PATH": f"{home}/bin", "PIP_CONFIG_FILE": "/dev/null", "XDG_CONFIG_DIRS": "/nonexistent"}
    return see(Logins, make_session({**own, **env}, cwd=home))


def test_nothing_is_known_of_a_login(tmp_path: Path) -> None:
    found = logins(tmp_path)
    assert found == Logins()
    assert [found.of(tool, INDEX) for tool in ("pip", "uv", "conda", "models")] == [None] * 4
    assert found.of("poetry", INDEX) == "poetry may have one in its own settings or in a keyring"


@pytest.mark.parametrize("provider", ["import", "subprocess"])
def test_a_keyring_that_pip_is_told_to_ask(tmp_path: Path, provider: str) -> None:
    found = logins(tmp_path, PIP_KEYRING_PROVIDER=provider)
    assert found.of("pip", INDEX) == "pip asks a keyring, as PIP_KEYRING_PROVIDER says"
    assert found.of("uv", INDEX) is None


def test_a_keyring_that_pip_finds_by_itself(tmp_path: Path) -> None:
    command = make_executable(tmp_path / "bin/keyring", "#!/bin/sh\n")
    assert logins(tmp_path).pip == f"pip may ask the keyring of {command}"
    assert logins(tmp_path, PIP_KEYRING_PROVIDER="disabled").pip is None
    command.unlink()
    make_executable(tmp_path / "env/bin/python", "")
    (tmp_path / "env/pyvenv.cfg").touch()
    package = tmp_path / "env/lib/python3.11/site-packages/keyring"
    package.mkdir(parents=True)
    assert logins(tmp_path, PATH=f"{tmp_path}/env/bin").pip == f"pip may ask the keyring of {package}"


def test_a_keyring_that_uv_is_told_to_ask(tmp_path: Path) -> None:
    assert logins(tmp_path, UV_KEYRING_PROVIDER="subprocess").uv == "uv asks a keyring, as UV_KEYRING_PROVIDER says"
    assert logins(tmp_path, UV_KEYRING_PROVIDER="disabled").uv is None
    assert logins(tmp_path, UV_PREVIEW_FEATURES="native-auth").uv is not None
    (tmp_path / "uv.toml").write_text('keyring-provider = "subprocess"\n')
    assert logins(tmp_path).uv == f"uv asks a keyring, as {tmp_path}/uv.toml:1 says"


def test_the_store_of_uv_auth_is_for_the_hosts_that_it_names(tmp_path: Path) -> None:
    store = tmp_path / ".local/share/uv/credentials/credentials.toml"
    store.parent.mkdir(parents=True)
    store.write_text(STORE)
    found = logins(tmp_path)
    assert found.of("uv", INDEX) == "`uv auth` has one"
    assert found.of("uv", Address("https://other.example/simple", "X", "X")) is None
    assert found.of("pip", INDEX) is None
    assert "Sesame" not in repr(found)
    assert logins(tmp_path, UV_CREDENTIALS_DIR=f"{tmp_path}/none").stored == ()
    store.write_text("[[credential")
    assert logins(tmp_path).stored == ()


def test_a_variable_of_uv_is_for_the_index_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "uv.toml").write_text('[[index]]\nname = "our-own"\nurl = "https://mirror.example/simple"\n')
    found = logins(tmp_path, UV_INDEX_OUR_OWN_PASSWORD="Sesame-123")
    assert found.of("uv", NAMED) == "uv takes one from the variables of the index `our-own`"
    assert "Sesame" not in repr(found)
    assert logins(tmp_path).of("uv", NAMED) is None
