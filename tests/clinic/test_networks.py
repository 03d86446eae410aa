"""Certificates and proxies that are set wrongly, in a user's own shell: found, mended as printed, tried with uv."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.mirror_server import MirrorServer, make_authority
from tests.support import needs_tool
from tests.wheels import write_wheel

pytestmark = pytest.mark.clinic

Authority = tuple[Path, Path]


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with uv, whose pip reads no file of this machine."""
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null", "UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never"}
    return patient


@pytest.fixture
def port() -> Iterator[int]:
    """A port on this machine where something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def uv_reaches(user: Patient, mirror: MirrorServer) -> bool:
    """Whether uv gets to the mirror's page."""
    mirror.take_paths()
    user.shell.run(f"echo demo | uv pip compile --no-cache --default-index {mirror.url}/simple -")
    return any(path.endswith("/simple/demo/") for path in mirror.take_paths())


@pytest.mark.sick("NET001")
def test_the_bundle_that_is_gone_is_replaced(user: Patient, secure_mirror: MirrorServer, authority: Authority) -> None:
    user.does(f"export SSL_CERT_FILE=/gone.pem REQUESTS_CA_BUNDLE={authority[0]}")
    assert not uv_reaches(user, secure_mirror)
    user.cure("NET001", arguments=("--select", "NET"))
    assert uv_reaches(user, secure_mirror)


@pytest.mark.sick("NET001")
def test_quotation_marks_that_reached_the_variable(user: Patient, authority: Authority) -> None:
    user.does(f"""export REQUESTS_CA_BUNDLE='"{authority[0]}"'""")
    user.cure("NET001", arguments=("--select", "NET"), unmasked=("NET002",))


def converted(user: Patient, *command: str | Path) -> Path:
    """What openssl writes with this command."""
    made = user.project / "our authority.cer"
    user.prepares(needs_tool("openssl"), *command, "-out", made)
    return made


@pytest.mark.sick("NET001")
@pytest.mark.parametrize("form", ["der", "pkcs7", "pkcs7 in PEM"])
def test_a_certificate_in_another_form_is_converted(
    user: Patient, secure_mirror: MirrorServer, authority: Authority, form: str
) -> None:
    pem = authority[0]
    der = ("-outform", "DER")
    commands: dict[str, tuple[str | Path, ...]] = {
        "der": ("x509", *der, "-in", pem),
        "pkcs7": ("crl2pkcs7", "-nocrl", *der, "-certfile", pem),
        "pkcs7 in PEM": ("crl2pkcs7", "-nocrl", "-certfile", pem),
    }
    made = converted(user, *commands[form])
    user.does(f"export SSL_CERT_FILE='{made}' REQUESTS_CA_BUNDLE='{made}'")
    assert not uv_reaches(user, secure_mirror)
    user.cure("NET001", arguments=("--select", "NET"))
    assert uv_reaches(user, secure_mirror)


@pytest.mark.sick("NET001")
def test_a_file_with_a_password_is_named_as_what_it_is(user: Patient, authority: Authority) -> None:
    export = ("pkcs12", "-export", "-nokeys", "-passout", "pass:secret", "-in", authority[0])
    made = converted(user, *export)
    user.does(f"export REQUESTS_CA_BUNDLE='{made}'")
    finding = user.examine("--select", "NET").finding("NET001")
    assert "is a PKCS#12 file" in finding["message"]
    user.does(f"openssl pkcs12 -nokeys -in '{made}' -out ours.pem -passin pass:secret")
    user.does("export REQUESTS_CA_BUNDLE=$PWD/ours.pem")
    assert "NET001" not in user.examine("--select", "NET").codes


@pytest.mark.sick("NET002")
def test_uv_gets_the_certificates_of_the_others(
    user: Patient, secure_mirror: MirrorServer, authority: Authority
) -> None:
    user.does(f"export REQUESTS_CA_BUNDLE={authority[0]}")
    assert not uv_reaches(user, secure_mirror)
    user.cure("NET002", arguments=("--select", "NET"))
    assert uv_reaches(user, secure_mirror)


@pytest.mark.sick("NET002")
def test_no_tool_loses_a_certificate_that_it_had(
    user: Patient, secure_mirror: MirrorServer, authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "corp").mkdir()
    corp, _ = make_authority(tmp_path / "corp")
    both = tmp_path / "both.pem"
    both.write_text(authority[0].read_text() + corp.read_text())
    user.does(f"export SSL_CERT_FILE={both} REQUESTS_CA_BUNDLE={corp}")
    assert uv_reaches(user, secure_mirror)
    user.cure("NET002", arguments=("--select", "NET"))
    assert uv_reaches(user, secure_mirror)
    assert user.does("printenv REQUESTS_CA_BUNDLE").stdout == f"{both}\n"


@pytest.mark.sick("NET003")
def test_pip_learns_to_speak_socks(user: Patient, port: int, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "pysocks", "1.7.1", files={"socks.py": ""})
    by_venv(user, user.project / ".venv")
    user.does(". .venv/bin/activate")
    (user.project / "uv.toml").write_text(f'no-index = true\nfind-links = ["{wheels}"]\n')
    user.does(f"export ALL_PROXY=socks5h://127.0.0.1:{port}")
    said = user.shell.run("pip download --retries 0 --index-url https://mirror.invalid/simple demo")
    assert "Missing dependencies for SOCKS support" in said.stdout + said.stderr
    before = user.examine("--select", "NET")
    install, advice = before.finding("NET003")["fix"]["commands"]["bash"]
    assert advice == "# Or set ALL_PROXY to the http:// port of the same proxy."
    user.does(install)
    assert "NET003" not in user.examine("--select", "NET").codes


