"""TRM: the kernels that notebooks start, and the interpreter that an editor has been told to use."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manager,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.terminals.jupyter import JupyterKernels, Kernel
from envdoctor.facts.terminals.vscode import EditorChoice
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor_checks.common.installing import installed, prepared
from envdoctor_checks.common.wording import named

DEFAULT = "python3"


@check("TRM007", severity=Severity.ERROR, since="0.1")
def kernel_interpreter_gone(
    jupyter: JupyterKernels, commands: Commands, active: ActivePython | None, venv: ActiveVenv | None
) -> Iterator[Finding]:
    """A Jupyter kernel's Python is gone or lacks `ipykernel`, or the default kernel starts another than the active one.

    ## Why it matters
    A kernel names its Python by path. Once that environment is removed, the kernel dies as it starts; so it does where
    the environment was recreated without `ipykernel`: the server's log has "No module named ipykernel_launcher". The
    kernel named `python3` is the one that notebooks take without being asked: if it belongs elsewhere, what `pip` has
    installed here cannot be imported there.

    ## How to fix
    Recreate the kernel from the right environment: `python -m ipykernel install --user --name NAME`. Remove
    one that nobody needs: `jupyter kernelspec remove NAME`. Install `ipykernel` into an environment that lacks it.

    ## Not a problem when
    The kernel has a name of its own and runs another environment on purpose, is of another language, or is started by
    a wrapper such as `conda run`.
    """
    for kernel in jupyter.kernels:
        if not kernel.exists:
            yield _gone(kernel, commands)
        elif kernel.lacks_ipykernel:
            yield _without_ipykernel(kernel, commands)
    if active is None or venv is None or active.interpreter.root != (venv.venv.real if venv.venv else None):
        return
    own = active.interpreter
    default = next((kernel for kernel in jupyter.kernels if kernel.name == DEFAULT and kernel.exists), None)
    if default is None or any(kernel.root == own.root for kernel in jupyter.kernels if kernel is not default):
        return
    runs = default.root or jupyter.jupyter
    if runs is None or runs == own.root:
        return
    is_used = jupyter.jupyter == own.root or default.hides == f"{own.prefix}/share/jupyter/kernels/python3/kernel.json"
    if default.is_bare or is_used:
        yield _elsewhere(default, own, runs, jupyter, commands)


def _gone(kernel: Kernel, commands: Commands) -> Finding:
    step: Run | Manual = Run("rm", "-r", "--", dirname(kernel.file))
    if kernel.level == "system":
        step = Manual(f"Have an administrator remove {dirname(kernel.file)}")
    elif commands.first("jupyter"):
        step = Run("jupyter", "kernelspec", "remove", "-f", kernel.name)
    return Finding(
        f"the Jupyter kernel {kernel.name} cannot start: {kernel.program} does not exist",
        where=kernel.file,
        evidence=(Evidence(f"argv[0] is {kernel.program}", kernel.file),),
        fix=Fix(
            "Remove the kernel; create one from the environment that replaces the old one",
            step,
            safety=Safety.DESTRUCTIVE,
        ),
    )


def _without_ipykernel(kernel: Kernel, commands: Commands) -> Finding:
    with_uv = commands.first("uv") is not None
    return Finding(
        f"the Jupyter kernel {kernel.name} cannot start: {kernel.root} has no ipykernel",
        where=kernel.file,
        evidence=(Evidence(f"argv[0] is {kernel.program}", kernel.file),),
        fix=Fix(
            "Install ipykernel into the kernel's environment",
            *installed(kernel.program, "ipykernel", with_uv=with_uv, has_pip=kernel.has_pip),
            safety=Safety.CHANGES_STATE,
        ),
    )


def _elsewhere(kernel: Kernel, own: Interpreter, runs: str, jupyter: JupyterKernels, commands: Commands) -> Finding:
    by = (Evidence(f"`jupyter` runs in {jupyter.jupyter}", "the search path"),) if jupyter.jupyter else ()
    return Finding(
        f"notebooks start the Python of {runs}, not of {named(own)}: that is what the kernel {kernel.name} names",
        where=kernel.file,
        evidence=(Evidence(f"argv[0] is {kernel.program}", kernel.file), *by),
        fix=Fix(
            "Create a kernel for the active environment, and select the kernel in the notebook",
            *(() if jupyter.has_ipykernel else _installing(own, commands)),
            Run(own.path, "-m", "ipykernel", "install", "--user", "--name", _name_for(own)),
            safety=Safety.CHANGES_STATE,
        ),
        severity=Severity.WARNING,
    )


def _installing(python: Interpreter, commands: Commands) -> tuple[Run | Manual, ...]:
    with_uv, has_pip = commands.first("uv") is not None, python.pip is not None
    steps = installed(python.path, "ipykernel", with_uv=with_uv, has_pip=has_pip)
    return prepared(steps, python.minor, bundled=python.bundles_pip)


def _name_for(python: Interpreter) -> str:
    """What to call the kernel of an environment: `.venv` belongs to its project."""
    name = basename(python.prefix.rstrip("/"))
    return basename(dirname(python.prefix.rstrip("/"))) if name.startswith(".") or name == "venv" else name


@check("TRM008", severity=Severity.WARNING, since="0.1")
def editor_selects_another_python(
    editor: EditorChoice, active: ActivePython | None, examined: Examined
) -> Iterator[Finding]:
    """The interpreter that the editor is told to use is not the one that its terminal runs.

    ## Why it matters
    The editor checks, runs and debugs with one environment, while what is typed in its terminal installs into another:
    a module that was just installed stays unknown to the editor. Often a start-up file activates conda's base after
    the editor had activated the environment.

    ## How to fix
    Activate the editor's environment in the terminal, or select the terminal's interpreter in the editor. If conda
    activates base by itself: `conda config --set auto_activate_base false`.

    ## Not a problem when
    The terminal is not the editor's own, the setting names a command such as `python`, or a folder of several.
    """
    here = examined.at(Place.EDITOR)
    if here is None or here.name != "VS Code" or active is None or editor.root is None or not editor.exists:
        return
    if editor.root != active.interpreter.root:
        manager = Manager.CONDA if editor.is_conda else Manager.VENV
        can_be_activated = editor.is_conda or editor.is_venv
        yield Finding(
            f"VS Code is told to use {editor.path}, but its terminal runs {named(active.interpreter)}",
            where=editor.file,
            evidence=(
                Evidence(f"{editor.key}: {editor.value}", editor.file),
                Evidence(active.interpreter.path, f"`{active.command}` in this terminal"),
            ),
            fix=Fix("Activate the editor's environment in this terminal", Activate(editor.root, manager))
            if can_be_activated
            else Fix("Select the same Python in both", Manual("Run `Python: Select Interpreter` in VS Code")),
        )
