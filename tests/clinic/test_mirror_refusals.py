"""Who refuses, and who has the login: keyrings, `uv auth`, proxies; and mirrors that are never asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clinic.conda import make_executable
from tests.clinic.environments import by_venv
from tests.clinic.patient import Examination, Patient
from tests.clinic.projects import write
from tests.clinic.tree import in_effect
from tests.mirror_server import PASSWORD, USER, MirrorServer

pytestmark = pytest.mark.clinic

KEYRING = f"""#!/bin/sh
[ "$1" = get ] && [ "$3" = {USER} ] && echo {PASSWORD} || exit 1
"""


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user of uv and of a pip that reads no file of this machine; nothing but this machine can be reached."""
    patient.env |= {
        "UV_HTTP_RETRIES": "0",
        "UV_PYTHON_DOWNLOADS": "never",
        "PIP_CONFIG_FILE": f"{patient.home}/pip.conf",
    }
    patient.env |= {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    (patient.home / "pip.conf").touch()
    patient.install("uv")
    by_venv(patient, patient.project / ".venv")
    patient.does("source .venv/bin/activate")
    return patient


def uv_gets_in(user: Patient) -> bool:
    """Whether uv finds the package."""
    return user.shell.run("echo demo | uv pip compile --no-cache -").status == 0


def asked(user: Patient) -> Examination:
    return user.examine("--select", "MIR010", "--network")


@pytest.mark.healthy("MIR010")
@pytest.mark.sick("MIR010")
def test_the_login_of_uv_auth_is_not_called_missing(user: Patient, mirror: MirrorServer) -> None:
    user.does(f"export UV_DEFAULT_INDEX={mirror.url}/private/simple")
    assert not uv_gets_in(user)
    assert "wants other credentials, or some at all (status 401)" in asked(user).finding("MIR010")["message"]
    user.does(f"uv auth login {mirror.url} --username {USER} --password {PASSWORD}")
    assert uv_gets_in(user)
    seen = asked(user)
    assert seen.problems("warning") == []
    assert "`uv auth` has one, where envdoctor does not look" in seen.finding("MIR010")["message"]
    assert PASSWORD not in json.dumps(seen.document)


@pytest.mark.healthy("MIR010")
def test_the_login_of_a_keyring_is_not_called_missing(user: Patient, mirror: MirrorServer) -> None:
    make_executable(user.bin / "keyring", KEYRING)
    index = f"{mirror.scheme}://{USER}@127.0.0.1:{mirror.port}/private/simple"
    user.does(f"export UV_DEFAULT_INDEX={index} UV_KEYRING_PROVIDER=subprocess")
    assert uv_gets_in(user)
    seen = asked(user)
    assert seen.problems("warning") == []
    assert "uv asks a keyring, as UV_KEYRING_PROVIDER says" in seen.finding("MIR010")["message"]


@pytest.mark.sick("MIR010")
@pytest.mark.parametrize(
    ("denial", "said"),
    [
        ("407/asks", "does not answer: the proxy does not let it through"),
        ("403/squid", "does not answer: the proxy does not let it through"),
        ("403/via", "is refused, by the mirror itself or by the proxy on the way (status 403)"),
    ],
)
def test_the_refusal_of_a_proxy_asks_for_no_login_at_the_mirror(
    user: Patient, mirror: MirrorServer, denial: str, said: str
) -> None:
    user.does(f"export HTTP_PROXY={mirror.url} UV_DEFAULT_INDEX=http://mirror.invalid/denied/{denial}/simple")
    assert not uv_gets_in(user)
    finding = asked(user).finding("MIR010")
    assert said in finding["message"]
    assert "proxy" in finding["fix"]["summary"]
    # what the step to read asks for: the host in NO_PROXY, behind which the mirror answers
    user.does(f"export UV_DEFAULT_INDEX={mirror.url}/simple")
    assert uv_gets_in(user)
    assert asked(user).problems() == []


@pytest.mark.healthy("MIR010")
def test_a_mirror_behind_a_proxy_that_lets_it_through(user: Patient, mirror: MirrorServer) -> None:
    user.does(f"export HTTP_PROXY={mirror.url} UV_DEFAULT_INDEX=http://mirror.invalid/simple")
    assert uv_gets_in(user)
    assert asked(user).problems() == []


@pytest.mark.sick("MIR004")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_variable_keeps_pip_from_the_mirror(user: Patient, mirror: MirrorServer) -> None:
    install = "pip download --no-deps --no-cache-dir demo"
    user.does(f"export PIP_INDEX_URL={mirror.url}/simple PIP_NO_INDEX=1")
    mirror.take_paths()
    assert user.shell.run(install).status == 1
    assert mirror.take_paths() == []
    arguments = ("--select", "MIR", "--network")
    before = user.examine(*arguments)
    assert f"pip never asks {mirror.url}/simple: PIP_NO_INDEX=1" in before.finding("MIR004")["message"]
    assert mirror.take_paths() == []
    user.cure("MIR004", before=before, arguments=arguments, unmasked=("MIR003",))
    user.does(install)


FILES = {
    "pip": ("pip.conf", "PIP_INDEX_URL", "[global]\nno-index = yes\ntimeout = 9\n", "pip download --no-deps demo"),
    "uv": (
        ".config/uv/uv.toml",
        "UV_DEFAULT_INDEX",
        "no-index = true\noffline = false\n",
        "echo demo | uv pip compile --no-cache -",
    ),
}


@pytest.mark.sick("MIR004")
@pytest.mark.parametrize("tool", FILES)
def test_a_file_keeps_the_tool_from_the_mirror(user: Patient, mirror: MirrorServer, tool: str) -> None:
    name, variable, text, install = FILES[tool]
    path = write(user.home / name, text)
    user.does(f"export {variable}={mirror.url}/simple")
    assert user.shell.run(install).status == 1
    user.cure("MIR004", arguments=("--select", "MIR"), unmasked=("MIR003",))
    assert in_effect(path) == "".join(line for line in text.splitlines(keepends=True) if "no-index" not in line)
    user.does(install)


@pytest.mark.healthy("MIR004", "MIR003")
def test_no_index_beside_a_directory_of_wheels(user: Patient, tmp_path: Path) -> None:
    user.does(f"export PIP_NO_INDEX=1 PIP_FIND_LINKS={tmp_path} UV_DEFAULT_INDEX=https://mirror.example/simple")
    assert user.examine("--select", "MIR").problems() == []
    user.does("export PIP_INDEX_URL=https://mirror.example/simple")
    assert user.examine("--select", "MIR").problems("warning") == []
    assert f"only {tmp_path} is searched" in user.examine("--select", "MIR").finding("MIR004")["message"]


DOWNLOAD = "pip download --no-deps --no-cache-dir --retries 0 -d $HOME/d demo"


def plain_mirror(user: Patient, mirror: MirrorServer) -> None:
    """A mirror in plain http under a name of its own, which only the proxy knows."""
    user.does(f"export HTTP_PROXY={mirror.url} PIP_INDEX_URL=http://mirror.invalid/simple")


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize("word", ["http://mirror.invalid", "https://mirror.invalid/simple"])
def test_a_trusted_host_with_a_scheme_trusts_nobody(user: Patient, mirror: MirrorServer, word: str) -> None:
    plain_mirror(user, mirror)
    user.does(f"export PIP_TRUSTED_HOST={word}")
    assert "is not a trusted or secure host and is being ignored" in user.shell.run(DOWNLOAD).stderr
    arguments = ("--select", "MIR,PIP")
    before = user.examine(*arguments)
    assert f"PIP_TRUSTED_HOST={word} does not trust its host" in before.finding("MIR005")["message"]
    after = user.cure("MIR005", before=before, arguments=arguments, unmasked=("MIR003", "MIR006"))
    assert after.finding("MIR006")["severity"] == "warning"
    user.does(DOWNLOAD)


@pytest.mark.sick("MIR005")
def test_a_trusted_host_in_a_file_is_written_alone(user: Patient, mirror: MirrorServer) -> None:
    plain_mirror(user, mirror)
    path = write(
        user.home / "pip.conf", "[global]\ntimeout = 9\ntrusted-host =\n  http://mirror.invalid\nretries = 1\n"
    )
    assert user.shell.run(DOWNLOAD).status != 0
    user.cure("MIR005", arguments=("--select", "MIR,PIP"), unmasked=("MIR003", "MIR006"))
    assert "trusted-host = mirror.invalid" in in_effect(path)
    user.does(DOWNLOAD)


@pytest.mark.sick("PIP007")
def test_pip_stops_at_a_trusted_host_with_a_scheme_and_a_port(user: Patient, mirror: MirrorServer) -> None:
    user.does(f"export PIP_INDEX_URL={mirror.url}/simple PIP_TRUSTED_HOST={mirror.url}")
    assert "Invalid IPv6 URL" in user.shell.run(DOWNLOAD).stderr
    user.cure("PIP007", arguments=("--select", "MIR,PIP"))
    assert user.does("printenv PIP_TRUSTED_HOST").stdout == f"127.0.0.1:{mirror.port}\n"
    user.does(DOWNLOAD)


@pytest.mark.sick("MIR004")
def test_a_trusted_host_that_changes_nothing(user: Patient, mirror: MirrorServer) -> None:
    user.does(f"export PIP_INDEX_URL={mirror.url}/simple PIP_TRUSTED_HOST='https://mirror.invalid 127.0.0.1'")
    user.does(DOWNLOAD)
    user.cure("MIR004", arguments=("--select", "MIR,PIP"))
    assert user.does("printenv PIP_TRUSTED_HOST").stdout == "127.0.0.1\n"
    user.does(DOWNLOAD)


@pytest.mark.healthy("MIR004", "MIR005", "PIP007")
@pytest.mark.parametrize("word", ["mirror.invalid", "mirror.invalid/simple"])
def test_a_trusted_host_that_pip_takes(user: Patient, mirror: MirrorServer, word: str) -> None:
    plain_mirror(user, mirror)
    user.does(f"export PIP_TRUSTED_HOST={word} UV_DEFAULT_INDEX=http://mirror.invalid/simple", DOWNLOAD)
    seen = user.examine("--select", "MIR,PIP")
    assert seen.codes == {"MIR006"}
    assert seen.finding("MIR006")["severity"] == "warning"
