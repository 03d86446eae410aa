"""Is what comes from an index what its server sent? Plain http and switched-off verification."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.http.parts import is_loopback, split
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.project_sources import ProjectSources, SourceTool
from envdoctor.facts.network.certificates import Certificates
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvSettings
from envdoctor_checks.common.startup_edits import all_lasting
from envdoctor_checks.mirrors._urls import ADDRESSES, set_to, shown

CHANNELS = ("channels", "default_channels")


class Plain(msgspec.Struct, frozen=True):
    """An address that is asked without encryption, and by whom."""

    address: Address
    tool: str


@check(
    "MIR006",
    severity=Severity.WARNING,
    since="0.1",
    unless=("MIR005",),
    where=(*ADDRESSES, "UvSettings.variables", "Certificates.unverified", "Condarc.values"),
)
def index_not_trusted(
    pip: PipIndexes,
    uv: UvIndexes,
    uv_settings: UvSettings,
    condarc: Condarc | None,
    certificates: Certificates | None,
    sources: ProjectSources | None,
    commands: Commands,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """An index is used without encryption, or without verifying its certificate.

    ## Why it matters
    Anyone on the network path can replace a package. pip refuses plain `http` unless the host is called
    trusted, and says so in a line that is easily missed; uv accepts it silently.

    ## How to fix
    Use the mirror's `https` address. If its certificate comes from a company's own authority, name that authority
    (`PIP_CERT`, `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `UV_SYSTEM_CERTS`) in place of calling the host trusted.

    ## Not a problem when
    The index is on this machine. conda's `ssl_verify` is false, but `REQUESTS_CA_BUNDLE` is set: it beats that.
    """
    plain = [*_of_pip(pip), *_of_uv(uv), *_of_project(sources)]
    findings = (
        *_plain(pip, plain),
        *_unverified_in_pip(pip),
        *_unverified_in_uv(uv_settings),
        *_conda(condarc, certificates),
        *_sources(sources, commands),
    )
    yield from all_lasting(findings, exported)


def _of_pip(pip: PipIndexes) -> Iterator[Plain]:
    yield from (Plain(address, "pip") for address in (*pip.indexes[:1], *pip.extras, *pip.find_links))


def _of_uv(uv: UvIndexes) -> Iterator[Plain]:
    yield from (Plain(address, "uv") for address in (*uv.defaults[:1], *uv.extras, *uv.explicit, *uv.find_links))


def _of_project(sources: ProjectSources | None) -> Iterator[Plain]:
    for source in sources.sources if sources else ():
        if source.role != "--trusted-host":
            yield Plain(source.address, source.tool.value)


def _plain(pip: PipIndexes, asked: list[Plain]) -> Iterator[Finding]:
    """One finding a host, whoever asks it."""
    hosts: dict[str, list[Plain]] = {}
    for plain in asked:
        if plain.address.parts.scheme == "http" and not plain.address.local and plain.address.flaw is None:
            hosts.setdefault(plain.address.host, []).append(plain)
    for plains in hosts.values():
        address = plains[0].address
        refused = any(plain.tool == "pip" and pip.ignores(plain.address) for plain in plains)
        tools = ", ".join(dict.fromkeys(plain.tool for plain in plains))
        others = [plain.tool for plain in plains if plain.tool != "pip"]
        what = f"packages come from {shown(address)} without encryption ({tools}: plain http)"
        if refused:
            also = (
                f", and packages of {', '.join(dict.fromkeys(others))} come from it without encryption"
                if others
                else ""
            )
            what = f"pip ignores {shown(address)}: it is plain http, and its host is not a trusted-host{also}"
        secure = address.text.replace("http://", "https://", 1)
        yield Finding(
            what,
            set_to(address, secure, "Use https if your mirror supports it; otherwise ask its owner for https"),
            address.origin,
            tuple(dict.fromkeys(plain.address.evidence for plain in plains)),
            Severity.ERROR if refused else Severity.WARNING,
        )


def _unverified_in_pip(pip: PipIndexes) -> Iterator[Finding]:
    for address in (*pip.indexes[:1], *pip.extras):
        trusted = pip.trusts(address)
        if trusted is not None and address.parts.scheme == "https" and not address.local:
            yield Finding(
                f"pip does not verify the TLS certificate of {address.host}",
                _without_trust(trusted),
                trusted.origin,
                (Evidence(f"trusted-host {trusted.host}", trusted.origin), address.evidence),
            )


def _without_trust(trusted: TrustedHost) -> Fix:
    summary = "Let pip verify the certificate; for a company's own authority set PIP_CERT to its certificate"
    if trusted.origin.startswith("PIP_"):
        return Fix(summary, UnsetVariable(trusted.origin))
    return Fix(summary, Manual(f"Take {trusted.host} out of trusted-host in {trusted.origin}."))


def _unverified_in_uv(settings: UvSettings) -> Iterator[Finding]:
    summary = "Let uv verify the certificate; for a company's own authority set SSL_CERT_FILE or UV_SYSTEM_CERTS=1"
    variable = "UV_INSECURE_HOST"
    hosts = [host for host in (settings.variable(variable) or "").split() if not is_loopback(_host(host))]
    if hosts:
        message = f"uv does not verify the TLS certificate of {', '.join(hosts)}"
        evidence = (Evidence(f"{variable}={settings.variable(variable)}", variable),)
        yield Finding(message, Fix(summary, UnsetVariable(variable)), variable, evidence)
    for value in settings.values:
        if value.key.endswith("allow-insecure-host") and not is_loopback(_host(value.value)):
            yield Finding(
                f"uv does not verify the TLS certificate of {value.value}",
                Fix(summary, Manual(f"Take {value.value} out of {value.key} in {value.origin}.")),
                value.origin,
                (Evidence(f"{value.key}: {value.value}", value.origin),),
            )


def _host(text: str) -> str:
    return split(text if "://" in text else f"https://{text}").host


def _conda(condarc: Condarc | None, certificates: Certificates | None) -> Iterator[Finding]:
    if certificates is not None and certificates.unverified is not None and certificates.for_conda is None:
        summary = "Let conda verify certificates; for a company's own authority set ssl_verify to its certificate"
        where = certificates.unverified
        variable = where == "CONDA_SSL_VERIFY"
        step = UnsetVariable(where) if variable else Run("conda", "config", "--set", "ssl_verify", "true")
        evidence = (Evidence("ssl_verify is off", where),)
        yield Finding("conda does not verify the TLS certificates of its channels", Fix(summary, step), where, evidence)
    if condarc is None:
        return
    alias = condarc.value("channel_alias")
    values = [value for key in CHANNELS for value in condarc.elements(key)]
    values += [*condarc.entries("custom_channels"), *([alias] if alias else [])]
    for value in values:
        parts = split(value.value)
        if parts.scheme == "http" and not is_loopback(parts.host):
            secure = value.value.replace("http://", "https://", 1)
            yield Finding(
                f"conda's packages come from {parts.host} without encryption",
                Fix("Use https if your mirror supports it", Manual(f"In {value.origin} write {secure}.")),
                value.origin,
                (Evidence(value.value, value.origin),),
            )


def _sources(sources: ProjectSources | None, commands: Commands) -> Iterator[Finding]:
    for source in sources.sources if sources else ():
        address = source.address
        if source.tool is SourceTool.PIPENV and not source.verified and not address.local:
            yield Finding(
                f"pipenv does not verify the TLS certificate of {address.host}",
                Fix(
                    "Let pipenv verify the certificate",
                    Manual(f"Set verify_ssl = true for the source in {address.origin}."),
                ),
                address.origin,
                (address.evidence,),
            )
        if source.role == "--trusted-host" and commands.first("uv") and not is_loopback(_host(address.text)):
            yield Finding(
                f"uv ignores --trusted-host {address.text} in {address.origin}",
                Fix(
                    "Use a certificate that all tools accept",
                    Manual(f"Only as a last resort: set UV_INSECURE_HOST to {address.text}."),
                ),
                address.origin,
                (address.evidence,),
                Severity.INFO,
            )
