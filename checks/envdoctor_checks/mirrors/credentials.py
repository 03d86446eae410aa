"""Do passwords or tokens stand in addresses, where they end up in logs, lock files and repositories?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.http.parts import Credentials, without_userinfo
from envdoctor.facts.mirrors.credentials import Leak, UrlCredentials
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.common.together import said_together

PROXY = pattern(r"(?i)(https?|all|pip)_proxy")


@check("MIR007", severity=Severity.WARNING, since="0.1", where=("UrlCredentials.leaks",))
def credentials_in_url(found: UrlCredentials, exported: ExportedLines | None) -> Iterator[Finding]:
    """A password or token stands in an address.

    ## Why it matters
    Addresses are copied: uv writes the index into `uv.lock` and `pyproject.toml`, tools print it in logs and error
    messages, a variable is visible to every program. What is in a repository stays in its history.

    ## How to fix
    Remove the credentials from the address and give them where tools look for them: `~/.netrc` (mode 600), which pip,
    uv and conda read; `uv auth login`; `UV_INDEX_<NAME>_USERNAME` and `_PASSWORD`; a keyring. If a file with a secret
    is in a repository, change the secret first.

    ## Not a problem when
    A placeholder like `${TOKEN}` stands there, or a user name that everybody uses, such as `git` or `__token__`. A
    name without a password for which pip or uv asks a keyring, or that conda or a proxy gets, is no secret either. The
    server or proxy is on this machine. It is a `.env` file that git does not keep.
    """
    leaks = (leak for leak in found.leaks if basename(leak.place) != ".env" or leak.tracked)
    yield from said_together((leak.origin, _finding(leak, exported)) for leak in leaks)


def _finding(leak: Leak, exported: ExportedLines | None) -> Finding:
    evidence = [Evidence(_described(leak), leak.origin)]
    if leak.tracked:
        evidence.append(Evidence("git keeps this file", "git ls-files"))
    if leak.open_to and not leak.of_project:
        evidence.append(Evidence(f"{leak.open_to} may read this file", leak.place))
    return Finding(
        f"{leak.origin} holds {_what(leak)} for {leak.host}{', in a repository' if leak.tracked else ''}",
        lasting(_fix(leak), exported),
        leak.place,
        tuple(evidence),
        Severity.ERROR if leak.tracked else Severity.WARNING,
    )


def _encrypted(text: str) -> str:
    """The same by https: what is written into ~/.netrc must not travel in the open either."""
    return text.replace("http://", "https://", 1) if text.startswith("http://") else text


def _what(leak: Leak) -> str:
    return "a password" if leak.credentials is Credentials.PASSWORD else "a token"


def _described(leak: Leak) -> str:
    more = f" and {leak.count - 1} more" if leak.count > 1 else ""
    return f"{leak.text}{more}"


def _fix(leak: Leak) -> Fix:
    if PROXY.fullmatch(leak.place):
        advice = "Use a proxy on this machine that logs in to the other, or keep the line where only you can read it."
        return Fix("Remove the proxy's password from the setting", Manual(advice))
    steps: list[Manual | SetVariable] = []
    if leak.tracked:
        steps.append(Manual(f"Change the secret at {leak.host}: it stays in the history of the repository."))
    steps.append(Manual(f"Write `machine {leak.host} login … password …` into ~/.netrc, mode 600."))
    without = _encrypted(without_userinfo(leak.text))
    if leak.alone and without != leak.text:
        steps.append(SetVariable(leak.place, without))
    else:
        steps.append(Manual(f"Remove the credentials from {leak.origin}."))
    return Fix("Remove the credentials from the address", *steps)
