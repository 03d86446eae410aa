from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.conda.condarc import Condarc, CondarcValue
from envdoctor.facts.http.url import (
    Address,
    Reader,
    read,
)
from envdoctor.facts.mirrors.project_sources import ProjectSource, ProjectSources, SourceTool
from envdoctor.facts.network.certificates import Bundle, Certificates, Trust
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvSettings, UvVariable
from envdoctor.testing import assess
from envdoctor_checks.mirrors.index_trust import index_not_trusted
from tests.builders import UV_AND_PIP

PLAIN, SECURE = "http://mirror.example/simple", "https://mirror.example/simple"


def variable(name: str, text: str) -> Address:
    return read(text, name, name, Reader.PIP)


def trust(
    pip: PipIndexes | None = None,
    uv: UvIndexes | None = None,
    settings: UvSettings | None = None,
    condarc: Condarc | None = None,
    certificates: Certificates | None = None,
    sources: ProjectSources | None = None,
) -> list[Finding]:
    facts = (
        pip or PipIndexes(),
        uv or UvIndexes(),
        settings or UvSettings(),
        condarc,
        certificates,
        sources,
        UV_AND_PIP,
    )
    return assess(index_not_trusted, *facts)


@pytest.mark.sick("MIR006")
def test_plain_http_is_ignored_by_pip_and_taken_by_uv() -> None:
    pip, uv = PipIndexes((variable("PIP_INDEX_URL", PLAIN),)), UvIndexes((variable("UV_DEFAULT_INDEX", PLAIN),))
    assert trust(pip, uv) == [
        Finding(
            "pip ignores http://mirror.example/simple: it is plain http, and its host is not a trusted-host, "
            "and packages of uv come from it without encryption",
            Fix(
                "Use https if your mirror supports it; otherwise ask its owner for https",
                SetVariable("PIP_INDEX_URL", SECURE),
            ),
            "PIP_INDEX_URL",
            (
                Evidence(f"PIP_INDEX_URL={PLAIN}", "PIP_INDEX_URL"),
                Evidence(f"UV_DEFAULT_INDEX={PLAIN}", "UV_DEFAULT_INDEX"),
            ),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("MIR006")
def test_plain_http_to_a_trusted_host_is_a_warning() -> None:
    trusted = (TrustedHost("mirror.example", "PIP_TRUSTED_HOST"),)
    [finding] = trust(PipIndexes((variable("PIP_INDEX_URL", PLAIN),), trusted=trusted))
    assert finding.severity is Severity.WARNING
    [finding] = trust(uv=UvIndexes((variable("UV_DEFAULT_INDEX", PLAIN),)))
    assert finding.severity is Severity.WARNING
    assert "(uv: plain http)" in finding.message


@pytest.mark.sick("MIR006")
@pytest.mark.parametrize(
    ("origin", "step"),
    [
        ("PIP_TRUSTED_HOST", UnsetVariable("PIP_TRUSTED_HOST")),
        ("/etc/pip.conf:3", Manual("Take mirror.example out of trusted-host in /etc/pip.conf:3.")),
    ],
)
def test_a_trusted_host_switches_verification_off(origin: str, step: object) -> None:
    [finding] = trust(
        PipIndexes((variable("PIP_INDEX_URL", SECURE),), trusted=(TrustedHost("mirror.example", origin),))
    )
    assert finding.message == "pip does not verify the TLS certificate of mirror.example"
    assert finding.fix.actions == (step,)


@pytest.mark.sick("MIR006")
def test_uv_and_conda_can_be_told_not_to_look() -> None:
    insecure = UvSettings((UvVariable("UV_INSECURE_HOST", "mirror.example:8443 localhost"),))
    [finding] = trust(settings=insecure)
    assert finding.message == "uv does not verify the TLS certificate of mirror.example:8443"
    assert finding.fix.actions == (UnsetVariable("UV_INSECURE_HOST"),)
    [finding] = trust(certificates=Certificates(unverified="/home/ann/.condarc:1"))
    assert finding.fix.actions == (Run("conda", "config", "--set", "ssl_verify", "true"),)
    bundle = Bundle("/ca.pem", "REQUESTS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", Trust.REQUESTS)
    assert trust(certificates=Certificates((bundle,), unverified="/home/ann/.condarc:1")) == []
    channel = CondarcValue("channels", "http://conda.example/main", "/home/ann/.condarc:2", listed=True)
    [finding] = trust(condarc=Condarc(values=(channel,)))
    assert finding.message == "conda's packages come from conda.example without encryption"


def test_sources_of_the_project() -> None:
    pipfile = read(SECURE, "[[source]]", "/p/Pipfile:2", Reader.PLAIN, file="/p/Pipfile")
    host = read("mirror.example", "--trusted-host", "/p/requirements.txt:1", Reader.PIP, file="/p/requirements.txt")
    sources = ProjectSources(
        (
            ProjectSource(SourceTool.PIPENV, pipfile, "source", verified=False),
            ProjectSource(SourceTool.REQUIREMENTS, host, "--trusted-host", verified=False),
        )
    )
    assert [(finding.message, finding.severity) for finding in trust(sources=sources)] == [
        ("pipenv does not verify the TLS certificate of mirror.example", None),
        ("uv ignores --trusted-host mirror.example in /p/requirements.txt:1", Severity.INFO),
    ]


@pytest.mark.healthy("MIR006")
@pytest.mark.parametrize(
    "pip",
    [
        PipIndexes((variable("PIP_INDEX_URL", "http://localhost:3141/root"),)),
        PipIndexes((variable("PIP_INDEX_URL", "http://127.0.0.1/simple"),), trusted=(TrustedHost("127.0.0.1", "X"),)),
        PipIndexes((variable("PIP_INDEX_URL", SECURE),), trusted=(TrustedHost("other.example", "X"),)),
        PipIndexes((variable("PIP_INDEX_URL", "file:///tmp"),)),
    ],
)
def test_servers_on_this_machine_need_no_encryption(pip: PipIndexes) -> None:
    assert trust(pip, settings=UvSettings((UvVariable("UV_INSECURE_HOST", "localhost:3141"),))) == []
