"""Do the tools trust the same certificates?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import CopyVariable, Evidence, Finding, Fix, Manual, SetVariable, Severity, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.network.anchors import Trusted
from envdoctor.facts.network.bundle_states import BundleState
from envdoctor.facts.network.certificates import Bundle, Certificates, Trust
from envdoctor_checks.common.shell_words import written


@check("NET002", severity=Severity.INFO, since="0.1", unless=("NET001",), where=("Certificates.bundles",))
def certificate_settings_differ(certificates: Certificates, commands: Commands, trusted: Trusted) -> Iterator[Finding]:
    """Some tools trust a company's own certificate authority, others do not.

    ## Why it matters
    Behind a proxy that looks into TLS, or with a mirror whose certificate the company has signed, one tool works and
    the other says that the certificate cannot be verified. uv ignores `REQUESTS_CA_BUNDLE` and `PIP_CERT`; conda,
    poetry and pip before 24.2 ignore `SSL_CERT_FILE`. Whatever pip's manual says, `REQUESTS_CA_BUNDLE` and
    `CURL_CA_BUNDLE` beat `PIP_CERT`, `cert` in a file and even `--cert`, in pip 23.0 as in 26.3; for conda they beat
    `ssl_verify`.

    ## How to fix
    One file for all: `SSL_CERT_FILE` for uv and Python itself, `REQUESTS_CA_BUNDLE` for pip, conda and poetry.
    `UV_SYSTEM_CERTS=1` lets uv use the system's own store, if the authority is in it.

    ## Not a problem when
    The file is the usual bundle of public authorities. Or only one of the tools ever meets the company's servers.
    """
    uv, theirs = _own(certificates.of(Trust.UV)), _own(certificates.of(Trust.REQUESTS))
    if uv and theirs and set(uv.fingerprints) != set(theirs.fingerprints) and uv.fingerprints and theirs.fingerprints:
        yield Finding(
            f"{uv.setting} and {theirs.setting} name different certificates",
            _joined(uv, theirs),
            uv.setting,
            (_evidence(uv), _evidence(theirs)),
            Severity.WARNING,
        )
    yield from _beaten(certificates, trusted)
    given = theirs or _own(certificates.of(Trust.PIP))
    nothing_for_uv = certificates.of(Trust.UV) is None and certificates.system_store is None
    if given and nothing_for_uv and commands.first("uv"):
        yield Finding(
            f"{given.setting} names certificates that are not used by uv",
            _for_uv(given),
            given.origin,
            (_evidence(given), Evidence("neither SSL_CERT_FILE nor UV_SYSTEM_CERTS is set", "uv")),
        )
    blind = _blind_to_ssl_cert_file(certificates, commands, trusted)
    if uv and blind and uv.setting == "SSL_CERT_FILE":
        yield Finding(
            f"{uv.setting} names certificates that are not used by {' and '.join(blind)}",
            Fix("Use one certificate file for all tools", CopyVariable("REQUESTS_CA_BUNDLE", uv.setting)),
            uv.origin,
            (_evidence(uv), Evidence("REQUESTS_CA_BUNDLE is not set", "REQUESTS_CA_BUNDLE")),
        )


def _beaten(certificates: Certificates, trusted: Trusted) -> Iterator[Finding]:
    """The settings of pip and conda that the variable of requests beats although it holds other certificates."""
    winner = certificates.of(Trust.REQUESTS)
    for trust, tool in ((Trust.PIP, "pip"), (Trust.CONDA, "conda")):
        loser = _own(certificates.of(trust))
        if winner is None or winner.state is not BundleState.FINE or loser is None:
            continue
        known = winner.fingerprints and loser.fingerprints
        elsewhere = trust is Trust.PIP and trusted.pip_reads_openssl and _read_by_openssl(loser, certificates)
        if winner.value == loser.value or winner.includes(loser) or elsewhere:
            continue
        yield Finding(
            f"{loser.setting} names certificates that {tool} does not use: {winner.setting} comes first",
            _joined(winner, loser),
            loser.origin,
            (_evidence(winner), _evidence(loser)),
            Severity.WARNING if known else Severity.INFO,
        )


def _read_by_openssl(bundle: Bundle, certificates: Certificates) -> bool:
    return any(other.value == bundle.value or other.includes(bundle) for other in certificates.of_openssl)


def _blind_to_ssl_cert_file(certificates: Certificates, commands: Commands, trusted: Trusted) -> tuple[str, ...]:
    """The tools here that have no certificates of a private authority although `SSL_CERT_FILE` names some."""
    blind = []
    if trusted.pip_reads_openssl is False and certificates.for_pip is None:
        blind.append("pip")
    if certificates.for_conda is None and commands.first("conda"):
        blind.append("conda")
    if certificates.of(Trust.REQUESTS) is None:
        blind += [tool for tool in ("poetry", "pipenv") if commands.first(tool)]
    return tuple(blind)


def _own(bundle: Bundle | None) -> Bundle | None:
    """A bundle that somebody has made for a private authority."""
    return bundle if bundle is not None and bundle.state is BundleState.FINE and not bundle.public else None


def _joined(one: Bundle, other: Bundle) -> Fix:
    """Have both name the file that holds the certificates of both, if one does: no tool loses any that way."""
    for larger, smaller in ((one, other), (other, one)):
        if larger.includes(smaller):
            return Fix("Use one certificate file for all tools", _like(smaller, larger))
    # unlike `cat`, awk ends the last line of each file
    together = written("awk", "1", one.value, other.value)
    what = f"`{together}`" if together else f"the certificates of {one.value} and {other.value}"
    names = f"{one.setting} and {other.setting}"
    return Fix(
        "Use one certificate file for all tools",
        Manual(f"Write {what} into a file of your own, and name that in {names}."),
    )


def _like(smaller: Bundle, larger: Bundle) -> CopyVariable | SetVariable | Manual:
    """Have one setting say what another says."""
    if smaller.setting != smaller.origin:
        return Manual(f"Write {larger.value} in place of {smaller.value} in {smaller.origin}.")
    if larger.setting == larger.origin:
        return CopyVariable(smaller.setting, larger.setting)
    return SetVariable(smaller.setting, larger.value)


def _for_uv(given: Bundle) -> Fix:
    summary = "Use one certificate file for all tools"
    if given.setting == given.origin:
        return Fix(summary, CopyVariable("SSL_CERT_FILE", given.setting))
    return Fix(summary, SetVariable("SSL_CERT_FILE", given.value))


def _evidence(bundle: Bundle) -> Evidence:
    return Evidence(f"{bundle.setting}={bundle.value}", bundle.origin)
