"""Do the tools trust the same certificates, and are these where they are said to be?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

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
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.network.anchors import Trusted
from envdoctor.facts.network.bundle_states import OTHER_FORMS, BundleState
from envdoctor.facts.network.certificates import (
    Bundle,
    Certificates,
    Trust,
)
from envdoctor.facts.session.date import Today
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.installations import UvCopies
from envdoctor_checks.common.shell_words import written
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.common.together import said_together

# From this version on uv trusts nobody at all if the file is missing; before, it took no notice.
UV_TRUSTS_NOBODY = (0, 12)


@check("NET001", severity=Severity.ERROR, since="0.1", where=("Certificates.bundles",))
def certificate_bundle_missing(
    certificates: Certificates, copies: UvCopies | None, exported: ExportedLines | None, today: Today
) -> Iterator[Finding]:
    """A variable names certificates that are not there, are none, or have all expired.

    ## Why it matters
    requests, and with it pip, conda and poetry, stops at "Could not find a suitable TLS CA certificate bundle". uv from
    0.12 on, and Python's own `ssl`, then trust nobody: every https address fails. With an authority that has expired
    they say "certificate has expired" of every server; uv does not look at an authority's date.

    ## How to fix
    Set the variable to an existing file, without quotation marks inside, or unset it. Certificates in DER form (as
    Windows exports them) or in a PKCS#7 or PKCS#12 file have to be converted to PEM with openssl first, whatever the
    file is called.

    ## Not a problem when
    The variable is empty, which counts as unset. `REQUESTS_CA_BUNDLE` is a directory with hashed names. `SSL_CERT_DIR`
    lists several directories, of which one is good. A setting that another one beats gets a warning only.
    """
    yield from said_together(
        (bundle.setting, finding)
        for bundle in certificates.bundles
        for finding in _of_bundle(bundle, certificates, copies, exported, today)
    )


def _of_bundle(
    bundle: Bundle,
    certificates: Certificates,
    copies: UvCopies | None,
    exported: ExportedLines | None,
    today: Today,
) -> Iterator[Finding]:
    if _has_expired(bundle, today):
        yield _expired(bundle, certificates, exported, today)
    if bundle.state is BundleState.FINE:
        return
    detail = f" ({bundle.detail})" if bundle.detail else ""
    yield Finding(
        f"{bundle.setting} names {bundle.value}, which {bundle.state.value}{detail}",
        lasting(_mended(bundle, certificates), exported),
        bundle.origin,
        (Evidence(f"{bundle.setting}={bundle.value}", bundle.origin), Evidence(bundle.state.value, bundle.value)),
        _severity(bundle, certificates, copies),
    )


def _has_expired(bundle: Bundle, today: Today) -> bool:
    """Whether every certificate in it has; of an authority of several the others still count."""
    return bundle.valid_until is not None and bundle.valid_until < today.date


def _expired(bundle: Bundle, certificates: Certificates, exported: ExportedLines | None, today: Today) -> Finding:
    good = tuple(other for other in certificates.bundles if not _has_expired(other, today))
    others = msgspec.structs.replace(certificates, bundles=good)
    by_openssl = bundle.trust in {Trust.REQUESTS, Trust.PIP, Trust.CONDA} and not _is_beaten(bundle, certificates)
    return Finding(
        f"{bundle.setting} names {bundle.value}, whose certificates have expired, the last on {bundle.valid_until}",
        lasting(_mended(bundle, others), exported),
        bundle.origin,
        (
            Evidence(f"{bundle.setting}={bundle.value}", bundle.origin),
            Evidence(f"valid until {bundle.valid_until}", bundle.value),
        ),
        Severity.ERROR if by_openssl else Severity.WARNING,
    )


def _severity(bundle: Bundle, certificates: Certificates, copies: UvCopies | None) -> Severity:
    old_uv = copies is not None and copies.first.version is not None and copies.first.version < UV_TRUSTS_NOBODY
    mild = bundle.state is BundleState.UNHASHED or bundle.trust is Trust.CLIENT or _is_beaten(bundle, certificates)
    return Severity.WARNING if mild or (bundle.trust is Trust.UV and old_uv) else Severity.ERROR


def _is_beaten(bundle: Bundle, certificates: Certificates) -> bool:
    """Whether nobody reads a setting because another counts in its place, or beside it."""
    match bundle.trust:
        case Trust.REQUESTS | Trust.PIP | Trust.CONDA:
            first = certificates.of(Trust.REQUESTS)
            return first is not None and first is not bundle
        case Trust.UV:
            return any(other.state is BundleState.FINE for other in certificates.of_openssl)
        case Trust.CLIENT:
            return False


def _mended(bundle: Bundle, certificates: Certificates) -> Fix:
    variable = bundle.setting == bundle.origin
    if bundle.escaped and variable:
        text = bundle.value.strip("\"'").replace("\\ ", " ")
        return Fix("Set the path without quotes, escapes and blanks", SetVariable(bundle.setting, text))
    if bundle.state in OTHER_FORMS:
        return _converted(bundle)
    good = [other for other in certificates.bundles if other.state is BundleState.FINE and not other.public]
    usable = [other for other in good if other.setting == other.origin and not other.setting.endswith("DIR")]
    if usable and variable and bundle.trust is not Trust.CLIENT:
        summary = f"Use the certificates of {usable[0].setting} here too"
        return Fix(summary, CopyVariable(bundle.setting, usable[0].setting))
    if variable:
        return Fix("Unset the variable, or set it to an existing file", UnsetVariable(bundle.setting))
    if bundle.trust is Trust.CONDA:
        return Fix("Let conda use its own certificates", Run("conda", "config", "--set", "ssl_verify", "true"))
    return Fix(
        "Set the variable to an existing file", Manual(f"Correct {bundle.setting} in {bundle.origin}, or take it out.")
    )


def _converted(bundle: Bundle) -> Fix:
    """A PEM file made of one in another form, for the setting to name. A key that a client needs goes in by hand."""
    pem, source = bundle.pem or "FILE.pem", ("-in", bundle.path or bundle.value, "-out", bundle.pem or "FILE.pem")
    commands = {
        BundleState.DER: ("openssl", "x509", "-inform", "DER", *source),
        BundleState.PKCS7: ("openssl", "pkcs7", "-inform", "DER", "-print_certs", *source),
        BundleState.PKCS7_PEM: ("openssl", "pkcs7", "-print_certs", *source),
        BundleState.PKCS12: ("openssl", "pkcs12", "-nokeys", *source),
    }
    command = commands[bundle.state]
    summary = f"Convert the file to PEM, and let {bundle.setting} name that"
    by_hand = bundle.state is BundleState.PKCS12 or bundle.pem is None
    if by_hand or bundle.trust is Trust.CLIENT:
        password = ", which asks for the file's password" if bundle.state is BundleState.PKCS12 else ""
        key = "; a client certificate needs its key in PEM form too" if bundle.trust is Trust.CLIENT else ""
        line = written(*command)
        made = (
            f"Run `{line}`{password}" if line else f"Convert {bundle.path or bundle.value} with `openssl {command[1]}`"
        )
        return Fix(summary, Manual(f"{made}, and let {bundle.setting} name {pem}{key}"))
    return Fix(summary, Run(*command), _named(bundle, pem), safety=Safety.CHANGES_STATE)


def _named(bundle: Bundle, pem: str) -> SetVariable | Run | Manual:
    """Let the setting name this file."""
    if bundle.setting == bundle.origin:
        return SetVariable(bundle.setting, pem)
    if bundle.trust is Trust.CONDA:
        return Run("conda", "config", "--set", "ssl_verify", pem)
    return Manual(f"Let {bundle.setting} in {bundle.origin} name {pem}")


@check("NET002", severity=Severity.INFO, since="0.1", unless=("NET001",))
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
