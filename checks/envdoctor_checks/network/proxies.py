"""Do the tools agree on the proxy, can they speak to it, and is anybody there?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    SetFromOutput,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Address, Flaw, plain_flaw
from envdoctor.facts.network.proxies import (
    NAMES,
    NoProxy,
    Proxies,
    Proxy,
)
from envdoctor.facts.network.socks import SocksSupport
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.installing import installed
from envdoctor_checks.common.startup_edits import all_lasting, lasting

# what urllib3 with PySocks speaks to a proxy (pip, conda, poetry), and reqwest (uv): reqwest/src/proxy.rs, 0.12
KNOWN = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
NOWHERE_UNDERSTOOD = pattern(r"[\s;]|^\*|://|/$")
WITH_PORT = pattern(r"([^:]+):[0-9]+")


def _place(proxy: Proxy) -> str:
    return f"{proxy.host}:{proxy.port}"


def _evidence(proxy: Proxy) -> Evidence:
    sign = "=" if proxy.setting == proxy.origin else ": "
    return Evidence(f"{proxy.setting}{sign}{proxy.text or '…'}", proxy.origin)


def _used(proxies: Proxies) -> tuple[Proxy, ...]:
    """The proxies that some tool would go through, those for https first."""
    if any(entry.value.strip() == "*" for entry in proxies.no_proxy):
        return ()
    ways = (proxies.for_pip, proxies.for_uv, proxies.for_python, proxies.for_conda)
    found = [proxy for scheme in ("https", "http") for way in ways if (proxy := way(scheme)) is not None]
    return tuple(dict.fromkeys(found))


def _for_https(proxy: Proxy, proxies: Proxies) -> bool:
    ways = (proxies.for_pip, proxies.for_uv, proxies.for_python, proxies.for_conda)
    return any(way("https") == proxy for way in ways)


def _leave_out(proxies: tuple[Proxy, ...]) -> tuple[UnsetVariable | Manual, ...]:
    return tuple(
        UnsetVariable(proxy.setting)
        if proxy.setting == proxy.origin
        else Manual(f"Correct {proxy.setting} in {proxy.origin}.")
        for proxy in proxies
    )


@check("NET005", severity=Severity.ERROR, since="0.1")
def local_proxy_dead(proxies: Proxies) -> Iterator[Finding]:
    """The proxy is on this machine, and nothing listens there.

    ## Why it matters
    Every tool that reads the variable fails to connect, whatever it wants to fetch. Mostly the program that served as
    proxy is not running, or listens at another port since its last start.

    ## How to fix
    Start the proxy; or leave the variable out in this shell.

    ## Not a problem when
    Another setting comes before it, so that no tool goes there, or `NO_PROXY` is `*`.
    """
    used = _used(proxies)
    seen: set[str] = set()
    for proxy in used:
        if proxy.listening is not False or _place(proxy) in seen:
            continue
        seen.add(_place(proxy))
        same = tuple(other for other in proxies.every if _place(other) == _place(proxy))
        yield Finding(
            f"nothing listens at {_place(proxy)}, the proxy of {', '.join(other.setting for other in same)}",
            Fix("Start the proxy, or unset the variable in this shell", *_leave_out(same)),
            proxy.origin,
            (*map(_evidence, same), Evidence("connection refused", _place(proxy))),
            Severity.ERROR if any(_for_https(other, proxies) for other in same) else Severity.WARNING,
        )


@check("NET003", severity=Severity.ERROR, since="0.1", unless=("NET005",))
def proxy_scheme_unsupported(
    proxies: Proxies,
    socks: SocksSupport | None,
    commands: Commands,
    pip: PipIndexes,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """A tool cannot speak to the proxy in the way that its address asks for.

    ## Why it matters
    With a `socks5://` proxy pip stops at "Missing dependencies for SOCKS support", unless PySocks is installed; uv
    needs nothing. No client knows `socks://`, which desktops like to set: pip stops, uv silently bypasses the
    proxy. A `#`, `?` or `/` in a password ends the address there: pip stops, and uv bypasses the proxy.

    ## How to fix
    Write such a character as a % escape: `%23` for `#`. Use the proxy's `http://` port if it has one; most have. Or
    install PySocks with uv, which speaks SOCKS itself, and write `socks5h://` for `socks://`.

    ## Not a problem when
    `HTTPS_PROXY` names an http proxy: `ALL_PROXY` is not looked at then. `NO_PROXY` covers the mirror. A missing scheme
    means `http://` to pip and uv.
    """
    direct = pip.index is not None and proxies.direct(pip.index, uv=False)
    for proxy in () if direct else _used(proxies):
        worst = Severity.ERROR if _for_https(proxy, proxies) else Severity.WARNING
        if proxy.flaw is not None:
            effect = "uv bypasses the proxy" if proxy.uv_alone else "pip stops there, and uv bypasses the proxy"
            message = f"{proxy.setting} {proxy.flaw.value}; {effect}"
            yield Finding(message, lasting(_rewritten(proxy), exported), proxy.origin, (_evidence(proxy),), worst)
        elif proxy.scheme and proxy.scheme not in KNOWN:
            message = f"{proxy.setting} begins with {proxy.scheme}://, which no client knows"
            yield Finding(message, lasting(_rewritten(proxy), exported), proxy.origin, (_evidence(proxy),), worst)
        elif proxy.is_socks and socks is not None:
            yield from _without_support(proxy, socks, commands, worst)
        elif not proxy.scheme:
            message = f"{proxy.setting} has no scheme; pip and uv take it for http://, but not every client does"
            yield Finding(
                message, lasting(_rewritten(proxy), exported), proxy.origin, (_evidence(proxy),), Severity.INFO
            )


def _escaped(proxy: Proxy) -> Fix:
    """Write the characters of a password as % escapes, without showing it."""
    summary = "Write the characters of the user and password as % escapes"
    if proxy.setting != proxy.origin or not proxy.escapable:
        told = "/ as %2F, # as %23, ? as %3F, \\ as %5C, [ as %5B, ] as %5D and a blank as %20"
        return Fix(summary, Manual(f"In the password of {_spelled(proxy)} write {told}"))
    command = f"printenv {proxy.setting} | sed 's/#/%23/g; s/?/%3F/g; s/\\\\/%5C/g; s/ /%20/g'"
    return Fix(summary, SetFromOutput(proxy.setting, ("sh", "-c", command)))


def _rewritten(proxy: Proxy) -> Fix:
    if proxy.flaw is Flaw.UNESCAPED:
        return _escaped(proxy)
    summary = "Write the proxy's whole address"
    text = proxy.text.strip().strip("\"'")
    scheme, separator, rest = text.partition("://")
    if scheme == "socks" and separator:
        text = f"socks5h://{rest}"
    elif not separator:
        text = f"http://{text.removeprefix('//')}"
    flaw = plain_flaw(f"http://{text.partition('://')[2]}")
    if text.partition("://")[0] not in KNOWN or flaw is not None or (proxy.flaw is not None and text == proxy.text):
        return Fix(summary, Manual(f"Write scheme, host and port for {_spelled(proxy)}."))
    if proxy.credentials.secret or proxy.setting != proxy.origin:
        return Fix(summary, Manual(f"Correct {_spelled(proxy)}: http://host:port, or socks5h://host:port."))
    return Fix(summary, SetVariable(proxy.setting, text))


def _spelled(proxy: Proxy) -> str:
    """A setting, and the file that holds it if it is no variable."""
    return proxy.setting if proxy.setting == proxy.origin else f"{proxy.setting} in {proxy.origin}"


def _without_support(proxy: Proxy, socks: SocksSupport, commands: Commands, worst: Severity) -> Iterator[Finding]:
    """Pip and httpx each need a package of their own for SOCKS."""
    evidence = (_evidence(proxy), Evidence(f"no PySocks in {socks.python}", socks.python))
    if socks.pip and not socks.pysocks:
        message = f"pip cannot use the SOCKS proxy of {proxy.setting}: {socks.python} has no PySocks"
        yield Finding(message, _install("pysocks", proxy, socks, commands), proxy.origin, evidence, worst)
    if socks.httpx and not socks.socksio:
        message = f"httpx cannot use the SOCKS proxy of {proxy.setting}: {socks.python} has no socksio"
        fix = _install("socksio", proxy, socks, commands)
        yield Finding(message, fix, proxy.origin, (_evidence(proxy),), Severity.WARNING)


def _install(package: str, proxy: Proxy, socks: SocksSupport, commands: Commands) -> Fix:
    advice = Manual(f"Or set {proxy.setting} to the http:// port of the same proxy.")
    if commands.first("uv") is not None and not socks.guarded:
        steps = installed(socks.python, package, with_uv=True)
        return Fix(f"Install {package} with uv, which speaks SOCKS", *steps, advice)
    return Fix("Use the proxy's http:// port", Manual(f"Set {proxy.setting} to the http:// port of the same proxy."))


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
    Only one spelling is set, or both say the same.
    """
    if not proxies.every:
        return
    spellings = (finding for upper in NAMES for finding in _spellings(upper, proxies))
    yield from all_lasting((*spellings, *_half(proxies), *_exceptions(proxies, pip, uv)), exported)


