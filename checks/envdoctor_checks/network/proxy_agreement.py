"""NET: proxy settings that tell different tools different things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.http.url import Address
from envdoctor.facts.network.proxies import (
    NAMES,
    NoProxy,
    Proxies,
    Proxy,
)
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.startup_edits import all_lasting
from envdoctor_checks.common.together import said_together
from envdoctor_checks.network.proxies import evidence_of, place_of
from envdoctor_checks.network.proxy_schemes import KNOWN

NOWHERE_UNDERSTOOD = pattern(r"[\s;]|^\*|://|/$")


WITH_PORT = pattern(r"([^:]+):[0-9]+")


@check("NET004", severity=Severity.WARNING, since="0.1")
def proxy_settings_contradict(
    proxies: Proxies, pip: PipIndexes, uv: UvIndexes, exported: ExportedLines | None
) -> Iterator[Finding]:
    """The proxy variables say different things to different tools.

    ## Why it matters
    Python's clients read `https_proxy` first, uv reads `HTTPS_PROXY` first: where the two differ, pip and uv go
    different ways. With `HTTP_PROXY` alone, everything that is `https` goes directly. Neither understands
    `NO_PROXY=*.example`, and uv not `NO_PROXY=localhost:8080`.

    ## How to fix
    Give both spellings the same value, set `HTTPS_PROXY` too, and write `.example` for all hosts below example.

    ## Not a problem when
    Only one spelling is set, or both say the same. `HTTP_PROXY` alone is set, and no tool can use its address: that
    comes first (NET003).
    """
    if not proxies.every:
        return
    spellings = (finding for upper in NAMES for finding in _spellings(upper, proxies))
    encrypted = said_together(pair for upper in NAMES for pair in _encrypted(upper, proxies))
    yield from all_lasting((*spellings, *encrypted, *_half(proxies), *_exceptions(proxies, pip, uv)), exported)


def _both(upper: str, proxies: Proxies) -> list[Proxy]:
    return [proxy for name in (upper, upper.lower()) if (proxy := proxies.variable(name)) is not None]


def _right(both: list[Proxy]) -> Proxy:
    """The spelling of a variable that is to be believed."""
    return min(both, key=lambda proxy: (proxy.listening is False or not _is_usable(proxy), _is_encrypted(proxy)))


def _spellings(upper: str, proxies: Proxies) -> Iterator[Finding]:
    """Whether a variable says the same in both spellings."""
    both = _both(upper, proxies)
    if len({proxy.text.rstrip("/") for proxy in both}) > 1:
        right = _right(both)
        [wrong] = [proxy for proxy in both if proxy is not right]
        yield Finding(
            f"{upper} and {upper.lower()} differ: uv goes by the first, pip and other Python tools by the second",
            Fix("Set both spellings to the same value", CopyVariable(wrong.setting, right.setting)),
            upper,
            tuple(map(evidence_of, both)),
        )


def _half(proxies: Proxies) -> Iterator[Finding]:
    plain = proxies.for_python("http")
    set_for_https = any(
        (proxy := proxies.variable(name)) is not None and proxy.text
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    )
    if plain is None or set_for_https or proxies.pip is not None or plain.setting.upper() != "HTTP_PROXY":
        return
    if not _is_usable(plain):
        return  # NET003 says what has to be corrected first
    wanted = "https_proxy" if plain.setting.islower() else "HTTPS_PROXY"
    yield Finding(
        f"{plain.setting} is set and {wanted} is not: what is fetched by https bypasses the proxy",
        Fix("Set the proxy for https too", CopyVariable(wanted, plain.setting)),
        plain.setting,
        (evidence_of(plain), Evidence(f"{wanted} is not set", wanted)),
    )


def _is_usable(proxy: Proxy) -> bool:
    """Whether its address can be worth a copy."""
    return bool(proxy.text) and proxy.flaw is None and proxy.scheme in {"", *KNOWN}


def _is_encrypted(proxy: Proxy) -> bool:
    return proxy.scheme == "https" and proxy.listening is True


def _encrypted(upper: str, proxies: Proxies) -> Iterator[tuple[str, Finding]]:
    """Local proxies rarely support TLS; they only pass it on."""
    both = _both(upper, proxies)
    if not both or not _is_encrypted(proxy := _right(both)):
        return
    text = proxy.text.replace("https://", "http://", 1)
    finding = Finding(
        f"{proxy.setting} uses https:// to reach the proxy at {place_of(proxy)}; local proxies rarely support TLS",
        Fix("Use http:// to reach the proxy", *(SetVariable(each.setting, text) for each in both)),
        proxy.setting,
        (evidence_of(proxy),),
    )
    yield proxy.setting, finding


def _exceptions(proxies: Proxies, pip: PipIndexes, uv: UvIndexes) -> Iterator[Finding]:
    """What is wrong with `NO_PROXY`. Each fix leads to the same value, so that none undoes another."""
    detours = [(address, proxy, "pip") for address, proxy in _detour(pip.index, proxies, uv=False)]
    detours += [(address, proxy, "uv") for address, proxy in _detour(uv.default, proxies, uv=True)]
    parts = [part for entry in proxies.no_proxy for part in _meant(entry)]
    parts += [address.host for address, _, _ in detours]
    value = "*" if "*" in parts else ",".join(dict.fromkeys(parts))
    spellings = proxies.no_proxy or (NoProxy("NO_PROXY", ""),)
    steps = [SetVariable(entry.name, value) for entry in spellings if entry.value != value]
    for entry in proxies.no_proxy:
        for who, forms in _misunderstood(entry).items():
            message = f"{entry.name} has a form that {who} not understand: {', '.join(forms)}"
            fix = Fix("Write hosts and .domains, separated by commas", *steps)
            yield Finding(message, fix, entry.name, (_listed(entry),))
    if len({frozenset(part.lstrip(".") for part in _meant(entry)) for entry in proxies.no_proxy}) > 1:
        message = "NO_PROXY and no_proxy differ: uv goes by the first, pip and other Python tools by the second"
        fix = Fix("Set both spellings to the same value", *steps)
        yield Finding(message, fix, "NO_PROXY", tuple(map(_listed, proxies.no_proxy)))
    for address, proxy, tool in detours:
        message = f"{tool} asks the index on this machine ({address.host}) through {proxy.setting}"
        fix = Fix("Exclude this machine from the proxy", *steps)
        yield Finding(message, fix, address.origin, (address.evidence, evidence_of(proxy)))


def _listed(entry: NoProxy) -> Evidence:
    return Evidence(f"{entry.name}={entry.value}", entry.name)


def _misunderstood(entry: NoProxy) -> dict[str, list[str]]:
    """The forms that do nothing, by who does not understand them: `uv does`. Both tools were asked."""
    found: dict[str, list[str]] = {}
    for part in entry.entries:
        if part == "*":
            if len(entry.entries) > 1:
                found.setdefault("pip does", []).append(part)
        elif NOWHERE_UNDERSTOOD.search(part):
            found.setdefault("pip and uv do", []).append(part)
        elif WITH_PORT.fullmatch(part):
            found.setdefault("uv does", []).append(part)
    return found


def _meant(entry: NoProxy) -> list[str]:
    """The entries in the form that every tool understands."""
    parts = [
        re.sub(r"^[a-z]+://(?:.*@)?([^/?#]*).*", r"\1", part).rstrip("/") for part in re.split(r"[,;\s]+", entry.value)
    ]
    plain = [found[1] if (found := WITH_PORT.fullmatch(part)) else part for part in parts]
    return [part if part == "*" else part.removeprefix("*") for part in plain if part]


def _detour(address: Address | None, proxies: Proxies, *, uv: bool) -> Iterator[tuple[Address, Proxy]]:
    """An index on this machine with the proxy that is asked for it: nothing spares it that but `NO_PROXY`."""
    if address is None or not address.host or not address.local:
        return
    scheme = address.parts.scheme
    proxy = proxies.for_uv(scheme) if uv else proxies.for_pip(scheme)
    if proxy is not None and not proxies.direct(address, uv=uv):
        yield address, proxy
