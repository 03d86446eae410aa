"""Are the certificates that the tools are told to trust where they are said to be, and still valid?"""

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
    they say "certificate has expired" of every server; uv does not look at an authority's date. In
    `SSL_CERT_FILE="~/ca.pem"` no shell replaces the `~`, for it stands in quotes, and no tool does.

    ## How to fix
    Set the variable to an existing file, without quotation marks inside, or unset it. Write `$HOME` in place of `~`.
    Certificates in DER form (as Windows exports them) or in a PKCS#7 or PKCS#12 file have to be converted to PEM with
    openssl first, whatever the file is called.

    ## Not a problem when
    The variable is empty, which counts as unset. `REQUESTS_CA_BUNDLE` is a directory with hashed names. `SSL_CERT_DIR`
    lists several directories, of which one is good. A setting that another one beats gets a warning only. pip itself
    puts the home in place of `~` in `PIP_CERT` and `cert`, conda in `ssl_verify`.
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
    if bundle.meant:
        detail = ": no tool puts the home in place of ~ or $HOME there"
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
    if variable and (fix := _rewritten(bundle)):
        return fix
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


def _rewritten(bundle: Bundle) -> Fix | None:
    """A variable's own path, written so that it is found; None where it is no matter of writing."""
    if bundle.escaped:
        text = bundle.value.strip("\"'").replace("\\ ", " ")
        return Fix("Set the path without quotes, escapes and blanks", SetVariable(bundle.setting, text))
    if bundle.meant:
        return Fix("Write the path in full", SetVariable(bundle.setting, bundle.meant))
    return None


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
