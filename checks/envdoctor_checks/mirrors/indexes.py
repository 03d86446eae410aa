"""Do pip and uv ask the same index, and can they read what is set for it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

import msgspec

from envdoctor import (
    CopyVariable,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    SetFromOutput,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Address, Flaw
from envdoctor.facts.mirrors.project_sources import ProjectSources
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.startup_edits import all_lasting
from envdoctor_checks.common.together import said_together
from envdoctor_checks.mirrors._trusted_hosts import ignored_for_it
from envdoctor_checks.mirrors._urls import (
    ADDRESSES,
    corrected,
    how,
    proof,
    set_to,
    shown,
)

# A file with one of these makes uv itself refuse the file, which the checks of uv report.
UV_REFUSES_THE_FILE = (Flaw.BAD_PORT, Flaw.BAD_HOST, Flaw.BAD_NAME, Flaw.UNESCAPED)
LISTS = {
    "UV_INDEX": " ",
    "UV_EXTRA_INDEX_URL": " ",
    "UV_FIND_LINKS": ",",
    "PIP_EXTRA_INDEX_URL": " ",
    "PIP_FIND_LINKS": " ",
}
# where the servers of PyPI mirrors, GitLab and devpi (`…/pypi`), Artifactory and Nexus have `/simple` behind the path
BEFORE_THE_LIST = pattern(r"^$|/pypi$|/api/pypi/[^/]+$|^(?:/nexus)?/repository/[^/]+$")
SYSTEM_BIN = ("/usr/bin", "/bin", "/usr/local/bin")


@check(
    "MIR005",
    severity=Severity.ERROR,
    since="0.1",
    where=ADDRESSES,
)
def index_value_malformed(
    pip: PipIndexes,
    uv: UvIndexes,
    sources: ProjectSources | None,
    startup: StartupFiles | None,
    exported: ExportedLines | None,
    examined: Examined | None,
) -> Iterator[Finding]:
    """The address of a package index is written in a way that the tool cannot use.

    ## Why it matters
    Few of these mistakes are reported as such. Without `https://` uv takes the address for a directory, with
    quotation marks or a comma it asks for a page that is not there: in each case it says that the package was not
    found. pip says that the location is ignored. In a variable pip keeps a blank or a carriage return at the end (from
    a file with the line ends of Windows) and asks for a page of that name. uv strips that, and so does pip in its own
    files. A `trusted-host` with a scheme, `https://mirror.example`, trusts a host called `https`, and pip goes on
    ignoring a mirror that is plain http. Neither puts the home in place of a `~`, but for pip in `find-links`.

    ## How to fix
    Write one whole address that begins with `https://` and ends where package names follow, mostly in `/simple`.
    Several are separated by blanks in `UV_INDEX`, `UV_EXTRA_INDEX_URL` and `PIP_EXTRA_INDEX_URL`, and by commas in
    `UV_FIND_LINKS`. For `trusted-host`, write the host alone, with its port or without.
    A directory is written in full: `"file://$HOME/wheels"`.

    ## Not a problem when
    The index is a directory that exists, for uv, or a server that keeps its packages under another path.
    """
    ours = (*uv.defaults[:1], *uv.extras, *uv.explicit, *uv.find_links)
    from_uv = [a for a in ours if not (a.file is not None and a.flaw in UV_REFUSES_THE_FILE)]
    theirs = (*pip.indexes[:1], *pip.extras, *pip.find_links)
    named = [s.address for s in sources.sources if s.role != "--trusted-host"] if sources else []
    every = tuple(dict.fromkeys((*theirs, *from_uv, *named)))
    home = examined.home if examined else None
    found = said_together(
        (address.setting, finding) for address in every for finding in _of_address(address, every, startup, home)
    )
    yield from all_lasting((*found, *ignored_for_it(pip)), exported)


def _of_address(
    address: Address, every: tuple[Address, ...], startup: StartupFiles | None, home: str | None
) -> Iterator[Finding]:
    if address.flaw is not None:
        message = f"the address in {address.setting} {address.flaw.value}"
        fix = _rewritten(address, [other for other in every if other.setting == address.setting], home)
        yield Finding(message, fix, address.origin, proof(address, startup))
    elif "find" not in address.setting.lower():
        yield from _not_an_index(address, startup)


def _rewritten(address: Address, siblings: list[Address], home: str | None) -> Fix:
    """Set an address again; in a variable that holds several, all of them."""
    separator = LISTS.get(address.setting)
    if separator is None and (text := corrected(address, home)) is not None:
        place = msgspec.structs.replace(address, text=text, flaw=None)
        return set_to(address, _with_list(place) or text, "Write one whole address")
    texts = [text for other in siblings for text in _elements(other, home)]
    if separator is None or not texts or any(other.credentials.secret for other in siblings):
        written = f"Write {how(address)} for {address.setting} in {address.origin}."
        return Fix("Write one whole address", Manual(written))
    return Fix("Separate whole addresses as the tool does", SetVariable(address.setting, separator.join(texts)))


def _elements(address: Address, home: str | None) -> list[str]:
    """The addresses that one element of a list was meant to be; none where nobody can tell."""
    if address.flaw is None:
        return [address.text if address.name is None else f"{address.name}={address.text}"]
    if address.flaw in {Flaw.COMMAS, Flaw.BLANKS}:
        named = address.text if address.name is None else f"{address.name}={address.text}"
        return re.split(r"[,;\s]+", named.strip())
    text = corrected(address, home)
    return [text] if text else []


def _not_an_index(address: Address, startup: StartupFiles | None) -> Iterator[Finding]:
    """An address that can be read and is in all likelihood not where the packages are."""
    if address.local or address.public:
        return
    said = f"the address in {address.setting} ({shown(address)})"
    evidence = proof(address, startup)
    if address.path.endswith("/legacy"):
        fix = Fix(
            "Set the address of the index itself",
            Manual("Ask whoever runs the server for the address of its Simple index."),
        )
        yield Finding(f"{said} is where packages are uploaded to", fix, address.origin, evidence, Severity.WARNING)
    elif meant := _with_list(address):
        fix = set_to(address, meant, "Append /simple, if your mirror has its packages there")
        message = f"{said} ends before the list of packages, which is mostly in /simple"
        yield Finding(message, fix, address.origin, evidence, Severity.WARNING)


def _with_list(address: Address) -> str | None:
    """The address with what it ends before: the list of packages. None if it does not, or is not asked for one."""
    if address.local or address.public or "find" in address.setting.lower():
        return None
    return f"{address.text.rstrip('/')}/simple" if BEFORE_THE_LIST.search(address.path) else None


@check(
    "MIR003",
    severity=Severity.WARNING,
    since="0.1",
    unless=("MIR005",),
    where=("PipIndexes.indexes", "UvIndexes.defaults"),
)
def pip_and_uv_indexes_differ(pip: PipIndexes, uv: UvIndexes, commands: Commands) -> Iterator[Finding]:
    """One of pip and uv has a mirror, the other has none or another.

    ## Why it matters
    uv reads no setting of pip, and pip none of uv. Behind a mirror one of them is fast and the other times out; under a
    company's policy one of them fetches from where nobody looks.

    ## How to fix
    Give the other tool the same address: `UV_DEFAULT_INDEX` or an `[[index]]` with `default = true` in the user's
    `uv.toml` for uv, `PIP_INDEX_URL` or `pip config set global.index-url` for pip.

    ## Not a problem when
    The project itself names an index for uv. Only additional indexes are set. Both lead to the same host. With
    `no-index` one of them asks no index at all.
    """
    if pip.no_index or uv.no_index:
        return  # one of them asks no index at all, which MIR004 says
    theirs, ours = _mirror(pip.index), _mirror(uv.default)
    alone = uv.default is None and commands.first("uv") is not None and not _reached(theirs, uv.extras)
    if theirs and alone:
        yield Finding(
            f"pip installs from {shown(theirs)}, but uv from where it goes when nothing is set",
            _for_uv(theirs, pip, uv, commands),
            theirs.origin,
            (theirs.evidence, Evidence("no default index is set for uv", "uv")),
        )
    hit = commands.first("pip")
    if ours and pip.index is None and hit and not _reached(ours, pip.extras) and _own_choice(ours, uv):
        yield Finding(
            f"uv installs from {shown(ours)}, but pip from where it goes when nothing is set",
            _for_pip(ours, pip),
            ours.origin,
            (ours.evidence, Evidence("no index-url is set for pip", hit.path)),
            Severity.INFO if hit.directory in SYSTEM_BIN else Severity.WARNING,
        )
    if ours and theirs and ours.host != theirs.host and _own_choice(ours, uv):
        yield Finding(
            f"pip installs from {shown(theirs)}, uv from {shown(ours)}",
            Fix(
                "Use the same index for both, if the difference is unintended",
                Manual("If the difference is intended, no change is needed."),
            ),
            ours.origin,
            (theirs.evidence, ours.evidence),
            Severity.INFO,
        )


def _own_choice(address: Address, uv: UvIndexes) -> bool:
    return address.file is None or address.file != uv.project_file


def _mirror(address: Address | None) -> Address | None:
    """An index that is set and is not the usual one."""
    return address if address is not None and address.host and not address.public else None


def _reached(address: Address | None, others: tuple[Address, ...]) -> bool:
    return address is not None and any(other.host == address.host for other in others)


def _for_uv(address: Address, pip: PipIndexes, uv: UvIndexes, commands: Commands) -> Fix:
    """A file of uv's own takes only what holds everywhere and is no secret; the rest goes into a variable."""
    summary, variable = "Give uv the same index", "UV_DEFAULT_INDEX"
    if address.file is None:
        return Fix(summary, CopyVariable(variable, address.setting))
    if address.credentials.secret and commands.first("pip") is None:
        return Fix(summary, Manual(f"Set {variable} to the address that {address.origin} holds."))
    if address.credentials.secret:
        section, _, option = address.setting.removeprefix("[").partition("] ")
        return Fix(summary, SetFromOutput(variable, ("pip", "config", "get", f"{section}.{option}")))
    if uv.user_file is None or address.file == pip.own_file:
        return Fix(summary, SetVariable(variable, address.text))
    lines = ("", "[[index]]", f'url = "{address.text}"', "default = true")
    make = Run("mkdir", "-p", dirname(uv.user_file))
    return Fix(f"{summary}, in the user's uv.toml", make, EditFile(uv.user_file, add=lines))


def _for_pip(address: Address, pip: PipIndexes) -> Fix:
    summary = "Give pip the same index"
    if address.file is None and address.name is None:
        return Fix(summary, CopyVariable("PIP_INDEX_URL", address.setting))
    if address.credentials.secret:
        return Fix(summary, Manual(f"Set PIP_INDEX_URL to the address that {address.origin} holds."))
    if address.file is None or not pip.reads_user_file:
        return Fix(summary, SetVariable("PIP_INDEX_URL", address.text))
    return Fix(summary, Run("pip", "config", "set", "global.index-url", address.text))
