"""Which words of `trusted-host` do not name the host that was meant?

One that makes pip ignore an index is an error of its own; any other has no effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Finding, Severity
from envdoctor.facts.http.url import Address
from envdoctor.facts.pip.config_file import PipSetting
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from envdoctor_checks.common.pip_settings import hosts_alone, proof, spelled, with_words
from envdoctor_checks.mirrors._urls import shown

TAKES = "pip takes a host alone, with its port or without"


def ignored_for_it(pip: PipIndexes) -> Iterator[Finding]:
    """The first index that pip ignores because the word that was to trust its host names another."""
    setting = pip.trusted_setting
    if setting is None:
        return
    asked = (*pip.indexes[:1], *pip.extras, *pip.find_links)
    ignored = next((address for address in asked if _is_plain(address) and _is_misread_for(address, pip)), None)
    if ignored:
        yield Finding(
            f"pip ignores {shown(ignored)}, which is plain http: {spelled(setting)} does not trust its host; {TAKES}",
            hosts_alone(setting),
            setting.origin,
            (proof(setting), ignored.evidence),
        )


def _is_plain(address: Address) -> bool:
    return address.parts.scheme == "http" and not address.local


def _is_misread_for(address: Address, pip: PipIndexes) -> bool:
    return pip.trusts(address) is None and any(host.misread and host.means(address) for host in pip.trusted)


def without_effect(pip: PipIndexes) -> Iterator[Finding]:
    """The words that trust nobody; advice where no index is at that host."""
    setting = pip.trusted_setting
    if setting is None or any(host.stops for host in pip.trusted):
        return
    asked = (*pip.indexes[:1], *pip.extras)
    idle = [host for host in pip.trusted if _is_idle(host, asked)]
    for host in idle[:1]:
        verified = next((address.host for address in asked if host.means(address)), None)
        yield _idle(setting, host, verified, tuple(one.host for one in pip.trusted if one not in idle))


def _is_idle(host: TrustedHost, asked: tuple[Address, ...]) -> bool:
    """Whether it trusts nothing: another host than was meant, or no address that has the path that it has."""
    secure = [address for address in asked if address.parts.scheme == "https" and host.means(address)]
    return host.misread or (bool(secure) and not any(map(host.covers, asked)))


def _idle(setting: PipSetting, host: TrustedHost, verified: str | None, kept: tuple[str, ...]) -> Finding:
    also = f", and goes on verifying the certificate of {verified}" if verified else ""
    summary = f"Remove {host.host}, or write {host.meant} alone if pip is not to verify the certificate of that host"
    return Finding(
        f"{spelled(setting)} does not trust {host.meant or 'any host'}: {TAKES}{also}",
        with_words(setting, kept, summary),
        setting.origin,
        (proof(setting),),
        Severity.WARNING if verified else Severity.INFO,
    )
