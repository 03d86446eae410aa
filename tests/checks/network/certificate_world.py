"""Certificates that variables name."""

from __future__ import annotations

from envdoctor.facts.network.bundle_states import BundleState
from envdoctor.facts.network.certificates import Bundle, Trust

COMPANY = "/home/ann/company.pem"


def bundle(
    name: str,
    value: str = COMPANY,
    trust: Trust = Trust.REQUESTS,
    state: BundleState = BundleState.FINE,
    **more: object,
) -> Bundle:
    fields: dict[str, object] = {"fingerprints": ("1a2b",) if state is BundleState.FINE else (), **more}
    return Bundle(value, name, name, trust, state, **fields)  # type: ignore[arg-type]  # the fields that a test names
