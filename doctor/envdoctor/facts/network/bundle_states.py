"""What the content of a certificate file is: PEM, which every tool reads, or another form that has to be converted."""

from __future__ import annotations

import enum
import re

from envdoctor.text.patterns import pattern

MARKS = (b"-----BEGIN CERTIFICATE-----", b"-----BEGIN TRUSTED CERTIFICATE-----")
# A sequence of ASN.1 with its length, as in ITU-T X.690: short, long, or to be ended by a mark.
SEQUENCE = rb"\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)"
# What stands first in each: the version of an X.509 v3 certificate, the type "signed data", the version of a PKCS#12.
CERTIFICATE = pattern(SEQUENCE + SEQUENCE + rb"\xa0\x03\x02\x01\x02\x02", re.DOTALL)
SIGNED_DATA = pattern(SEQUENCE + rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", re.DOTALL)
PERSONAL = pattern(SEQUENCE + rb"\x02\x01\x03" + SEQUENCE, re.DOTALL)
# The word comes from OpenSSL; Windows and Java write it so too.
SIGNED_DATA_IN_PEM = b"-----BEGIN PKCS7-----"


class BundleState(enum.Enum):
    """What is where a setting points; completes "the path …"."""

    FINE = "holds certificates"
    MISSING = "does not exist"
    DIRECTORY = "is a directory, where a file is wanted"
    FILE = "is a file, where a directory is wanted"
    UNREADABLE = "cannot be read"
    EMPTY = "holds no PEM certificate"
    UNHASHED = "is a directory without the hashed names that OpenSSL looks for"
    DER = "is a certificate in DER form, where PEM is wanted"
    PKCS7 = "is a PKCS#7 file, where PEM certificates are wanted"
    PKCS7_PEM = "is a PKCS#7 file (in PEM form), where PEM certificates are wanted"
    PKCS12 = "is a PKCS#12 file, where PEM certificates are wanted"


OTHER_FORMS = frozenset({BundleState.DER, BundleState.PKCS7, BundleState.PKCS7_PEM, BundleState.PKCS12})


def state_of(content: bytes) -> BundleState:
    """What the content of a file is."""
    if any(mark in content for mark in MARKS):
        return BundleState.FINE
    if SIGNED_DATA_IN_PEM in content:
        return BundleState.PKCS7_PEM
    forms = ((CERTIFICATE, BundleState.DER), (SIGNED_DATA, BundleState.PKCS7), (PERSONAL, BundleState.PKCS12))
    return next((state for form, state in forms if form.match(content)), BundleState.EMPTY)