@pytest.mark.sick("NET003")
def test_what_a_desktop_sets(user: Patient, port: int) -> None:
    user.does(f"export ALL_PROXY=socks://127.0.0.1:{port}")
    [command] = user.examine("--select", "NET").finding("NET003")["fix"]["commands"]["bash"]
    user.does(command)
    assert user.does("printenv ALL_PROXY").stdout == f"socks5h://127.0.0.1:{port}\n"


@pytest.mark.sick("NET001")
def test_an_authority_that_has_expired_is_exchanged(
    user: Patient, secure_mirror: MirrorServer, authority: Authority, python_with_pip: Path
) -> None:
    old, key = user.home / "old.pem", authority[0].with_name("authority.key")
    user.prepares(needs_tool("openssl"), "x509", "-in", authority[0], "-signkey", key, "-days", "-1", "-out", old)
    user.does(f"export REQUESTS_CA_BUNDLE={old}")
    download = (
        f"{python_with_pip} -m pip download --retries 0 --no-deps --no-cache-dir -i {secure_mirror.url}/simple demo"
    )
    refused = user.shell.run(download)
    assert "certificate has expired" in refused.stdout + refused.stderr
    user.does(f"export SSL_CERT_FILE={authority[0]}")
    before = user.examine("--select", "NET")
    assert before.finding("NET001")["severity"] == "error"
    assert "whose certificates have expired" in before.finding("NET001")["message"]
    user.cure("NET001", before=before, arguments=("--select", "NET"))
    user.does(download)


@pytest.mark.healthy("NET001")
def test_a_bundle_in_which_one_of_two_authorities_has_expired_is_fine(user: Patient, authority: Authority) -> None:
    old, both = user.home / "old.pem", user.home / "both.pem"
    key = authority[0].with_name("authority.key")
    user.prepares(needs_tool("openssl"), "x509", "-in", authority[0], "-signkey", key, "-days", "-1", "-out", old)
    both.write_text(old.read_text() + authority[0].read_text())
    user.does(f"export REQUESTS_CA_BUNDLE={both} SSL_CERT_FILE={both}")
    assert user.examine("--select", "NET").problems() == []


@pytest.mark.sick("NET003")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_password_with_a_hash_reaches_the_proxy_once_it_is_escaped(
    shell: str, mirror: MirrorServer, python_with_pip: Path, tmp_path: Path
) -> None:
    with Patient(tmp_path / "p", shell) as patient:
        proxy = f"http://me:a#b?c\\d e@127.0.0.1:{mirror.port}"
        patient.env |= {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "PIP_CONFIG_FILE": "/dev/null"}
        download = f"{python_with_pip} -m pip download --retries 0 --no-deps --trusted-host mirror.invalid"
        download += " --index-url http://mirror.invalid/simple demo"
        assert "Failed to parse" in patient.shell.run(download).stderr
        patient.cure("NET003", arguments=("--select", "NET"))
        mirror.take_paths()
        patient.shell.run(download)
        assert "http://mirror.invalid/simple/demo/" in mirror.take_paths()


@pytest.mark.sick("NET004")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_both_spellings_say_the_same_afterwards(shell: str, mirror: MirrorServer, tmp_path: Path) -> None:
    with Patient(tmp_path / "p", shell) as patient:
        patient.env |= {
            "HTTPS_PROXY": mirror.url,
            "https_proxy": "http://other.example:8080",
            "PIP_CONFIG_FILE": "/dev/null",
        }
        patient.cure("NET004", arguments=("--select", "NET"))
        assert patient.does("printenv https_proxy").stdout == f"{mirror.url}\n"


@pytest.mark.sick("NET004")
def test_an_exception_that_uv_understands(user: Patient, mirror: MirrorServer) -> None:
    user.env |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://proxy.invalid:80")
    user.env["NO_PROXY"] = f"127.0.0.1:{mirror.port}"
    assert not uv_reaches(user, mirror)
    user.cure("NET004", arguments=("--select", "NET"))
    assert uv_reaches(user, mirror)


@pytest.mark.sick("NET004")
def test_several_findings_about_the_exceptions_lead_to_one_value(user: Patient) -> None:
    user.env |= {"HTTPS_PROXY": "http://proxy.example:1", "NO_PROXY": "*.a.example", "no_proxy": "x.example"}
    user.cure("NET004", arguments=("--select", "NET"))
    assert user.does("printenv NO_PROXY no_proxy").stdout == ".a.example,x.example\n" * 2


@pytest.mark.sick("NET005")
@pytest.mark.parametrize("patient", ["fish"], indirect=True)
def test_a_dead_proxy_is_left_out(user: Patient, mirror: MirrorServer) -> None:
    user.does("export HTTP_PROXY=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9")
    assert not uv_reaches(user, mirror)
    user.cure("NET005", arguments=("--select", "NET"))
    assert uv_reaches(user, mirror)


@pytest.mark.healthy("NET001")
def test_a_pem_file_by_another_name(user: Patient, secure_mirror: MirrorServer, authority: Authority) -> None:
    (user.home / "company.der").write_bytes(authority[0].read_bytes())
    user.does(f"export SSL_CERT_FILE={user.home}/company.der")
    assert uv_reaches(user, secure_mirror)
    assert "NET001" not in user.examine("--select", "NET").codes


@pytest.mark.healthy("NET001", "NET002", "NET003", "NET004", "NET005")
def test_one_bundle_and_one_proxy_for_all_is_healthy(user: Patient, authority: Authority, port: int) -> None:
    proxy = f"http://127.0.0.1:{port}"
    user.env |= dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(authority[0]))
    user.env |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
    user.env |= {"ALL_PROXY": f"socks://127.0.0.1:{port}", "NO_PROXY": "localhost,127.0.0.1,.corp.example"}
    assert user.examine("--select", "NET").problems() == []
