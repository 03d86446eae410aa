"""Kernels, editors and sudo, as literal facts."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.terminals.jupyter import JupyterKernels, Kernel
from envdoctor.facts.terminals.vscode import EditorChoice
from envdoctor.testing import assess
from envdoctor_checks.terminals.notebooks import editor_selects_another_python, kernel_interpreter_gone
from tests.builders import make_active, make_active_python, make_commands, make_hit
from tests.checks.terminals.test_startup import session

ROOT = "/p/.venv"

USER = "/home/ann/.local/share/jupyter/kernels"


JUPYTER = make_commands(make_hit("jupyter", "/usr/bin/jupyter", "/usr/bin/python3"))


def kernel(name: str, program: str, root: str | None, **more: Any) -> Kernel:
    return Kernel(name, f"{USER}/{name}/kernel.json", "user", program, **{"exists": True, "root": root, **more})


@pytest.mark.sick("TRM007")
def test_a_kernel_whose_python_is_gone() -> None:
    kernels = JupyterKernels((kernel("proj", "/gone/bin/python", "/gone", exists=False),))
    assert assess(kernel_interpreter_gone, kernels, JUPYTER) == [
        Finding(
            "the Jupyter kernel proj cannot start: /gone/bin/python does not exist",
            where=f"{USER}/proj/kernel.json",
            evidence=(Evidence("argv[0] is /gone/bin/python", f"{USER}/proj/kernel.json"),),
            fix=Fix(
                "Remove the kernel; create one from the environment that replaces the old one",
                Run("jupyter", "kernelspec", "remove", "-f", "proj"),
                safety=Safety.DESTRUCTIVE,
            ),
        )
    ]
    [finding] = assess(kernel_interpreter_gone, kernels, Commands())
    assert finding.fix.actions == (Run("rm", "-r", "--", f"{USER}/proj"),)


@pytest.mark.sick("TRM007")
def test_a_kernel_whose_environment_lacks_ipykernel() -> None:
    kernels = JupyterKernels((kernel("proj", "/p/.venv/bin/python", ROOT, lacks_ipykernel=True, has_pip=False),))
    assert assess(kernel_interpreter_gone, kernels, Commands()) == [
        Finding(
            "the Jupyter kernel proj cannot start: /p/.venv has no ipykernel",
            where=f"{USER}/proj/kernel.json",
            evidence=(Evidence("argv[0] is /p/.venv/bin/python", f"{USER}/proj/kernel.json"),),
            fix=Fix(
                "Install ipykernel into the kernel's environment",
                Run("/p/.venv/bin/python", "-m", "ensurepip", "--default-pip"),
                Run("/p/.venv/bin/python", "-m", "pip", "install", "ipykernel"),
                safety=Safety.CHANGES_STATE,
            ),
        )
    ]


@pytest.mark.sick("TRM007")
def test_the_default_kernel_runs_another_python_than_the_active_environment() -> None:
    kernels = JupyterKernels((kernel("python3", "python", None),), jupyter="/opt/jupyter")
    [finding] = assess(kernel_interpreter_gone, kernels, JUPYTER, make_active_python(ROOT), make_active(ROOT))
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "notebooks start the Python of /opt/jupyter, not of /p/.venv (Python 3.11): that is what the kernel "
        "python3 names"
    )
    assert finding.fix.actions == (
        Run(f"{ROOT}/bin/python", "-m", "pip", "install", "ipykernel"),
        Run(f"{ROOT}/bin/python", "-m", "ipykernel", "install", "--user", "--name", "p"),
    )
    [finding] = assess(kernel_interpreter_gone, kernels, JUPYTER, make_active_python(ROOT, pip=None), make_active(ROOT))
    assert finding.fix.actions[0] == Run(f"{ROOT}/bin/python", "-m", "ensurepip", "--default-pip")
    hiding = kernel("python3", "/old/bin/python", "/old", hides=f"{ROOT}/share/jupyter/kernels/python3/kernel.json")
    own = JupyterKernels((hiding,), jupyter=ROOT, has_ipykernel=True)
    [finding] = assess(kernel_interpreter_gone, own, JUPYTER, make_active_python(ROOT), make_active(ROOT))
    assert len(finding.fix.actions) == 1


@pytest.mark.healthy("TRM007")
def test_kernels_of_other_environments_by_their_own_names_are_fine() -> None:
    here = (make_active_python(ROOT), make_active(ROOT))
    other = kernel("other", "/q/.venv/bin/python", "/q/.venv")
    default = kernel("python3", "python", None)
    mine = kernel("p", f"{ROOT}/bin/python", ROOT)
    for kernels in (
        JupyterKernels((other,)),
        JupyterKernels((default, mine), jupyter="/opt/jupyter"),
        JupyterKernels((default,), jupyter=ROOT),
        JupyterKernels((default,)),
        JupyterKernels((kernel("python3", "/old/bin/python", "/old"),)),
    ):
        assert not assess(kernel_interpreter_gone, kernels, JUPYTER, *here)
    assert not assess(kernel_interpreter_gone, JupyterKernels((default,), jupyter="/opt/jupyter"), JUPYTER)


def choice(**changes: Any) -> EditorChoice:
    facts: dict[str, Any] = {
        "file": "/p/.vscode/settings.json",
        "key": "python.defaultInterpreterPath",
        "exists": True,
        "value": "${workspaceFolder}/.venv/bin/python",
        "path": f"{ROOT}/bin/python",
        "root": ROOT,
        "is_venv": True,
    }
    return EditorChoice(**{**facts, **changes})


IN_CODE = session(markers=(Marker(Place.EDITOR, "VS Code", "TERM_PROGRAM=vscode"),))


@pytest.mark.sick("TRM008")
def test_the_terminal_of_the_editor_runs_another_python() -> None:
    assert assess(editor_selects_another_python, choice(), make_active_python("/conda"), IN_CODE) == [
        Finding(
            "VS Code is told to use /p/.venv/bin/python, but its terminal runs /conda (Python 3.11)",
            where="/p/.vscode/settings.json",
            evidence=(
                Evidence(
                    "python.defaultInterpreterPath: ${workspaceFolder}/.venv/bin/python", "/p/.vscode/settings.json"
                ),
                Evidence("/conda/bin/python", "`python` in this terminal"),
            ),
            fix=Fix("Activate the editor's environment in this terminal", Activate(ROOT)),
        )
    ]
    [finding] = assess(
        editor_selects_another_python, choice(root="/usr", is_venv=False), make_active_python("/conda"), IN_CODE
    )
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("TRM008")
def test_agreement_another_terminal_and_unknown_or_missing_choices_are_fine() -> None:
    assert not assess(editor_selects_another_python, choice(), make_active_python(ROOT), IN_CODE)
    assert not assess(editor_selects_another_python, choice(), make_active_python("/conda"), session())
    assert not assess(
        editor_selects_another_python, choice(path=None, root=None), make_active_python("/conda"), IN_CODE
    )
    assert not assess(editor_selects_another_python, choice(exists=False), make_active_python("/conda"), IN_CODE)
