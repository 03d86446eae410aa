from __future__ import annotations

import pytest

from envdoctor import CopyVariable, Evidence, Finding, Fix, Manual, SetVariable, Severity
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.network.anchors import Trusted
from envdoctor.facts.network.certificates import Bundle, Certificates, Trust
from envdoctor.testing import assess
from envdoctor_checks.network.certificate_agreement import certificate_settings_differ
from tests.builders import UV_AND_PIP, make_hit
from tests.checks.network.certificate_world import COMPANY, bundle


def differ(
    *bundles: Bundle, store: str | None = None, commands: Commands = UV_AND_PIP, openssl: bool | None = True
) -> list[Finding]:
    trusted = Trusted(pip_reads_openssl=openssl)
    return assess(certificate_settings_differ, Certificates(bundles, store), commands, trusted)


@pytest.mark.sick("NET002")
def test_uv_takes_no_notice_of_what_pip_trusts() -> None:
    assert differ(bundle("REQUESTS_CA_BUNDLE")) == [
        Finding(
            "REQUESTS_CA_BUNDLE names certificates that are not used by uv",
            Fix("Use one certificate file for all tools", CopyVariable("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")),
            "REQUESTS_CA_BUNDLE",
            (
                Evidence(f"REQUESTS_CA_BUNDLE={COMPANY}", "REQUESTS_CA_BUNDLE"),
                Evidence("neither SSL_CERT_FILE nor UV_SYSTEM_CERTS is set", "uv"),
            ),
        )
    ]
    of_pip = Bundle(COMPANY, "[global] cert", "/etc/pip.conf:2", Trust.PIP, fingerprints=("1a2b",))
    [finding] = differ(of_pip)
    assert finding.fix.actions == (SetVariable("SSL_CERT_FILE", COMPANY),)


@pytest.mark.sick("NET002")
def test_two_files_are_a_warning() -> None:
    uv = bundle("SSL_CERT_FILE", trust=Trust.UV, fingerprints=("3c4d",))
    [finding] = differ(uv, bundle("REQUESTS_CA_BUNDLE", "/etc/our own.pem"))
    assert finding.message == "SSL_CERT_FILE and REQUESTS_CA_BUNDLE name different certificates"
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (
        Manual(
            f"Write `awk 1 {COMPANY} '/etc/our own.pem'` into a file of your own, and name that in SSL_CERT_FILE and "
            "REQUESTS_CA_BUNDLE."
        ),
    )


