"""ENV: the environments of tools that uv and pipx have installed, and the launchers in the user's bin directory."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from posixpath import basename, dirname
from typing import TypeVar

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.tools import (
    Launcher,
    ToolEnvironment,
    ToolEnvironments,
    ToolManager,
)
from envdoctor.facts.session.search_path import SearchPath

T = TypeVar("T")
MOST_NAMED = 4
ANSWERING = ("pip", "pip3", "python", "python3")
COMMAND = {ToolManager.UV: "uv", ToolManager.PIPX: "pipx"}


@check("ENV013", severity=Severity.ERROR, since="0.1")
def tool_environment_broken(tools: ToolEnvironments, commands: Commands) -> Iterator[Finding]:
    """The Python that a command-line tool, or a launcher in the user's bin directory, runs on is gone.

    ## Why it matters
    `uv tool` and `pipx` give each tool an environment of its own, which borrows a Python from elsewhere. When that is
    upgraded away or uninstalled, the tool dies with `bad interpreter` or `No module named …`, while its launcher is
    still found first.

    ## How to fix
    Reinstall the tool with the manager that installed it: `uv tool install --force NAME` (`uv tool upgrade` is not
    enough), or `pipx reinstall NAME`. Remove a launcher that no longer belongs to a tool.

    ## Not a problem when
    The home directory is shared with a container or another machine, and the tool is only used there.
    """
    broken = [tool for tool in tools.environments if tool.lost or tool.runs]
    for group in _grouped(broken, lambda tool: (tool.manager, tool.lost, tool.made_for, tool.runs)):
        yield _tools_finding(group, commands)
    # a broken `pip` or `python` that comes first has a check of its own, which says what answers then
    answering = {path for name in ANSWERING if (hit := commands.first(name)) for path in (hit.path, hit.real)}
    left_over = [launcher for launcher in tools.launchers if launcher.path not in answering]
    for launchers in _grouped(left_over, lambda launcher: (launcher.manager, launcher.tool, launcher.lost)):
        yield _launchers_finding(launchers)


@check("ENV015", severity=Severity.WARNING, since="0.1")
def tools_not_on_search_path(tools: ToolEnvironments, search_path: SearchPath) -> Iterator[Finding]:
    """The commands of tools that uv or pipx has installed are in a directory that the search path lacks.

    ## Why it matters
    `uv tool install` and `pipx install` say that a tool is installed, and the shell answers `command not found`; or
    another copy of the tool, say one from an environment, answers instead.

    ## How to fix
    Put the directory on the search path: for this shell, and with `uv tool update-shell` or `pipx ensurepath` for all.

    ## Not a problem when
    The directory is on the search path under another name, or the tools themselves cannot run: that is said first.
    """
    hidden = [tool for tool in tools.environments if tool.launchers and not (tool.on_path or tool.lost or tool.runs)]
    for group in _grouped(hidden, lambda tool: (tool.manager, dirname(tool.launchers[0]))):
        first, directory = group[0], dirname(group[0].launchers[0])
        lasting = "uv tool update-shell" if first.manager is ToolManager.UV else "pipx ensurepath"
        kind = first.manager.value + ("s" if len(group) > 1 else "")
        yield Finding(
            f"{kind} {_named([tool.name for tool in group])} cannot be found: {directory} is not on the search path",
            where=directory,
            evidence=(
                Evidence(first.launchers[0], f"launcher of {first.name}"),
                Evidence(f"{len(search_path.entries)} directories, not this one", "PATH"),
            ),
            fix=Fix(f"Put {directory} on the search path; `{lasting}` does it for new shells", PrependPath(directory)),
        )


def _tools_finding(group: list[ToolEnvironment], commands: Commands) -> Finding:
    first = group[0]
    kind = first.manager.value + ("s" if len(group) > 1 else "")
    cause = f"{first.lost} does not exist"
    if not first.lost:
        cause = f"installed for Python {first.made_for}, started by Python {first.runs}"
    command = commands.first(COMMAND[first.manager])
    missing = command is None or command.problem is not None
    return Finding(
        f"the {kind} {_named([tool.name for tool in group])} cannot run: {cause}",
        where=first.root if len(group) == 1 else dirname(first.root),
        evidence=tuple(_tool_evidence(tool) for tool in group),
        fix=Fix(
            "Reinstall the tools",
            *((Manual(f"First install {COMMAND[first.manager]} itself: it does not run here"),) if missing else ()),
            *(_reinstalled(tool) for tool in group),
            safety=Safety.CHANGES_STATE,
        ),
        severity=Severity.ERROR if any(tool.on_path for tool in group) else Severity.WARNING,
    )


def _tool_evidence(tool: ToolEnvironment) -> Evidence:
    needed = f", needed by {', '.join(tool.launchers)}" if tool.launchers else ""
    if tool.lost:
        return Evidence(f"{tool.name} runs on {tool.lost}, which does not exist{needed}", f"{tool.root}/bin/python")
    return Evidence(f"{tool.name} has packages for Python {tool.made_for} only{needed}", f"{tool.root}/lib")


def _reinstalled(tool: ToolEnvironment) -> Run:
    if tool.manager is ToolManager.PIPX:
        return Run("pipx", "reinstall", tool.name)
    return Run("uv", "tool", "install", "--force", *(tool.requirements or (tool.name,)))


def _launchers_finding(group: list[Launcher]) -> Finding:
    first = group[0]
    names, directory = [basename(launcher.path) for launcher in group], dirname(first.path)
    return Finding(
        f"{_named(names)} in {directory} cannot run: {first.lost} does not exist",
        where=first.path if len(group) == 1 else directory,
        evidence=tuple(Evidence(launcher.evidence, launcher.path) for launcher in group),
        fix=_launchers_fix(group),
        severity=Severity.ERROR if first.tool and first.on_path else Severity.WARNING,
    )


def _launchers_fix(group: list[Launcher]) -> Fix:
    match group[0]:
        case Launcher(manager=ToolManager.UV, tool=str(tool)):
            return Fix("Reinstall the tool", Run("uv", "tool", "install", "--force", tool), safety=Safety.CHANGES_STATE)
        case Launcher(tool=str(tool)):
            return Fix("Reinstall the tool", Run("pipx", "install", "--force", tool), safety=Safety.CHANGES_STATE)
        case _:
            return Fix(
                "Remove the broken launchers; reinstall what you still need with `uv tool install` or `pipx install`",
                Run("rm", "--", *(launcher.path for launcher in group)),
                safety=Safety.DESTRUCTIVE,
            )


def _named(names: list[str]) -> str:
    """A few names as a sentence has them."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _grouped(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """The items that have the same key together, in the order of the first of each."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())
