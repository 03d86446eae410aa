from __future__ import annotations

import pytest
from msgspec.structs import replace

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
    Credentials,
    Reader,
    read,
)
from envdoctor.facts.mirrors.credentials import Leak, UrlCredentials
from envdoctor.facts.mirrors.project_sources import ProjectSource, ProjectSources, SourceTool
from envdoctor.facts.network.certificates import Certificates
from envdoctor.facts.pip.indexes import PipIndexes, TrustedHost
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvSettings, UvVariable
from envdoctor.testing import assess
from envdoctor_checks.mirrors.credentials import credentials_in_url
from envdoctor_checks.mirrors.index_trust import index_not_trusted
from tests.checks.tools import HERE

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
    facts = (pip or PipIndexes(), uv or UvIndexes(), settings or UvSettings(), condarc, certificates, sources, HERE)
    return assess(index_not_trusted, *facts)


@pytest.mark.sick("MIR006")
def test_plain_http_is_ignored_by_pip_and_taken_by_uv() -> None:
    pip, uv = PipIndexes((variable("PIP_INDEX_URL", PLAIN),)), UvIndexes((variable("UV_DEFAULT_INDEX", PLAIN),))
    assert trust(pip, uv) == [
        Finding(
            "packages come from http://mirror.example/simple without encryption "
            "(pip ignores it, because it is plain http and not called trusted)",
            Fix("Use https, if your mirror has it; else ask for it", SetVariable("PIP_INDEX_URL", SECURE)),
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
    assert finding.message == "pip does not look at the certificate of mirror.example"
    assert finding.fix.actions == (step,)


@pytest.mark.sick("MIR006")
def test_uv_and_conda_can_be_told_not_to_look() -> None:
    insecure = UvSettings((UvVariable("UV_INSECURE_HOST", "mirror.example:8443 localhost"),))
    [finding] = trust(settings=insecure)
    assert finding.message == "uv does not look at the certificate of mirror.example:8443"
    assert finding.fix.actions == (UnsetVariable("UV_INSECURE_HOST"),)
    [finding] = trust(certificates=Certificates(unverified="/home/ann/.condarc:1"))
    assert finding.fix.actions == (Run("conda", "config", "--set", "ssl_verify", "true"),)
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
        ("pipenv does not look at the certificate of mirror.example", None),
        ("uv takes no notice of --trusted-host mirror.example in /p/requirements.txt:1", Severity.INFO),
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


SECRET = "https://me:pw@mirror.example/simple"


def leak(place: str = "PIP_INDEX_URL", **more: object) -> Leak:
    facts: dict[str, object] = {"text": SECRET, "host": "mirror.example", "credentials": Credentials.PASSWORD}
    return Leak(place, **{**facts, **more})  # type: ignore[arg-type]  # the fields that a test names


@pytest.mark.sick("MIR007")
def test_a_password_in_a_variable() -> None:
    assert assess(credentials_in_url, UrlCredentials((leak(alone=True),))) == [
        Finding(
            "PIP_INDEX_URL holds a password for mirror.example",
            Fix(
                "Leave the credentials out of the address",
                Manual("Write `machine mirror.example login … password …` into ~/.netrc, mode 600."),
                SetVariable("PIP_INDEX_URL", SECURE),
            ),
            "PIP_INDEX_URL",
            (Evidence(SECRET, "PIP_INDEX_URL"),),
            Severity.WARNING,
        )
    ]


def test_nothing_of_a_password_with_unescaped_characters_gets_into_the_fix() -> None:
    found = replace(leak(alone=True), text="https://me:a@b/c@mirror.example/simple")
    [finding] = assess(credentials_in_url, UrlCredentials((found,)))
    assert finding.fix.actions[-1] == SetVariable("PIP_INDEX_URL", SECURE)


@pytest.mark.sick("MIR007")
def test_a_token_in_a_repository_is_an_error() -> None:
    found = leak(
        "/p/uv.lock", credentials=Credentials.TOKEN, line=3, count=4, tracked=True, open_to="everybody", of_project=True
    )
    [finding] = assess(credentials_in_url, UrlCredentials((found,)))
    assert finding.message == "/p/uv.lock:3 holds a token for mirror.example, in a repository"
    assert finding.severity is Severity.ERROR
    assert finding.evidence == (
        Evidence(f"{SECRET} and 3 more", "/p/uv.lock:3"),
        Evidence("git keeps this file", "git ls-files"),
    )
    assert finding.fix.actions[0] == Manual(
        "Change the secret at mirror.example: it stays in the history of the repository."
    )


def test_who_else_may_read_a_file_is_said() -> None:
    [finding] = assess(credentials_in_url, UrlCredentials((leak("/home/ann/.condarc", line=2, open_to="everybody"),)))
    assert Evidence("everybody may read this file", "/home/ann/.condarc") in finding.evidence


def test_a_proxy_cannot_do_without() -> None:
    [finding] = assess(credentials_in_url, UrlCredentials((leak("HTTPS_PROXY", alone=True),)))
    assert finding.fix.summary == "Keep the proxy's password out of sight"


@pytest.mark.healthy("MIR007")
@pytest.mark.parametrize("tracked", [False, None])
def test_a_file_for_secrets_that_git_does_not_keep(tracked: bool | None) -> None:
    assert assess(credentials_in_url, UrlCredentials((leak("/p/.env", line=1, tracked=tracked),))) == []
