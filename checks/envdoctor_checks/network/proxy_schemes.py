"""NET: a proxy whose address a tool cannot use."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetFromOutput,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Flaw, plain_flaw
from envdoctor.facts.network.proxies import (
    Proxies,
    Proxy,
)
from envdoctor.facts.network.socks import SocksSupport
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.installing import installed
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.common.together import said_together
from envdoctor_checks.network.proxies import evidence_of, is_for_https, used_of

# what urllib3 with PySocks speaks to a proxy (pip, conda, poetry), and reqwest (uv): reqwest/src/proxy.rs, 0.12
KNOWN = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


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
    used = () if direct else used_of(proxies)
    yield from said_together(
        (proxy.setting, finding) for proxy in used for finding in _of_proxy(proxy, proxies, socks, commands, exported)
    )


def _of_proxy(
    proxy: Proxy, proxies: Proxies, socks: SocksSupport | None, commands: Commands, exported: ExportedLines | None
) -> Iterator[Finding]:
    worst = Severity.ERROR if is_for_https(proxy, proxies) else Severity.WARNING
    if proxy.flaw is not None:
        effect = "uv bypasses the proxy" if proxy.uv_alone else "pip stops there, and uv bypasses the proxy"
        message = f"{proxy.setting} {proxy.flaw.value}; {effect}"
    elif proxy.scheme and proxy.scheme not in KNOWN:
        message = f"{proxy.setting} begins with {proxy.scheme}://, which no client knows"
    elif not proxy.scheme:
        message = f"{proxy.setting} has no scheme; pip and uv assume http://, but not every client does"
        worst = Severity.INFO
    else:
        if proxy.is_socks and socks is not None:
            yield from _without_support(proxy, socks, commands, worst)
        return
    yield Finding(message, lasting(_rewritten(proxy), exported), proxy.origin, (evidence_of(proxy),), worst)


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
    evidence = (evidence_of(proxy), Evidence(f"no PySocks in {socks.python}", socks.python))
    if socks.pip and not socks.pysocks:
        message = f"pip cannot use the SOCKS proxy of {proxy.setting}: {socks.python} has no PySocks"
        yield Finding(message, _install("pysocks", proxy, socks, commands), proxy.origin, evidence, worst)
    if socks.httpx and not socks.socksio:
        message = f"httpx cannot use the SOCKS proxy of {proxy.setting}: {socks.python} has no socksio"
        fix = _install("socksio", proxy, socks, commands)
        yield Finding(message, fix, proxy.origin, (evidence_of(proxy),), Severity.WARNING)


def _install(package: str, proxy: Proxy, socks: SocksSupport, commands: Commands) -> Fix:
    advice = Manual(f"Or set {proxy.setting} to the http:// port of the same proxy.")
    if commands.first("uv") is not None and not socks.guarded:
        steps = installed(socks.python, package, with_uv=True)
        return Fix(f"Install {package} with uv, which speaks SOCKS", *steps, advice)
    return Fix("Use the proxy's http:// port", Manual(f"Set {proxy.setting} to the http:// port of the same proxy."))
