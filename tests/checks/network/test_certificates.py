from __future__ import annotations

import pytest
from msgspec.structs import replace

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.network.bundle_states import BundleState
from envdoctor.facts.network.certificates import (
    Bundle,
    Certificates,
    Trust,
)
from envdoctor.facts.session.date import Today
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from envdoctor.testing import assess
from envdoctor_checks.network.certificates import certificate_bundle_missing
from tests.checks.network.certificate_world import COMPANY, bundle

OLD = UvCopies((UvCopy("/u/uv", "/u/uv", (0, 11, 33)),))
NEW = UvCopies((UvCopy("/u/uv", "/u/uv", (0, 12, 5)),))

GONE = bundle("SSL_CERT_FILE", "/gone.pem", Trust.UV, BundleState.MISSING)


def missing(*bundles: Bundle, copies: UvCopies | None = NEW) -> list[Finding]:
    return assess(certificate_bundle_missing, Certificates(bundles), copies, Today("2026-11-29"))


@pytest.mark.sick("NET001")
def test_a_file_that_is_not_there() -> None:
    assert missing(GONE) == [
        Finding(
            "SSL_CERT_FILE names /gone.pem, which does not exist",
            Fix("Unset the variable, or set it to an existing file", UnsetVariable("SSL_CERT_FILE")),
            "SSL_CERT_FILE",
            (Evidence("SSL_CERT_FILE=/gone.pem", "SSL_CERT_FILE"), Evidence("does not exist", "/gone.pem")),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("NET001")
def test_a_path_that_no_shell_has_changed_is_written_in_full() -> None:
    tilde = bundle("SSL_CERT_FILE", "~/ca.pem", Trust.UV, BundleState.MISSING, meant="/home/me/ca.pem")
    [finding] = missing(tilde)
    assert finding.message == (
        "SSL_CERT_FILE names ~/ca.pem, which does not exist: no tool puts the home in place of ~ or $HOME there"
    )
    assert finding.fix == Fix("Write the path in full", SetVariable("SSL_CERT_FILE", "/home/me/ca.pem"))


@pytest.mark.sick("NET001")
def test_certificates_that_have_all_expired() -> None:
    old = bundle("REQUESTS_CA_BUNDLE", valid_until="2026-11-28")
    assert missing(old) == [
        Finding(
            f"REQUESTS_CA_BUNDLE names {COMPANY}, whose certificates have expired, the last on 2026-11-28",
            Fix("Unset the variable, or set it to an existing file", UnsetVariable("REQUESTS_CA_BUNDLE")),
            "REQUESTS_CA_BUNDLE",
            (
                Evidence(f"REQUESTS_CA_BUNDLE={COMPANY}", "REQUESTS_CA_BUNDLE"),
                Evidence("valid until 2026-11-28", COMPANY),
            ),
            Severity.ERROR,
        )
    ]
    new = bundle("SSL_CERT_FILE", "/new.pem", Trust.UV, valid_until="2030-01-01")
    [finding] = missing(new, old)
    assert finding.fix.actions == (CopyVariable("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),)
    [finding] = missing(bundle("SSL_CERT_FILE", trust=Trust.UV, valid_until="2020-01-01"))
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("NET001")
@pytest.mark.parametrize("day", ["2026-11-29", "2050-01-01", None])
def test_certificates_that_are_valid_or_not_known_are_fine(day: str | None) -> None:
    assert missing(bundle("REQUESTS_CA_BUNDLE", valid_until=day)) == []


def test_the_certificates_of_another_setting_are_used() -> None:
    [finding] = missing(GONE, bundle("REQUESTS_CA_BUNDLE"))
    assert finding.fix.actions == (CopyVariable("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),)


@pytest.mark.parametrize(
    ("found", "copies", "severity"),
    [
        (GONE, OLD, Severity.WARNING),
        (GONE, None, Severity.ERROR),
        (bundle("PIP_CERT", trust=Trust.PIP, state=BundleState.EMPTY), OLD, Severity.ERROR),
        (bundle("REQUESTS_CA_BUNDLE", state=BundleState.UNHASHED), NEW, Severity.WARNING),
        (bundle("SSL_CLIENT_CERT", trust=Trust.CLIENT, state=BundleState.MISSING), NEW, Severity.WARNING),
    ],
)
def test_how_bad_it_is_depends_on_who_reads_it(found: Bundle, copies: UvCopies | None, severity: Severity) -> None:
    [finding] = missing(found, copies=copies)
    assert finding.severity is severity


def test_what_the_shell_should_have_taken_away_is_taken_away() -> None:
    [finding] = missing(bundle("SSL_CERT_FILE", "'/my ca.pem'", Trust.UV, BundleState.MISSING, escaped=True))
    assert finding.fix.actions == (SetVariable("SSL_CERT_FILE", "/my ca.pem"),)


def test_settings_in_files() -> None:
    of_conda = Bundle("/gone", "ssl_verify", "/home/ann/.condarc:1", Trust.CONDA, BundleState.MISSING)
    of_pip = Bundle("/gone", "[global] cert", "/etc/pip.conf:2", Trust.PIP, BundleState.UNREADABLE, "permission denied")
    first, second = missing(of_conda, of_pip)
    assert first.fix.actions == (Run("conda", "config", "--set", "ssl_verify", "true"),)
    assert second.fix.actions == (Manual("Correct [global] cert in /etc/pip.conf:2, or take it out."),)
    assert second.message == "[global] cert names /gone, which cannot be read (permission denied)"


DER = bundle("SSL_CERT_FILE", "ca.der", Trust.UV, BundleState.DER, path="/work/ca.der", pem="/work/ca.der.pem")


@pytest.mark.sick("NET001")
def test_a_certificate_in_der_form_is_converted() -> None:
    assert missing(DER, bundle("REQUESTS_CA_BUNDLE")) == [
        Finding(
            "SSL_CERT_FILE names ca.der, which is a certificate in DER form, where PEM is wanted",
            Fix(
                "Convert the file to PEM, and let SSL_CERT_FILE name that",
                Run("openssl", "x509", "-inform", "DER", "-in", "/work/ca.der", "-out", "/work/ca.der.pem"),
                SetVariable("SSL_CERT_FILE", "/work/ca.der.pem"),
                safety=Safety.CHANGES_STATE,
            ),
            "SSL_CERT_FILE",
            (
                Evidence("SSL_CERT_FILE=ca.der", "SSL_CERT_FILE"),
                Evidence("is a certificate in DER form, where PEM is wanted", "ca.der"),
            ),
            Severity.ERROR,
        )
    ]


@pytest.mark.parametrize(
    ("state", "options"),
    [(BundleState.PKCS7, ("-inform", "DER", "-print_certs")), (BundleState.PKCS7_PEM, ("-print_certs",))],
)
def test_the_certificates_of_a_signed_message_are_taken_out(state: BundleState, options: tuple[str, ...]) -> None:
    [finding] = missing(replace(DER, state=state))
    places = ("-in", "/work/ca.der", "-out", "/work/ca.der.pem")
    assert finding.fix.actions[0] == Run("openssl", "pkcs7", *options, *places)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            replace(DER, state=BundleState.PKCS12, path="/work/$(touch PWN)", pem="/work/$(touch PWN).pem"),
            "-in '/work/$(touch PWN)' -out '/work/$(touch PWN).pem'`, which asks for the file's password",
        ),
        (
            replace(DER, state=BundleState.PKCS12, path="/work/it's \\'$(touch PWN)"),
            "Convert /work/it's \\'$(touch PWN) with `openssl pkcs12`, and let",
        ),
        (replace(DER, state=BundleState.PKCS12), "which asks for the file's password, and let SSL_CERT_FILE name"),
        (replace(DER, pem=None), "-out FILE.pem`, and let SSL_CERT_FILE name FILE.pem"),
        (replace(DER, trust=Trust.CLIENT), "needs its key in PEM form too"),
    ],
)
def test_what_asks_or_has_no_place_is_advice(found: Bundle, said: str) -> None:
    [finding] = missing(found)
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert said in step.text


def test_a_setting_in_a_file_names_the_converted_certificate() -> None:
    of_conda = replace(DER, setting="ssl_verify", origin="/home/ann/.condarc:1", trust=Trust.CONDA)
    of_pip = replace(DER, setting="[global] cert", origin="/etc/pip.conf:2", trust=Trust.PIP)
    [finding] = missing(of_conda, of_pip)  # the file is converted once for both
    assert finding.message.startswith("ssl_verify and [global] cert name ")
    assert finding.fix.actions[1:] == (
        Run("conda", "config", "--set", "ssl_verify", "/work/ca.der.pem"),
        Manual("Let [global] cert in /etc/pip.conf:2 name /work/ca.der.pem"),
    )


@pytest.mark.sick("NET001")
def test_one_file_that_several_variables_name_is_told_once() -> None:
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    [finding] = missing(*(replace(GONE, setting=name, origin=name) for name in names))
    assert (
        finding.message == "SSL_CERT_FILE, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE name /gone.pem, which does not exist"
    )
    assert finding.fix.actions == tuple(map(UnsetVariable, names))


@pytest.mark.healthy("NET001")
def test_bundles_that_are_there() -> None:
    assert missing(bundle("SSL_CERT_FILE", trust=Trust.UV), bundle("REQUESTS_CA_BUNDLE")) == []


@pytest.mark.sick("NET001")
def test_a_setting_that_another_beats_is_a_warning() -> None:
    gone = bundle("PIP_CERT", "/gone.pem", Trust.PIP, BundleState.MISSING)
    assert [finding.severity for finding in missing(bundle("REQUESTS_CA_BUNDLE"), gone)] == [Severity.WARNING]
    assert [finding.severity for finding in missing(gone)] == [Severity.ERROR]
    directory = bundle("SSL_CERT_DIR", "/hashed", Trust.UV, fingerprints=())
    assert [finding.severity for finding in missing(GONE, directory)] == [Severity.WARNING]