def _spellings(upper: str, proxies: Proxies) -> Iterator[Finding]:
    """Whether a variable says the same in both spellings, and can be believed in the one that is right."""
    both = [proxy for name in (upper, upper.lower()) if (proxy := proxies.variable(name)) is not None]
    if not both:
        return
    right = min(both, key=lambda proxy: (proxy.listening is False or not proxy.text, _is_encrypted(proxy)))
    if len({proxy.text.rstrip("/") for proxy in both}) > 1:
        [wrong] = [proxy for proxy in both if proxy is not right]
        yield Finding(
            f"{upper} and {upper.lower()} differ: uv goes by the first, pip and other Python tools by the second",
            Fix("Set both spellings to the same value", CopyVariable(wrong.setting, right.setting)),
            upper,
            tuple(map(_evidence, both)),
        )
    if _is_encrypted(right):
        yield _encrypted(right, both)


def _half(proxies: Proxies) -> Iterator[Finding]:
    plain = proxies.for_python("http")
    set_for_https = any(
        (proxy := proxies.variable(name)) is not None and proxy.text
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    )
    if plain is None or set_for_https or proxies.pip is not None or plain.setting.upper() != "HTTP_PROXY":
        return
    wanted = "https_proxy" if plain.setting.islower() else "HTTPS_PROXY"
    yield Finding(
        f"{plain.setting} is set and {wanted} is not: what is fetched by https bypasses the proxy",
        Fix("Set the proxy for https too", CopyVariable(wanted, plain.setting)),
        plain.setting,
        (_evidence(plain), Evidence(f"{wanted} is not set", wanted)),
    )


def _is_encrypted(proxy: Proxy) -> bool:
    return proxy.scheme == "https" and proxy.listening is True


def _encrypted(proxy: Proxy, both: list[Proxy]) -> Finding:
    """Local proxies rarely support TLS; they only pass it on."""
    text = proxy.text.replace("https://", "http://", 1)
    return Finding(
        f"{proxy.setting} uses https:// to reach the proxy at {_place(proxy)}; local proxies rarely support TLS",
        Fix("Use http:// to reach the proxy", *(SetVariable(each.setting, text) for each in both)),
        proxy.setting,
        (_evidence(proxy),),
    )


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
        yield Finding(message, fix, address.origin, (address.evidence, _evidence(proxy)))


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
