"""Until when certificates are valid, held against openssl."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.network.certificate_dates import last_day
from envdoctor.facts.network.certificates import CERTIFICATE
from tests.mirror_server import make_authority
from tests.support import needs_tool

pytestmark = pytest.mark.tools


def certificate(pem: Path) -> bytes:
    found = CERTIFICATE.search(pem.read_bytes())
    assert found is not None
    return found[2]


def day_by_openssl(pem: Path) -> str:
    command = [needs_tool("openssl"), "x509", "-in", str(pem), "-noout", "-enddate", "-dateopt", "iso_8601"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return said.partition("=")[2][:10]


def test_the_day_is_that_of_openssl(tmp_path: Path) -> None:
    authority, pair = make_authority(tmp_path)
    far = tmp_path / "far.pem"
    sign = ["x509", "-in", authority, "-signkey", tmp_path / "authority.key", "-days", "20000", "-out", far]
    subprocess.run([needs_tool("openssl"), *map(str, sign)], check=True, capture_output=True)
    for pem in (authority, pair, far):  # with a time of two digits for the year, and from 2050 on of four
        assert last_day([certificate(pem)]) == day_by_openssl(pem)
    assert last_day([certificate(authority), certificate(far)]) == day_by_openssl(far)


def test_what_cannot_be_read_leaves_it_open(tmp_path: Path) -> None:
    authority, _ = make_authority(tmp_path)
    whole = certificate(authority)
    assert last_day([]) is None
    assert last_day([whole, b"MAo="]) is None
    raw = base64.b64decode(whole)
    for length in range(150):
        assert last_day([base64.b64encode(raw[:length])]) is None
