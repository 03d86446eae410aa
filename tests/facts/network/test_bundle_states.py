from __future__ import annotations

import pytest

from envdoctor.facts.network.bundle_states import BundleState, state_of

MARK = "-----BEGIN {0}-----\nMAo=\n-----END {0}-----\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (MARK.format("CERTIFICATE").encode(), BundleState.FINE),
        (b"Subject: CN=us\r\n" + MARK.format("TRUSTED CERTIFICATE").encode(), BundleState.FINE),
        (MARK.format("PKCS7").encode(), BundleState.PKCS7_PEM),
        (MARK.format("PRIVATE KEY").encode(), BundleState.EMPTY),
        (bytes.fromhex("3082 0a0a 3082 0b0b a003020102 0203"), BundleState.DER),
        (bytes.fromhex("3080 06092a864886f70d010702"), BundleState.PKCS7),
        (bytes.fromhex("3082 0a0a 06092a864886f70d010702"), BundleState.PKCS7),
        (bytes.fromhex("3084 000a0a0a 020103 3082 0a0a"), BundleState.PKCS12),
        (bytes.fromhex("3082 0a0a 020100 300d"), BundleState.EMPTY),  # a private key
        (bytes.fromhex("3082 0a0a 3082 0b0b 020100 300d"), BundleState.EMPTY),  # a request for a certificate
        (bytes.fromhex("3082 0a0a 06092a864886f70d010701"), BundleState.EMPTY),  # plain data
        (b"0\x82", BundleState.EMPTY),
        (b"", BundleState.EMPTY),
    ],
)
def test_what_a_file_is(content: bytes, expected: BundleState) -> None:
    assert state_of(content) is expected
