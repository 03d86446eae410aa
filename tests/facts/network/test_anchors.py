from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.network.anchors import Anchors, of_pip, of_requests, of_uv, reads_openssl
from envdoctor.facts.network.bundle_states import BundleState
from envdoctor.facts.network.certificates import Bundle, Certificates, Trust
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.python.interpreter import Pip
from tests.builders import make_python

REQUESTS = Bundle("/requests.pem", "REQUESTS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", Trust.REQUESTS)
CERT = Bundle("/cert.pem", "PIP_CERT", "PIP_CERT", Trust.PIP)
FILE = Bundle("/ssl.pem", "SSL_CERT_FILE", "SSL_CERT_FILE", Trust.UV)
GONE = Bundle("/gone.pem", "SSL_CERT_FILE", "SSL_CERT_FILE", Trust.UV, BundleState.MISSING)
OWN = "/v/lib/python3.12/site-packages/pip/_vendor/certifi/cacert.pem"


@pytest.mark.parametrize(
    ("bundles", "old", "modern"),
    [
        ((), Anchors((), OWN, system=False), Anchors((), OWN, system=True)),
        ((REQUESTS, CERT), Anchors((REQUESTS,), system=False), Anchors((REQUESTS,), OWN, system=True)),
        ((CERT,), Anchors((CERT,), system=False), Anchors((CERT,), OWN, system=True)),
        ((FILE,), Anchors((), OWN, system=False), Anchors((FILE,), OWN, system=False)),
        ((FILE, CERT), Anchors((CERT,), system=False), Anchors((CERT, FILE), OWN, system=False)),
    ],
)
def test_what_pip_checks_against(bundles: tuple[Bundle, ...], old: Anchors, modern: Anchors) -> None:
    assert of_pip(Certificates(bundles), OWN, openssl=False) == old
    assert of_pip(Certificates(bundles), OWN, openssl=True) == modern


def test_a_bundle_that_is_not_there_stops_pip_whatever_else_there_is() -> None:
    gone = Bundle("/gone", "REQUESTS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", Trust.REQUESTS, BundleState.MISSING)
    assert of_pip(Certificates((gone, CERT, FILE)), OWN, openssl=True) == Anchors((gone,), system=False)


def test_what_uv_and_requests_check_against(tmp_path: Path) -> None:
    listed = Bundle(f"{tmp_path}{os.pathsep}/nowhere", "SSL_CERT_DIR", "SSL_CERT_DIR", Trust.UV)
    assert of_uv(Certificates((FILE, listed)), OWN).places == ("/ssl.pem", str(tmp_path))
    assert of_uv(Certificates((GONE, listed)), OWN).settings == (listed,)
    assert of_uv(Certificates((GONE,)), OWN) == Anchors((GONE,), system=False)
    assert of_uv(Certificates((REQUESTS,)), OWN) == Anchors((), OWN)
    assert of_requests(REQUESTS, OWN) == Anchors((REQUESTS,), system=False)
    assert of_requests(None, OWN) == Anchors((), OWN)


@pytest.mark.parametrize(
    ("pip", "python", "option", "expected"),
    [
        ("24.0", "3.12.1", None, False),
        ("24.2", "3.12.1", None, True),
        ("26.3", "3.12.1", None, True),
        ("24.2", "3.9.18", None, False),
        ("26.3", "3.12.1", ("use-deprecated", "legacy-certs"), False),
        ("24.0", "3.12.1", ("use-feature", "fast-deps truststore"), True),
        ("23.0", "3.12.1", ("use-feature", "truststore"), False),
        (None, "3.12.1", None, None),
    ],
)
def test_which_pip_asks_openssl(
    pip: str | None, python: str, option: tuple[str, str] | None, expected: bool | None
) -> None:
    settings = PipSettings()
    if option:
        name, value = option
        settings = PipSettings(settings=(PipSetting(name, value, ":env:", "PIP_X", PipLevel.VARIABLE),))
    assert reads_openssl(make_python("/v", python), Pip("/v/lib", pip), settings) is expected
