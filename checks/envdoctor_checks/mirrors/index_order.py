"""Which settings for an index have no effect, and in which order are several asked?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.ignored_settings import Unread, UnreadSettings, WhyUnread
from envdoctor.facts.mirrors.project_sources import ProjectSources, SourceTool
from envdoctor.facts.mirrors.silenced_settings import SilencedSetting, SilencedSettings
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.startup_edits import all_lasting
from envdoctor_checks.mirrors._no_index import never_asked
from envdoctor_checks.mirrors._trusted_hosts import without_effect
from envdoctor_checks.mirrors._urls import shown

INSIDE = pattern(
    r"(10|127|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\.[0-9.]+|[^.]+|.*\.(internal|intranet|corp|lan|local|home|private)"
)


@check(
    "MIR004",
    severity=Severity.WARNING,
    since="0.1",
    unless=("MIR005",),
    where=(
        "UnreadSettings.unread",
        "SilencedSettings.settings",
        "UvIndexes.defaults",
        "UvIndexes.extras",
        "PipIndexes.indexes",
        "PipIndexes.extras",
        "PipIndexes.trusted",
    ),
)
def index_setting_dead(
    uv: UvIndexes,
    pip: PipIndexes,
    unread: UnreadSettings,
    commands: Commands,
    project: Project | None,
    sources: ProjectSources | None,
    exported: ExportedLines | None,
    silenced: SilencedSettings | None,
) -> Iterator[Finding]:
    """A setting for a package index has no effect here.

    ## Why it matters
    A mirror that is set where the command does not look, or against which another setting wins, does nothing, and
    nobody says so: the usual place is asked. With `no-index` no index is asked at all, and what is found is only what
    `find-links` names. A `trusted-host` with a scheme trusts nobody.

    ## How to fix
    Set it where it is read: `UV_DEFAULT_INDEX` or the user's `uv.toml` for all of uv, `PIP_INDEX_URL` or
    `pip config set global.index-url` for pip; and remove the setting without effect.

    ## Not a problem when
    A variable overrides a file on purpose, or silences all files (`PIP_CONFIG_FILE=/dev/null`, `UV_NO_CONFIG`), as
    scripts do: that is only mentioned. Both say the same. `no-index` stands beside no mirror. The older
    `UV_INDEX_URL` stands alone: it still works.
    """
    unused = (*map(_unread, unread.unread), *never_asked(pip, uv), *_beaten_in_uv(uv), *_beaten_in_pip(pip))
    yield from all_lasting((*unused, *without_effect(pip)), exported)
    if uv.default and uv.of_projects is None and project and project.manager is ProjectManager.UV:
        yield Finding(
            f"{uv.default.setting} counts for `uv pip` alone: `uv add`, `uv sync` and `uv run` do not use it here",
            Fix(
                "Set the default index for all of uv",
                Manual(f"Write it in {uv.default.origin} as [[index]] with default = true."),
            ),
            uv.default.origin,
            (uv.default.evidence,),
            Severity.INFO,
        )
    if sources and commands.first("uv"):
        yield from _beaten_requirements(uv, sources)
    for setting in silenced.settings if silenced else ():
        if commands.first(setting.tool):
            yield _silenced(setting)


def _silenced(setting: SilencedSetting) -> Finding:
    evidence = [Evidence(f"{setting.setting}: {setting.value}", setting.origin)]
    if setting.variable is None:
        message = f"{setting.setting} in {setting.file} has no effect: uv reads no setting of its own from a .env file"
        words = "Export it, or write it as [[index]] with default = true in [tool.uv] or uv.toml"
        return Finding(
            message,
            Fix("Set the index where uv reads it", Manual(words)),
            setting.origin,
            tuple(evidence),
            Severity.INFO,
        )
    evidence.append(Evidence(f"{setting.variable}={setting.variable_value}", setting.variable))
    return Finding(
        f"{setting.setting} in {setting.file} has no effect: {setting.variable} keeps {setting.tool} from that file",
        Fix(f"Unset {setting.variable}, if the file is to count", UnsetVariable(setting.variable)),
        setting.origin,
        tuple(evidence),
        Severity.INFO,
    )


def _unread(unread: Unread) -> Finding:
    severity = Severity.WARNING
    if unread.why is WhyUnread.MISSPELT and unread.meant:
        steps = (CopyVariable(unread.meant, unread.setting), UnsetVariable(unread.setting))
        fix, severity = Fix("Use the name that is read", *steps), Severity.INFO
        message = f"no tool reads {unread.setting}; {unread.meant} is the variable for this"
    elif unread.why is WhyUnread.NO_FILE:
        fix = Fix("Unset PIP_CONFIG_FILE, so that pip reads its usual files", UnsetVariable(unread.setting))
        message = f"{unread.setting} names {unread.value}, which does not exist, and so changes nothing"
    else:
        fix = Fix(
            "Move the setting to where it is read",
            Manual(f"Move {unread.setting} from {unread.origin} to {unread.meant}."),
        )
        message = f"{unread.setting} in {unread.origin} has no effect: {unread.why.value}"
    return Finding(message, fix, unread.origin, (Evidence(unread.value, unread.origin),), severity)


def _beaten_in_uv(uv: UvIndexes) -> Iterator[Finding]:
    """A default index that loses although it looks as if it should win."""
    if uv.default is None:
        return
    for loser in uv.defaults[1:]:
        by_successor = (uv.default.setting, loser.setting) == ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
        by_table = "[[index]]" in uv.default.setting and "index-url" in loser.setting
        surprising = by_table and loser.file in (uv.default.file, uv.project_file)
        if (by_successor or surprising) and not loser.same_place(uv.default):
            yield Finding(
                f"{loser.setting} ({shown(loser)}) is not used: {uv.default.setting} wins",
                _without(loser),
                loser.origin,
                (loser.evidence, uv.default.evidence),
            )


def _beaten_in_pip(pip: PipIndexes) -> Iterator[Finding]:
    """`[install]` beats `[global]` of every file, also of those that otherwise come later."""
    if pip.index is None or not pip.index.setting.startswith("[install]"):
        return
    for loser in pip.indexes[1:]:
        elsewhere = loser.setting.startswith("[global]") and loser.file != pip.index.file
        if elsewhere and not loser.same_place(pip.index):
            yield Finding(
                f"{loser.setting} ({shown(loser)}) is not used: {pip.index.setting} wins, in whichever file it stands",
                _without(loser),
                loser.origin,
                (loser.evidence, pip.index.evidence),
                Severity.INFO,
            )


def _without(loser: Address) -> Fix:
    if loser.file is None:
        return Fix("Remove the setting without effect", UnsetVariable(loser.setting))
    return Fix("Keep one of the settings", Manual(f"Take {loser.setting} out of {loser.origin}, or the one that wins."))


def _beaten_requirements(uv: UvIndexes, sources: ProjectSources) -> Iterator[Finding]:
    """Uv takes the index of a variable, pip that of the requirements file."""
    default = uv.default
    if default is None or default.file is not None:
        return
    for source in sources.of(SourceTool.REQUIREMENTS, "--index-url"):
        if source.address.host != default.host:
            yield Finding(
                f"uv goes to {shown(default)} ({default.setting}), pip to {shown(source.address)}, as this file says",
                Fix(
                    "Keep one of the two settings",
                    Manual(f"Take {default.setting} or the option in {source.address.origin} away."),
                ),
                source.address.origin,
                (source.address.evidence, default.evidence),
                Severity.INFO,
            )


@check(
    "MIR008", severity=Severity.INFO, since="0.1", unless=("MIR005",), where=("UvIndexes.extras", "PipIndexes.extras")
)
def extra_index_order(uv: UvIndexes, pip: PipIndexes) -> Iterator[Finding]:
    """With several indexes, which of them a package comes from is not what one might think.

    ## Why it matters
    uv takes a package from the first index that has it at all, additional ones first: a torch index that carries an old
    copy of another package hides the newer ones. pip takes the best version from all: whoever publishes a higher
    version under the name of your private package gets it installed.

    ## How to fix
    uv: give the index a name and `explicit = true`, and name it in `[tool.uv.sources]`. pip: let one index serve all,
    a mirror that also holds the private packages.

    ## Not a problem when
    The index is explicit, or on the same host as the default one, or uv has been told another strategy.
    """
    if uv.strategy in (None, "first-index") and not uv.no_index:
        for address in uv.extras:
            if not address.local and (uv.default is None or address.host != uv.default.host):
                yield _asked_first(address)
    if pip.no_index:
        return
    private = [address for address in pip.extras if _is_private(address)]
    if pip.index is not None and _is_private(pip.index):
        private = [pip.index] if any(address.public for address in pip.extras) else []
    elif pip.index is not None and not pip.index.public:
        private = []
    for address in private:
        yield _best_of_all(address)


def _is_private(address: Address) -> bool:
    """Whether an index is in all likelihood somebody's own: inside a network, or behind credentials."""
    inside = INSIDE.fullmatch(address.host) is not None or address.credentials.secret
    return inside and not address.local


def _asked_first(address: Address) -> Finding:
    everywhere = "for every package of every project" if address.file is None else "for every package"
    return Finding(
        f"{address.setting} makes uv ask {shown(address)} first, {everywhere}",
        Fix(
            "Restrict the index to its own packages",
            Manual("Write it as [[index]] with a name and explicit = true, and name it in [tool.uv.sources]."),
        ),
        address.origin,
        (address.evidence, Evidence("the first index that has a package wins", "uv")),
        Severity.WARNING if address.file is None else Severity.INFO,
    )


def _best_of_all(address: Address) -> Finding:
    return Finding(
        f"pip prefers a higher version from the public index to the packages of {shown(address)}",
        Fix(
            "Use one index that serves both",
            Manual(
                f"Set index-url to an index that holds the packages of {address.host} and all others, and no extra."
            ),
        ),
        address.origin,
        (address.evidence, Evidence("the best version of all indexes wins", "pip")),
        Severity.WARNING,
    )
