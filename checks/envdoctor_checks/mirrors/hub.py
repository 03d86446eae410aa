"""MIR: the server that models come from."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.downloads import HubEndpoint
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.mirrors._urls import (
    corrected,
)
from envdoctor_checks.mirrors.downloads import Fault, _judged

STRIPS_SLASH = (0, 28)  # huggingface_hub, since its pull request 2721


@check("MIR009", severity=Severity.WARNING, since="0.1")
def hub_endpoint_malformed(
    hub: HubEndpoint, startup: StartupFiles | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """The server for models is set in a way that its client does not understand.

    ## Why it matters
    `HF_ENDPOINT` is put in front of every path, once, when Python imports the client. Without a scheme or with the page
    of a model in it, downloads fail or still go to the usual place. huggingface_hub before 0.28 keeps a slash at the
    end, and asks for addresses with two.

    ## How to fix
    `export HF_ENDPOINT=https://<mirror>` before Python starts.

    ## Not a problem when
    It has a path that belongs to it, as repository managers in companies use. It ends with a slash, and the installed
    huggingface_hub is 0.28 or newer, or none is installed: it takes the slash away.
    """
    endpoint = hub.endpoint
    if endpoint is None:
        return
    rule = functools.partial(_hub, keeps_slash=_keeps_slash(hub.client))
    yield from _judged((endpoint,), rule, startup, exported)
    if rule(endpoint) is None and hub.offline is not None:
        yield Finding(
            f"HF_ENDPOINT is never asked, because {hub.offline} forbids every download",
            lasting(Fix("Allow downloads", UnsetVariable(hub.offline)), exported),
            hub.offline,
            (endpoint.evidence, Evidence(f"{hub.offline} is on", hub.offline)),
            Severity.INFO,
        )


def _keeps_slash(client: str | None) -> bool:
    """Whether this version of huggingface_hub leaves a slash at the end where it is."""
    numbers = tuple(map(int, re.findall(r"[0-9]+", client or "")[:2]))
    return bool(numbers) and numbers < STRIPS_SLASH


def _hub(endpoint: Address, *, keeps_slash: bool) -> Fault | None:
    if endpoint.flaw is not None:
        return Fault(endpoint.flaw.value, corrected(endpoint), Severity.WARNING)
    page = re.search(r"/(models|datasets|spaces|resolve|api)(/|$)(?!.*huggingface)", endpoint.path)
    if page and "huggingface" not in endpoint.path:
        meant = endpoint.text[: endpoint.text.index(page[0])]
        return Fault(
            f"holds the path of a page ({endpoint.path}), which the client appends itself", meant, Severity.WARNING
        )
    if keeps_slash and endpoint.text.endswith("/"):
        clause = "ends with a slash, and this huggingface_hub appends another"
        return Fault(clause, endpoint.text.rstrip("/"), Severity.WARNING)
    if endpoint.parts.scheme == "http" and not endpoint.local:
        clause = "is plain http: your token for the hub travels in the open"
        return Fault(clause, endpoint.text.replace("http://", "https://", 1), Severity.WARNING)
    return None
