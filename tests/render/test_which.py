"""What answers to a command, step by step, and where an install would land."""

from __future__ import annotations

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.environments.install_targets import InstallTarget, TargetKind
from envdoctor.facts.python.interpreter import Failure, FailureKind
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.render.lines import painted, plain
from envdoctor.render.which import Chain, layout, shown_by_default
from tests.builders import make_interpreter

VENV = make_interpreter("/p/.venv", (3, 12, 1), base_prefix="/usr")
SHIM = Hit(
    "python",
    "/home/me/.pyenv/shims/python",
    0,
    "/home/me/.pyenv/shims/python",
    HitKind.SHIM,
    "/p/.venv/bin/python",
    manager=ShimManager.PYENV,
    version="3.12.1",
)
LINK = Hit("python", "/bin/python", 1, "/usr/bin/python3.11", HitKind.PYTHON, "/bin/python")
SAME = Hit("python", "/usr/bin/python", 2, "/usr/bin/python3.11", HitKind.PYTHON, same_as="/bin/python")
BROKEN = Hit("python", "/old/python", 3, "/old/python", HitKind.PYTHON, None, problem="a link to nothing")


def test_every_file_is_shown_with_its_steps_and_the_first_is_marked() -> None:
    failure = Failure("/bin/python", FailureKind.FAILED, "ended with status 1", asked_as=("/bin/python",))
    shown = plain(layout([Chain("python", (SHIM, LINK, SAME, BROKEN))], Interpreters((VENV,), (failure,)), ()))
    assert shown.splitlines() == [
        "python",
        "  → /home/me/.pyenv/shims/python",
        "      a shim of pyenv, which selects 3.12.1",
        "      runs /p/.venv/bin/python",
        "      Python 3.12.1, virtual environment /p/.venv",
        "    /bin/python  also as /usr/bin/python",
        "      a link to /usr/bin/python3.11",
        f"      {FailureKind.FAILED.value}: ended with status 1",
        "    /old/python",
        "      a link to nothing",
        "",
    ]


def test_commands_that_nobody_answers_to_are_one_line() -> None:
    shown = plain(layout([Chain("pip", ()), Chain("python", (LINK,)), Chain("conda", ())], None, ()))
    assert shown.endswith("\n\npip, conda  not found on the search path\n\n")


TARGETS = (
    InstallTarget("pip install", "/p/.venv", TargetKind.ENVIRONMENT, ".venv", "pip runs there"),
    InstallTarget("uv run", None, TargetKind.NOTHING, None, "there is no uv"),
    InstallTarget("python -m pip install", "/a place/.venv", TargetKind.ENVIRONMENT, ".venv", "it is its Python"),
    InstallTarget("uv add", None, TargetKind.NOTHING, None, "there is no uv"),
    InstallTarget("conda install", None, TargetKind.NOTHING, None, "there is no conda"),
)


def test_targets_are_a_table_and_what_lands_nowhere_for_one_reason_is_one_line() -> None:
    assert plain(layout([], None, TARGETS)).splitlines() == [
        "Where an install would land",
        "  pip install            .venv: /p/.venv (virtual environment)        pip runs there",
        "  python -m pip install  .venv: /a place/.venv (virtual environment)  it is its Python",
        "  uv run, uv add  nowhere: there is no uv",
        "  conda install  nowhere: there is no conda",
    ]


def test_in_a_narrow_terminal_the_reason_stands_below_the_place() -> None:
    assert painted(layout([], None, TARGETS), 80, colour=False).splitlines()[1:5] == [
        "  pip install            .venv: /p/.venv (virtual environment)",
        "        pip runs there",
        "  python -m pip install  .venv: /a place/.venv (virtual environment)",
        "        it is its Python",
    ]


def test_python_and_pip_are_shown_by_default_and_others_where_they_are_here() -> None:
    chains = (Chain("python", ()), Chain("pip", ()), Chain("uv", ()), Chain("conda", (LINK,)))
    assert [chain.name for chain in shown_by_default(chains)] == ["python", "pip", "conda"]
