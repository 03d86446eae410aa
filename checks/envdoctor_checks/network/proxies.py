"""Do the tools agree on the proxy, can they speak to it, and is anybody there?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.network.proxies import (
    Proxies,
    Proxy,
)


def place_of(proxy: Proxy) -> str:
    """`host:port`."""
    return f"{proxy.host}:{proxy.port}"


def evidence_of(proxy: Proxy) -> Evidence:
    """The setting as it is written, and where."""
    sign = "=" if proxy.setting == proxy.origin else ": "
    return Evidence(f"{proxy.setting}{sign}{proxy.text or '…'}", proxy.origin)


def used_of(proxies: Proxies) -> tuple[Proxy, ...]:
    """The proxies that some tool would go through, those for https first."""
    if any(entry.value.strip() == "*" for entry in proxies.no_proxy):
        return ()
    ways = (proxies.for_pip, proxies.for_uv, proxies.for_python, proxies.for_conda)
    found = [proxy for scheme in ("https", "http") for way in ways if (proxy := way(scheme)) is not None]
    return tuple(dict.fromkeys(found))


def is_for_https(proxy: Proxy, proxies: Proxies) -> bool:
    """Whether some tool goes through a proxy to an https address."""
    ways = (proxies.for_pip, proxies.for_uv, proxies.for_python, proxies.for_conda)
    return any(way("https") == proxy for way in ways)


def leave_out(proxies: tuple[Proxy, ...]) -> tuple[UnsetVariable | Manual, ...]:
    """The steps that do without these proxies in this shell."""
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
    used = used_of(proxies)
    seen: set[str] = set()
    for proxy in used:
        if proxy.listening is not False or place_of(proxy) in seen:
            continue
        seen.add(place_of(proxy))
        same = tuple(other for other in proxies.every if place_of(other) == place_of(proxy))
        yield Finding(
            f"nothing listens at {place_of(proxy)}, the proxy of {', '.join(other.setting for other in same)}",
            Fix("Start the proxy, or unset the variable in this shell", *leave_out(same)),
            proxy.origin,
            (*map(evidence_of, same), Evidence("connection refused", place_of(proxy))),
            Severity.ERROR if any(is_for_https(other, proxies) for other in same) else Severity.WARNING,
        )
