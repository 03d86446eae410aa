"""Do the tools trust the same certificates, and are these where they are said to be?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.network.certificates import (
    Bundle,
    BundleState,
    Certificates,
    Trust,
)
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.uv.installations import UvCopies

# From this version on uv trusts nobody at all if the file is missing; before, it took no notice.
UV_TRUSTS_NOBODY = (0, 12)
# From this version on pip asks OpenSSL, which reads SSL_CERT_FILE.
PIP_USES_OPENSSL = (24, 2)


@check("NET001", severity=Severity.ERROR, since="0.1")
def certificate_bundle_missing(certificates: Certificates, copies: UvCopies | None) -> Iterator[Finding]:
    """A variable names certificates that are not there, or are none.

    ## Why it matters
    requests, and with it pip, conda and poetry, stops at "Could not find a suitable TLS CA certificate bundle". uv from
    0.12 on, and Python's own `ssl`, then trust nobody: every https address fails.

    ## How to fix
    Name the file that there is, without quotation marks inside, or unset the variable.

    ## Not a problem when
    The variable is empty, which counts as unset. `REQUESTS_CA_BUNDLE` is a directory with hashed names. `SSL_CERT_DIR`
    lists several directories, of which one is good.
    """
    for bundle in certificates.bundles:
        if bundle.state is BundleState.FINE:
            continue
        detail = f" ({bundle.detail})" if bundle.detail else ""
        yield Finding(
            f"{bundle.setting} names {bundle.value}, which {bundle.state.value}{detail}",
            _mended(bundle, certificates),
            bundle.origin,
            (Evidence(f"{bundle.setting}={bundle.value}", bundle.origin), Evidence(bundle.state.value, bundle.value)),
            _severity(bundle, certificates, copies),
        )


def _severity(bundle: Bundle, certificates: Certificates, copies: UvCopies | None) -> Severity:
    old_uv = copies is not None and copies.first.version is not None and copies.first.version < UV_TRUSTS_NOBODY
    overridden = bundle.trust is Trust.REQUESTS and bundle is not certificates.of(Trust.REQUESTS)
    mild = bundle.state is BundleState.UNHASHED or bundle.trust is Trust.CLIENT or overridden
    return Severity.WARNING if mild or (bundle.trust is Trust.UV and old_uv) else Severity.ERROR


def _mended(bundle: Bundle, certificates: Certificates) -> Fix:
    variable = bundle.setting == bundle.origin
    if bundle.escaped and variable:
        text = bundle.value.strip("\"'").replace("\\ ", " ")
        return Fix("Write the path without what the shell would take away", SetVariable(bundle.setting, text))
    good = [other for other in certificates.bundles if other.state is BundleState.FINE and not other.public]
    usable = [other for other in good if other.setting == other.origin and not other.setting.endswith("DIR")]
    if usable and variable and bundle.trust is not Trust.CLIENT:
        summary = f"Use the certificates of {usable[0].setting} here too"
        return Fix(summary, CopyVariable(bundle.setting, usable[0].setting))
    if variable:
        return Fix("Unset it, or name the file that there is", UnsetVariable(bundle.setting))
    if bundle.trust is Trust.CONDA:
        return Fix("Let conda use its own", Run("conda", "config", "--set", "ssl_verify", "true"))
    return Fix("Name the file that there is", Manual(f"Correct {bundle.setting} in {bundle.origin}, or take it out."))


@check("NET002", severity=Severity.INFO, since="0.1", unless=("NET001",))
def certificate_settings_differ(
    certificates: Certificates, commands: Commands, active: ActivePython | None
) -> Iterator[Finding]:
    """Some tools trust a company's own certificate authority, others do not.

    ## Why it matters
    Behind a proxy that looks into TLS, or with a mirror whose certificate the company has signed, one tool works and
    the other says that the certificate cannot be verified. uv takes no notice of `REQUESTS_CA_BUNDLE` and `PIP_CERT`;
    conda, poetry and pip before 24.2 take none of `SSL_CERT_FILE`.

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
    given = theirs or _own(certificates.of(Trust.PIP))
    nothing_for_uv = certificates.of(Trust.UV) is None and certificates.system_store is None
    if given and nothing_for_uv and commands.first("uv"):
        yield Finding(
            f"{given.setting} names certificates that are not used by uv",
            _for_uv(given),
            given.origin,
            (_evidence(given), Evidence("neither SSL_CERT_FILE nor UV_SYSTEM_CERTS is set", "uv")),
        )
    blind = _blind_to_ssl_cert_file(certificates, commands, active)
    if uv and blind and uv.setting == "SSL_CERT_FILE":
        yield Finding(
            f"{uv.setting} names certificates that are not used by {' and '.join(blind)}",
            Fix("Use one file for all", CopyVariable("REQUESTS_CA_BUNDLE", uv.setting)),
            uv.origin,
            (_evidence(uv), Evidence("REQUESTS_CA_BUNDLE is not set", "REQUESTS_CA_BUNDLE")),
        )


def _blind_to_ssl_cert_file(
    certificates: Certificates, commands: Commands, active: ActivePython | None
) -> tuple[str, ...]:
    """The tools here that have no certificates of a private authority although `SSL_CERT_FILE` names some."""
    blind = []
    pip = active.interpreter.pip if active else None
    if pip is not None and certificates.for_pip is None and _older(pip.version, PIP_USES_OPENSSL):
        blind.append("pip")
    if certificates.for_conda is None and commands.first("conda"):
        blind.append("conda")
    if certificates.of(Trust.REQUESTS) is None:
        blind += [tool for tool in ("poetry", "pipenv") if commands.first(tool)]
    return tuple(blind)


def _older(version: str | None, than: tuple[int, ...]) -> bool:
    numbers = tuple(map(int, re.findall(r"[0-9]+", version or "")[:2]))
    return bool(numbers) and numbers < than


def _own(bundle: Bundle | None) -> Bundle | None:
    """A bundle that somebody has made for a private authority."""
    return bundle if bundle is not None and bundle.state is BundleState.FINE and not bundle.public else None


def _joined(one: Bundle, other: Bundle) -> Fix:
    """Have both name the file that holds the certificates of both, if one does: no tool loses any that way."""
    for larger, smaller in ((one, other), (other, one)):
        if larger.includes(smaller):
            return Fix("Use one file for all", CopyVariable(smaller.setting, larger.setting))
    # unlike `cat`, awk ends the last line of each file
    together = f"awk 1 {shlex.quote(one.value)} {shlex.quote(other.value)}"
    names = f"{one.setting} and {other.setting}"
    return Fix("Use one file for all", Manual(f"Write `{together}` into a file of your own, and name that in {names}."))


def _for_uv(given: Bundle) -> Fix:
    summary = "Use one file for all"
    if given.setting == given.origin:
        return Fix(summary, CopyVariable("SSL_CERT_FILE", given.setting))
    return Fix(summary, SetVariable("SSL_CERT_FILE", given.value))


def _evidence(bundle: Bundle) -> Evidence:
    return Evidence(f"{bundle.setting}={bundle.value}", bundle.origin)