@pytest.mark.sick("NET002")
def test_the_file_that_holds_the_certificates_of_both_is_used() -> None:
    both = ("1a2b", "3c4d")
    [finding] = differ(bundle("SSL_CERT_FILE", trust=Trust.UV, fingerprints=both), bundle("REQUESTS_CA_BUNDLE"))
    assert finding.fix.actions == (CopyVariable("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),)
    [finding] = differ(bundle("SSL_CERT_FILE", trust=Trust.UV), bundle("REQUESTS_CA_BUNDLE", fingerprints=both))
    assert finding.fix.actions == (CopyVariable("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),)


@pytest.mark.sick("NET002")
def test_older_pip_conda_and_poetry_do_not_read_ssl_cert_file() -> None:
    tools = Commands((make_hit("conda", "/opt/conda/bin/conda"), make_hit("poetry", "/home/ann/.local/bin/poetry")))
    [finding] = differ(bundle("SSL_CERT_FILE", trust=Trust.UV), commands=tools, openssl=False)
    assert finding.message == "SSL_CERT_FILE names certificates that are not used by pip and conda and poetry"
    assert finding.fix.actions == (CopyVariable("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),)


@pytest.mark.healthy("NET002")
@pytest.mark.parametrize(
    ("bundles", "store"),
    [
        ((bundle("SSL_CERT_FILE", trust=Trust.UV), bundle("REQUESTS_CA_BUNDLE", "/elsewhere/copy.pem")), None),
        ((bundle("SSL_CERT_FILE", trust=Trust.UV),), None),
        ((bundle("REQUESTS_CA_BUNDLE"),), "UV_SYSTEM_CERTS"),
        ((bundle("REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt"),), None),
        (
            (
                bundle("SSL_CERT_FILE", "/opt/conda/ssl/cacert.pem", Trust.UV),
                bundle("REQUESTS_CA_BUNDLE", fingerprints=("5e6f",)),
                bundle("PIP_CERT", trust=Trust.PIP),
            ),
            "UV_SYSTEM_CERTS",
        ),
    ],
)
def test_one_file_for_all_or_the_public_authorities(bundles: tuple[Bundle, ...], store: str | None) -> None:
    assert differ(*bundles, store=store) == []


PIP_CERT = bundle("PIP_CERT", "/home/ann/mirror.pem", Trust.PIP, fingerprints=("3c4d",))


@pytest.mark.sick("NET002")
def test_the_variable_of_requests_beats_pips_own() -> None:
    [finding] = differ(bundle("REQUESTS_CA_BUNDLE"), PIP_CERT, store="UV_SYSTEM_CERTS")
    together = f"awk 1 {COMPANY} /home/ann/mirror.pem"
    assert finding == Finding(
        "PIP_CERT names certificates that pip does not use: REQUESTS_CA_BUNDLE comes first",
        Fix(
            "Use one certificate file for all tools",
            Manual(f"Write `{together}` into a file of your own, and name that in REQUESTS_CA_BUNDLE and PIP_CERT."),
        ),
        "PIP_CERT",
        (
            Evidence(f"REQUESTS_CA_BUNDLE={COMPANY}", "REQUESTS_CA_BUNDLE"),
            Evidence("PIP_CERT=/home/ann/mirror.pem", "PIP_CERT"),
        ),
        Severity.WARNING,
    )
    public = bundle("REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt", fingerprints=("9z9z",))
    assert [found.where for found in differ(public, PIP_CERT, store="UV_SYSTEM_CERTS")] == ["PIP_CERT"]
    unknown = bundle("REQUESTS_CA_BUNDLE", "/etc/ssl/certs", fingerprints=())
    assert [found.severity for found in differ(unknown, PIP_CERT, store="UV_SYSTEM_CERTS")] == [Severity.INFO]


@pytest.mark.sick("NET002")
def test_a_larger_file_of_pip_is_used_by_all_and_conda_has_the_same_rule() -> None:
    larger = bundle("PIP_CERT", "/both.pem", Trust.PIP, fingerprints=("1a2b", "3c4d"))
    [finding] = differ(bundle("REQUESTS_CA_BUNDLE"), larger, store="UV_SYSTEM_CERTS")
    assert finding.fix.actions == (CopyVariable("REQUESTS_CA_BUNDLE", "PIP_CERT"),)
    of_conda = Bundle("/c.pem", "ssl_verify", "/home/ann/.condarc:1", Trust.CONDA, fingerprints=("5e6f",))
    [finding] = differ(bundle("REQUESTS_CA_BUNDLE"), of_conda, store="UV_SYSTEM_CERTS")
    assert finding.message == "ssl_verify names certificates that conda does not use: REQUESTS_CA_BUNDLE comes first"


@pytest.mark.healthy("NET002")
def test_what_counts_holds_what_pip_has_of_its_own() -> None:
    both = bundle("REQUESTS_CA_BUNDLE", fingerprints=("1a2b", "3c4d"))
    assert differ(both, PIP_CERT, store="UV_SYSTEM_CERTS") == []
    assert differ(bundle("REQUESTS_CA_BUNDLE"), bundle("PIP_CERT", trust=Trust.PIP), store="UV_SYSTEM_CERTS") == []
    openssl = bundle("SSL_CERT_FILE", "/all.pem", Trust.UV, fingerprints=("1a2b", "3c4d"))
    requests = bundle("REQUESTS_CA_BUNDLE", fingerprints=("1a2b",))
    assert not [f for f in differ(requests, PIP_CERT, openssl) if "PIP_CERT" in f.message]
    assert [f for f in differ(requests, PIP_CERT, openssl, openssl=False) if "PIP_CERT" in f.message]
