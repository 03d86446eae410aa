from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.http.url import Address, Flaw
from envdoctor.facts.mirrors.downloads import HubEndpoint, InstallerMirrors, PythonMirrors
from tests.facts.uv.indexes_world import A, B, Home, texts
from tests.support import make_session, see


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


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
