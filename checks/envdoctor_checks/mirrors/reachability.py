"""Do the mirrors that are set answer, and is another one much quicker? Judged with `--network` only."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.http.fetch import Failure
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.reachability import Asked, Reachability, Verdict
from envdoctor.facts.mirrors.servers import Purpose, Target
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import all_lasting
from envdoctor_checks.mirrors._urls import shown

VARIABLES = {("pip", Purpose.INDEX): "PIP_INDEX_URL", ("uv", Purpose.INDEX): "UV_DEFAULT_INDEX"}
TLS_ADVICE = {
    Failure.UNTRUSTED.value: (
        "Set the certificates of the authority, if you trust that authority",
        "Set SSL_CERT_FILE for uv and REQUESTS_CA_BUNDLE for pip and conda to the authority's file.",
    ),
    Failure.EXPIRED.value: (
        "Have the certificate renewed",
        "Tell whoever runs the mirror, and see whether the clock of this machine is right.",
    ),
    Failure.OTHER_NAME.value: (
        "Use the name that the certificate is for",
        "Write the mirror's own host name in the address, not an alias or a number.",
    ),
}
SOFT = (Verdict.NO_ENTRY, Verdict.EITHER, Verdict.FAULTY)
MUCH_SLOWER, NOTICEABLE = 3, 300


@check("MIR010", severity=Severity.ERROR, since="0.1")
def mirror_unreachable(found: Reachability, exported: ExportedLines | None) -> Iterator[Finding]:
    """A mirror that is set does not answer, or not with what the tool expects.

    ## Why it matters
    The tool waits, tries again, and fails; or it takes the page of a portal for an index and says that the package was
    not found. A mirror of Python builds that is out of date does not have the build that this uv wants.

    ## How to fix
    Check whether the mirror has moved, and whether the proxy and the certificates are those that lead to it. Where
    another mirror that is set answers, use that.

    ## Not a problem when
    The credentials are in `~/.netrc` or the file that `NETRC` names: they are used, as pip and uv use them. Where a
    keyring, `uv auth` or a variable of uv's may have them, this is info. With `no-index` no mirror is asked. The mirror
    is inside a network to which this machine is not connected now. An additional index that has no page for a common
    package is not blamed.
    """
    faulty = (_not_fitting(asked, found) for asked in found.asked if asked.verdict is not Verdict.FITS)
    yield from all_lasting(faulty, exported)
    for asked in found.asked:
        if asked.verdict is Verdict.FITS and asked.target.purpose is Purpose.PYTHONS and "+" in asked.page:
            yield _plain_names(asked)
    yield from _much_quicker(found)


def _not_fitting(asked: Asked, found: Reachability) -> Finding:
    target = asked.target
    return Finding(
        f"{_named(target)} {_clause(asked)}",
        _instead(target, found) or Fix(*_advice(asked)),
        target.address.origin,
        (target.address.evidence, *_way(target), Evidence(_answered(asked), "--network")),
        _severity(asked),
    )


def _named(target: Target) -> str:
    return f"{target.purpose.value} of {target.tool} at {shown(target.address)}"


def _clause(asked: Asked) -> str:
    match asked.verdict:
        case Verdict.UNREACHABLE | Verdict.UNKNOWN:
            return f"{asked.verdict.value}: {asked.failure}"
        case Verdict.NOT_FOUND if asked.target.purpose is Purpose.PYTHONS:
            return "does not have the build that this uv would download"
        case Verdict.NOT_FOUND:
            return f"has nothing at {asked.page}, where every such server has something"
        case Verdict.LOGIN:
            return f"{asked.verdict.value} (status {asked.status}); {asked.login}, where envdoctor does not look"
        case Verdict.OTHER:
            return f"answers with something else ({asked.detail}) than is expected there"
        case _:
            return f"{asked.verdict.value} (status {asked.status})"


def _severity(asked: Asked) -> Severity:
    target = asked.target
    if asked.verdict in {Verdict.UNKNOWN, Verdict.LOGIN}:
        return Severity.INFO
    soft = asked.verdict in {Verdict.NO_ENTRY, Verdict.EITHER, Verdict.FAULTY} or target.purpose in {
        Purpose.PYTHONS,
        Purpose.HUB,
    }
    tolerant = target.purpose is Purpose.EXTRA and target.tool != "uv"
    return Severity.WARNING if soft or tolerant else Severity.ERROR


def _way(target: Target) -> tuple[Evidence, ...]:
    proxy = (Evidence(f"through the proxy {target.proxy}", "--network"),) if target.proxy else ()
    trusted = (Evidence(f"with the certificates of {b.value}", b.origin) for b in target.anchors.settings)
    return (*proxy, *trusted)


def _answered(asked: Asked) -> str:
    if asked.milliseconds is None and asked.status is not None:
        return f"status {asked.status} from the proxy to GET {asked.page or '/'}"
    if asked.status is None:
        return f"no answer to GET {asked.page or '/'}: {asked.detail or asked.failure}"
    return f"status {asked.status} to GET {asked.page or '/'} after {asked.milliseconds} ms"


def _instead(target: Target, found: Reachability) -> Fix | None:
    """Another mirror that is set and answers, for the same purpose."""
    variable = VARIABLES.get((target.tool, target.purpose))
    others = [a for a in found.asked if a.verdict is Verdict.FITS and a.target.purpose is Purpose.INDEX]
    if variable is None or not others or (target.address.file is None and target.address.setting != variable):
        return None
    best = min(others, key=lambda other: other.milliseconds or 0)
    return _use(variable, best.target.address, f"Use the mirror of {best.target.tool}, which answers")


def _use(variable: str, address: Address, summary: str) -> Fix | None:
    if address.file is None and address.name is None:
        return Fix(summary, CopyVariable(variable, address.setting))
    return None if address.credentials.secret else Fix(summary, SetVariable(variable, address.text))


def _advice(asked: Asked) -> tuple[str, Manual]:
    target = asked.target
    summary, step = (
        "Check whether the mirror has moved",
        f"Correct the address in {target.address.origin}, or the way to it.",
    )
    if asked.verdict is Verdict.NO_ENTRY:
        summary = "Provide the credentials"
        step = f"Log in to {target.address.host}: with ~/.netrc, a keyring or `uv auth login`."
    elif asked.verdict is Verdict.LOGIN:
        summary = "See whether the tool logs in by itself"
        step = f"Install something with {target.tool}; if that is refused, log in to {target.address.host} again."
    elif asked.verdict is Verdict.EITHER:
        summary = "Let the proxy pass the mirror, or provide the credentials"
        step = (
            f"Ask whoever runs the proxy to allow {target.address.host}, or add the host to NO_PROXY; "
            "if the mirror still refuses, log in to it with ~/.netrc or a keyring."
        )
    elif asked.failure in TLS_ADVICE:
        summary, step = TLS_ADVICE[asked.failure]
    elif asked.failure == Failure.PROXY.value:
        summary = "Let the proxy pass the mirror"
        step = f"Ask whoever runs the proxy to allow {target.address.host}, log in to it, or add the host to NO_PROXY."
    elif asked.verdict is Verdict.NOT_FOUND and target.purpose is Purpose.PYTHONS:
        summary = "Wait for the mirror, or ask for a version that it has"
        step = f"See what there is at the mirror that {target.address.origin} names."
    return summary, Manual(step)


def _plain_names(asked: Asked) -> Finding:
    return Finding(
        f"{_named(asked.target)} knows the builds by their plain names only, and uv asks with %2B for the +",
        Fix("Use a mirror that knows both spellings", Manual("Tell whoever runs the mirror, or set another.")),
        asked.target.address.origin,
        (asked.target.address.evidence, Evidence(_answered(asked), "--network")),
        Severity.WARNING,
    )


def _much_quicker(found: Reachability) -> Iterator[Finding]:
    """A default index that is much slower than another mirror that is set."""
    fitting = [a for a in found.asked if a.verdict is Verdict.FITS and a.target.purpose is Purpose.INDEX]
    timed = sorted((asked.milliseconds or 0, number) for number, asked in enumerate(fitting))
    if len(timed) < 2:
        return
    best, position = timed[0]
    quickest = fitting[position].target
    for asked in fitting:
        took, target = asked.milliseconds or 0, asked.target
        variable = VARIABLES.get((target.tool, target.purpose))
        if variable and took > MUCH_SLOWER * best and took - best > NOTICEABLE:
            fix = _use(variable, quickest.address, "Use the faster mirror")
            times = [(shown(other.target.address), other.milliseconds) for other in fitting]
            yield Finding(
                f"{shown(quickest.address)} answers much sooner ({best} ms) than {shown(target.address)} ({took} ms)",
                fix or Fix("Use the faster mirror", Manual(f"Set {variable} to what {quickest.address.origin} says.")),
                target.address.origin,
                tuple(Evidence(f"{place} answered after {ms} ms", "--network") for place, ms in times),
                Severity.INFO,
            )
