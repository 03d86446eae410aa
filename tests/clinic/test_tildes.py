"""A `~` that no shell has replaced: which of the real tools put the home there, and the fix where none does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import write
from tests.wheels import write_wheel

pytestmark = pytest.mark.clinic

COMPILE = "echo small | uv pip compile --no-cache -q --offline -"
DOWNLOAD = "pip download --no-deps --no-cache-dir -q -d $HOME/d small"
MIR = ("--select", "MIR,NET")


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user of pip and uv with packages in the home."""
    patient.env |= {"PIP_CONFIG_FILE": f"{patient.home}/pip.conf", "UV_PYTHON_DOWNLOADS": "never"}
    (patient.home / "pip.conf").touch()
    (patient.home / "wheels").mkdir()
    wheel = write_wheel(patient.home / "wheels", "small", "1.0", files={"small.py": ""})
    page = f'<a href="{wheel.as_uri()}">{wheel.name}</a>'
    write(patient.home / "simple/small/index.html", page)
    patient.install("uv")
    by_venv(patient, patient.project / ".venv")
    patient.does("source .venv/bin/activate")
    return patient


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UV_FIND_LINKS", "~/wheels"),
        ("UV_FIND_LINKS", "file://~/wheels"),
        ("UV_DEFAULT_INDEX", "file://~/simple"),
        ("UV_INDEX_URL", "~/simple"),
    ],
)
def test_uv_puts_the_home_nowhere(user: Patient, name: str, value: str) -> None:
    user.does(f"export {name}='{value}'")
    assert user.shell.run(COMPILE).status != 0
    before = user.examine(*MIR)
    assert "begins with ~ or $HOME" in before.finding("MIR005")["message"]
    user.cure("MIR005", before=before, arguments=MIR, unmasked=("MIR003",))
    user.does(COMPILE)


@pytest.mark.sick("MIR005")
def test_what_a_start_up_file_quotes_is_mended_there(user: Patient) -> None:
    bashrc = write(user.home / ".bashrc", 'PS1=\nexport UV_FIND_LINKS="~/wheels"\n')
    user.does(". ~/.bashrc")
    user.cure("MIR005", arguments=MIR)
    assert f'export UV_FIND_LINKS="file://{user.home}/wheels"' in bashrc.read_text()
    user.does("unset UV_FIND_LINKS", ". ~/.bashrc", COMPILE)


@pytest.mark.sick("MIR005")
def test_a_file_of_uv_is_mended_by_hand(user: Patient) -> None:
    path = write(user.project / "uv.toml", 'find-links = ["~/wheels"]\n')
    assert user.shell.run(COMPILE).status != 0
    [step] = user.examine(*MIR).finding("MIR005")["fix"]["actions"]
    assert step["text"] == f"In {path}:1 write file://{user.home}/wheels for find-links."
    path.write_text(f'find-links = ["file://{user.home}/wheels"]\n')
    user.does(COMPILE)
    assert user.examine(*MIR).problems() == []


@pytest.mark.sick("MIR005")
def test_pip_puts_it_into_no_address(user: Patient) -> None:
    user.does("export PIP_INDEX_URL=file://~/simple")
    assert "non-local file URIs are not supported" in user.shell.run(DOWNLOAD).stderr
    user.cure("MIR005", arguments=MIR)
    user.does(DOWNLOAD)


@pytest.mark.healthy("MIR005")
@pytest.mark.parametrize("where", ["variable", "file"])
def test_pip_puts_it_into_find_links(user: Patient, where: str) -> None:
    if where == "file":
        write(user.home / "pip.conf", "[global]\nfind-links = ~/wheels\nno-index = true\n")
    else:
        user.does("export PIP_FIND_LINKS='~/wheels' PIP_NO_INDEX=1")
    user.does(DOWNLOAD)
    assert user.examine(*MIR).problems() == []


@pytest.fixture
def authority(user: Patient) -> Path:
    """The certificate of an authority in the user's home."""
    path = user.home / "ca.pem"
    user.does(f"openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -out {path} -subj /CN=Ann 2>/dev/null")
    return path


ASKS = {
    "SSL_CERT_FILE": "python -c 'import ssl; assert ssl.create_default_context().get_ca_certs()'",
    "REQUESTS_CA_BUNDLE": f"! {DOWNLOAD} --retries 0 -i https://127.0.0.1:9 2>&1 | grep -q 'suitable TLS CA'",
}


@pytest.mark.sick("NET001")
@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("sign", ["~", "$HOME"])
def test_certificates_are_not_found(user: Patient, authority: Path, name: str, sign: str) -> None:
    user.does(f"export {name}='{sign}/ca.pem'")
    assert user.shell.run(ASKS[name]).status == 1
    before = user.examine(*MIR)
    assert "no tool puts the home in place of ~ or $HOME" in before.finding("NET001")["message"]
    user.cure("NET001", before=before, arguments=MIR)
    assert user.does(f"printenv {name}").stdout == f"{authority}\n"
    user.does(ASKS[name])


@pytest.mark.healthy("NET001")
@pytest.mark.usefixtures("authority")
def test_pip_puts_it_into_its_own_setting(user: Patient) -> None:
    user.does("export PIP_CERT='~/ca.pem'")
    assert "NET001" not in user.examine(*MIR).codes
