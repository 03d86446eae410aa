from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.network.bundle_states import BundleState
from envdoctor.facts.network.certificates import (
    Bundle,
    Certificates,
    Trust,
)
from tests.support import make_session, see

PEM = "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n"
DER = bytes.fromhex("3082 0100 3081 f0 a003020102 02")


def certificates(home: Path, **env: str) -> Certificates:
    return see(Certificates, make_session({"HOME": str(home), "PIP_CONFIG_FILE": os.devnull, **env}, cwd=home))


def state(home: Path, **env: str) -> BundleState:
    [bundle] = certificates(home, **env).bundles
    return bundle.state


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with bundles of every kind."""
    (tmp_path / "ca.pem").write_text(PEM)
    (tmp_path / "copy.pem").write_text(PEM)
    (tmp_path / "other.pem").write_text(PEM + PEM.replace("MAo=", "MAp="))
    (tmp_path / "ca.der").write_bytes(b"\x30\x82\x01")
    (tmp_path / "hashed").mkdir()
    (tmp_path / "hashed/1a2b3c4d.0").write_text(PEM)
    (tmp_path / "plain").mkdir()
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CLIENT_CERT"])
@pytest.mark.parametrize("sign", ["~", "$HOME", "${HOME}"])
def test_a_path_that_no_shell_has_changed(home: Path, name: str, sign: str) -> None:
    [bundle] = certificates(home, **{name: f"{sign}/ca.pem"}).bundles
    assert (bundle.state, bundle.meant) == (BundleState.MISSING, f"{home}/ca.pem")
    [bundle] = certificates(home, **{name: f"{sign}/gone.pem"}).bundles
    assert bundle.meant is None


def test_directories_that_no_shell_has_changed(home: Path) -> None:
    [bundle] = certificates(home, SSL_CERT_DIR=f"~/hashed:{home}/plain").bundles
    assert (bundle.state, bundle.meant) == (BundleState.UNHASHED, None)
    [bundle] = certificates(home, SSL_CERT_DIR="~/hashed:$HOME/plain").bundles
    assert bundle.meant == f"{home}/hashed:{home}/plain"


def test_pip_puts_the_home_in_place_of_a_tilde(home: Path) -> None:
    [bundle] = certificates(home, PIP_CERT="~/ca.pem").bundles
    assert (bundle.state, bundle.value, bundle.meant) == (BundleState.FINE, f"{home}/ca.pem", None)


def test_nothing_is_set(home: Path) -> None:
    with pytest.raises(Unavailable):
        certificates(home, SSL_CERT_FILE="")


def test_the_pem_form_of_a_file_goes_beside_it_under_a_free_name(home: Path) -> None:
    (home / "corp.der").write_bytes(DER)
    [bundle] = certificates(home, SSL_CERT_FILE="corp.der").bundles
    assert (bundle.path, bundle.pem) == (f"{home}/corp.der", f"{home}/corp.der.pem")
    (home / "corp.der.pem").symlink_to("nowhere")
    [bundle] = certificates(home, SSL_CERT_FILE="corp.der").bundles
    assert bundle.pem == f"{home}/corp.der-2.pem"


def test_the_pem_form_goes_home_from_a_directory_that_cannot_be_written(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "etc").mkdir()
    (home / "etc" / "corp.der").write_bytes(DER)
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("etc"))
    [bundle] = certificates(home, SSL_CERT_FILE="etc/corp.der").bundles
    assert bundle.pem == f"{home}/corp.der.pem"
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    [bundle] = certificates(home, SSL_CERT_FILE="etc/corp.der").bundles
    assert (bundle.state, bundle.pem) == (BundleState.DER, None)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SSL_CERT_FILE", "ca.pem", BundleState.FINE),
        ("SSL_CERT_FILE", "nowhere.pem", BundleState.MISSING),
        ("SSL_CERT_FILE", "ca.der", BundleState.EMPTY),
        ("SSL_CERT_FILE", "hashed", BundleState.DIRECTORY),
        ("SSL_CERT_FILE", "pipe", BundleState.UNREADABLE),
        ("SSL_CERT_DIR", "hashed", BundleState.FINE),
        ("SSL_CERT_DIR", "/nowhere:hashed", BundleState.FINE),
        ("SSL_CERT_DIR", "plain", BundleState.UNHASHED),
        ("SSL_CERT_DIR", "ca.pem", BundleState.FILE),
        ("SSL_CERT_DIR", "/nowhere", BundleState.MISSING),
        ("REQUESTS_CA_BUNDLE", "hashed", BundleState.FINE),
        ("REQUESTS_CA_BUNDLE", "plain", BundleState.UNHASHED),
        ("CURL_CA_BUNDLE", "nowhere.pem", BundleState.MISSING),
        ("PIP_CERT", "~/nowhere.pem", BundleState.MISSING),
        ("PIP_CERT", "~/ca.pem", BundleState.FINE),
        ("REQUESTS_CA_BUNDLE", "a\tb" * 30_000, BundleState.MISSING),
    ],
)
def test_what_a_setting_names_is_looked_at(name: str, value: str, expected: BundleState, home: Path) -> None:
    assert state(home, **{name: value}) is expected


def test_bundles_are_compared_by_their_certificates(home: Path) -> None:
    found = certificates(home, SSL_CERT_FILE="ca.pem", REQUESTS_CA_BUNDLE="copy.pem", PIP_CERT="other.pem")
    one, copy, other = found.bundles
    assert one.fingerprints == copy.fingerprints
    assert (other.includes(one), one.includes(other)) == (True, False)
    assert found.of(Trust.UV) == one
    assert found.for_conda == copy
    assert found.for_pip == copy


def test_a_certificate_is_the_same_however_its_lines_end(home: Path) -> None:
    (home / "dos.pem").write_bytes(b"# ours\r\n" + PEM.replace("\n", "\r\n").encode())
    one, other = certificates(home, SSL_CERT_FILE="ca.pem", REQUESTS_CA_BUNDLE="dos.pem").bundles
    assert one.fingerprints == other.fingerprints != ()


def test_what_the_shell_should_have_taken_away_is_seen(home: Path) -> None:
    assert [bundle.escaped for bundle in certificates(home, SSL_CERT_FILE="'ca.pem'").bundles] == [True]
    assert [bundle.escaped for bundle in certificates(home, SSL_CLIENT_CERT="/my\\ key.pem").bundles] == [True]


def test_conda_and_uv_have_settings_of_their_own(home: Path) -> None:
    (home / ".condarc").write_text(f"ssl_verify: {home}/ca.pem\n")
    found = certificates(home, UV_SYSTEM_CERTS="true")
    assert found.system_store == "UV_SYSTEM_CERTS"
    assert found.bundles == (
        Bundle(
            f"{home}/ca.pem",
            "ssl_verify",
            f"{home}/.condarc:1",
            Trust.CONDA,
            fingerprints=found.bundles[0].fingerprints,
        ),
    )
    (home / ".condarc").write_text("ssl_verify: false\n")
    assert certificates(home) == Certificates(unverified=f"{home}/.condarc:1")


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("/etc/ssl/certs/ca-certificates.crt", True),
        ("/opt/conda/ssl/cacert.pem", True),
        ("/v/lib/python3.12/site-packages/certifi/cacert.pem", True),
        ("/nix/store/abc/etc/ssl/certs/ca-bundle.crt", True),
        ("/home/me/company.pem", False),
    ],
)
def test_bundles_of_the_public_authorities_are_known_by_their_place(path: str, public: bool) -> None:
    assert Bundle(path, "", "", Trust.UV).public is public
