"""ENV013 over literal facts."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.environments.tools import (
    Launcher,
    ToolEnvironment,
    ToolEnvironments,
    ToolManager,
)
from envdoctor.testing import assess
from envdoctor_checks.environments.tools import tool_environment_broken, tools_not_on_search_path
from tests.builders import make_search_path

TOOLS = "/home/me/.local/share/uv/tools"
VENVS = "/home/me/.local/share/pipx/venvs"
BIN = "/home/me/.local/bin"
GONE = "/opt/py/bin/python3.12"


def hit(name: str, problem: str | None = None) -> Hit:
    return Hit(name, f"{BIN}/{name}", 0, f"{BIN}/{name}", HitKind.NATIVE, problem=problem)


BOTH = Commands((hit("uv"), hit("pipx")))


def uv_tool(
    name: str, lost: str | None = GONE, *, on_path: bool = True, asked: tuple[str, ...] = ()
) -> ToolEnvironment:
    launchers = (f"{BIN}/{name}",) if on_path else ()
    return ToolEnvironment(
        name,
        ToolManager.UV,
        f"{TOOLS}/{name}",
        lost,
        base="/opt/py/bin",
        requirements=asked or (name,),
        launchers=launchers,
        on_path=on_path,
    )


@pytest.mark.sick("ENV013")
def test_tools_that_lost_the_same_python_are_one_finding() -> None:
    tools = ToolEnvironments((uv_tool("httpie", asked=("httpie[socks]", "--with", "rich")), uv_tool("nox")))
    assert assess(tool_environment_broken, tools, BOTH) == [
        Finding(
            f"the uv tools httpie and nox cannot run: {GONE} does not exist",
            where=TOOLS,
            evidence=(
                Evidence(
                    f"httpie runs on {GONE}, which does not exist, needed by {BIN}/httpie", f"{TOOLS}/httpie/bin/python"
                ),
                Evidence(f"nox runs on {GONE}, which does not exist, needed by {BIN}/nox", f"{TOOLS}/nox/bin/python"),
            ),
            fix=Fix(
                "Reinstall the tools",
                Run("uv", "tool", "install", "--force", "httpie[socks]", "--with", "rich"),
                Run("uv", "tool", "install", "--force", "nox"),
                safety=Safety.CHANGES_STATE,
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("ENV013")
def test_a_tool_installed_for_another_minor_version_cannot_run_either() -> None:
    tool = ToolEnvironment("black", ToolManager.PIPX, f"{VENVS}/black", made_for="3.11", runs="3.12", on_path=True)
    [finding] = assess(tool_environment_broken, ToolEnvironments((tool,)), BOTH)
    assert finding.message == "the pipx tool black cannot run: installed for Python 3.11, started by Python 3.12"
    assert finding.where == f"{VENVS}/black"
    assert finding.evidence == (Evidence("black has packages for Python 3.11 only", f"{VENVS}/black/lib"),)
    assert finding.fix.actions == (Run("pipx", "reinstall", "black"),)


@pytest.mark.sick("ENV013")
def test_many_tools_are_not_all_named_in_the_sentence() -> None:
    tools = ToolEnvironments(tuple(uv_tool(name) for name in "abcdef"))
    [finding] = assess(tool_environment_broken, tools, BOTH)
    assert finding.message == f"the uv tools a, b, c and 3 more cannot run: {GONE} does not exist"


@pytest.mark.sick("ENV013")
def test_a_program_that_needs_no_python_still_runs_so_it_is_a_warning() -> None:
    [finding] = assess(tool_environment_broken, ToolEnvironments((uv_tool("ruff", on_path=False),)), BOTH)
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("ENV013")
def test_the_manager_itself_must_run_first() -> None:
    tools = ToolEnvironments((uv_tool("nox"),))
    for commands in (Commands(), Commands((hit("uv", "its interpreter is gone"),))):
        [finding] = assess(tool_environment_broken, tools, commands)
        assert finding.fix.actions[0] == Manual("First install uv itself: it does not run here")


@pytest.mark.sick("ENV013")
def test_launchers_that_belong_to_nothing_can_be_removed() -> None:
    lost = "/usr/local/bin/python3.9"
    launchers = tuple(
        Launcher(f"{BIN}/{name}", lost, f"#!{lost}", None, None, on_path=True) for name in ("flask", "isort")
    )
    [finding] = assess(tool_environment_broken, ToolEnvironments((), launchers), BOTH)
    assert finding == Finding(
        f"flask and isort in {BIN} cannot run: {lost} does not exist",
        where=BIN,
        evidence=(Evidence(f"#!{lost}", f"{BIN}/flask"), Evidence(f"#!{lost}", f"{BIN}/isort")),
        fix=Fix(
            "Remove the broken launchers; reinstall what you still need with `uv tool install` or `pipx install`",
            Run("rm", "--", f"{BIN}/flask", f"{BIN}/isort"),
            safety=Safety.DESTRUCTIVE,
        ),
        severity=Severity.WARNING,
    )


@pytest.mark.sick("ENV013")
def test_a_launcher_into_an_environment_that_is_gone_names_the_tool() -> None:
    for manager, again in (
        (ToolManager.UV, Run("uv", "tool", "install", "--force", "nox")),
        (ToolManager.PIPX, Run("pipx", "install", "--force", "nox")),
    ):
        launcher = Launcher(f"{BIN}/nox", "/gone/nox", "a link to /gone/nox", "nox", manager, on_path=True)
        [finding] = assess(tool_environment_broken, ToolEnvironments((), (launcher,)), BOTH)
        assert finding.fix.actions == (again,)
        assert finding.severity is Severity.ERROR


@pytest.mark.healthy("ENV013")
def test_tools_that_run_are_healthy() -> None:
    tools = ToolEnvironments((uv_tool("nox", lost=None),), (), ("/x: permission denied",))
    assert assess(tool_environment_broken, tools, BOTH) == []


def hidden(**changes: Any) -> list[Finding]:
    known = {"launchers": (f"{BIN}/ruff",), "on_path": False, **changes}
    tool = ToolEnvironment("ruff", ToolManager.UV, f"{TOOLS}/ruff", **known)
    return assess(tools_not_on_search_path, ToolEnvironments((tool,)), make_search_path("/usr/bin"))


@pytest.mark.sick("ENV015")
def test_a_directory_of_tools_that_the_search_path_lacks() -> None:
    assert hidden() == [
        Finding(
            f"uv tool ruff cannot be found: {BIN} is not on the search path",
            where=BIN,
            evidence=(
                Evidence(f"{BIN}/ruff", "launcher of ruff"),
                Evidence("1 directories, not this one", "PATH"),
            ),
            fix=Fix(f"Put {BIN} on the search path; `uv tool update-shell` does it for new shells", PrependPath(BIN)),
        )
    ]


@pytest.mark.healthy("ENV015")
@pytest.mark.parametrize("changes", [{"on_path": True}, {"lost": GONE}, {"launchers": ()}])
def test_tools_that_are_found_or_broken(changes: dict[str, Any]) -> None:
    assert hidden(**changes) == []
