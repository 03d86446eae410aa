from __future__ import annotations

import pytest
from msgspec.structs import replace

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
)
from envdoctor.facts.http.parts import Credentials
from envdoctor.facts.mirrors.credentials import Leak, UrlCredentials
from envdoctor.testing import assess
from envdoctor_checks.mirrors.credentials import credentials_in_url

PLAIN, SECURE = "http://mirror.example/simple", "https://mirror.example/simple"

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
                "Remove the credentials from the address",
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


@pytest.mark.sick("MIR007")
def test_one_proxy_in_several_variables_is_told_once() -> None:
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
    [finding] = assess(credentials_in_url, UrlCredentials(tuple(leak(name, alone=True) for name in names)))
    assert finding.message == "HTTP_PROXY, http_proxy, HTTPS_PROXY and https_proxy hold a password for mirror.example"
    assert len(finding.fix.actions) == 1
    assert finding.evidence == tuple(Evidence(SECRET, name) for name in names)


@pytest.mark.sick("MIR007")
def test_one_index_in_several_variables_is_told_once() -> None:
    names = ("UV_INDEX_URL", "UV_DEFAULT_INDEX")
    [finding] = assess(credentials_in_url, UrlCredentials(tuple(leak(name, alone=True) for name in names)))
    assert finding.fix.actions == (
        Manual("Write `machine mirror.example login … password …` into ~/.netrc, mode 600."),
        *(SetVariable(name, SECURE) for name in names),
    )
    token = leak("PIP_INDEX_URL", credentials=Credentials.TOKEN)
    assert len(assess(credentials_in_url, UrlCredentials((leak("UV_INDEX_URL"), token)))) == 2


def test_who_else_may_read_a_file_is_said() -> None:
    [finding] = assess(credentials_in_url, UrlCredentials((leak("/home/ann/.condarc", line=2, open_to="everybody"),)))
    assert Evidence("everybody may read this file", "/home/ann/.condarc") in finding.evidence


def test_a_proxy_cannot_do_without() -> None:
    [finding] = assess(credentials_in_url, UrlCredentials((leak("HTTPS_PROXY", alone=True),)))
    assert finding.fix.summary == "Remove the proxy's password from the setting"


@pytest.mark.healthy("MIR007")
@pytest.mark.parametrize("tracked", [False, None])
def test_a_file_for_secrets_that_git_does_not_keep(tracked: bool | None) -> None:
    assert assess(credentials_in_url, UrlCredentials((leak("/p/.env", line=1, tracked=tracked),))) == []
