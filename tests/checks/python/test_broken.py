from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.engine.fact import Fact
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.commands.shebang import Means, ScriptHeader
from envdoctor.facts.environments.condition import Defect
from envdoctor.facts.pyenv.versions import (
    Pin,
    Pyenv,
    PyenvRoot,
    Selection,
)
from envdoctor.facts.python.broken import BrokenPython, BrokenPythons
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.python.broken import python_does_not_start
from tests.builders import (
    make_active,
    make_answer,
    make_answers,
    make_condition,
    make_conditions,
    make_hit,
    make_python,
    make_venv,
)

SHIMS = "/home/ada/.pyenv/shims"
SYSTEM = make_python()
BEHIND = make_hit("python", "/usr/bin/python", "/usr/bin/python", position=1)


def judged(python: BrokenPython, *facts: Fact) -> list[Finding]:
    answers = make_answers(make_answer("pip", "/usr/bin/pip", SYSTEM))
    return assess(python_does_not_start, BrokenPythons((python,)), answers, *facts)


def script(path: str = "/home/ada/.local/bin/python", **more: Any) -> BrokenPython:
    header = ScriptHeader("/gone/python3.9", Means.ABSOLUTE, (), "#!/gone/python3.9")
    hit = make_hit("python", path, None, kind=HitKind.SCRIPT, header=header, mode=0o750)
    return BrokenPython("python", f"{path} asks for /gone/python3.9, which does not exist", hit, **more)


@pytest.mark.sick("PY004")
def test_a_script_that_starts_nothing_is_switched_off() -> None:
    path = "/home/ada/.local/bin/python"
    assert judged(script(behind=BEHIND)) == [
        Finding(
            f"`python` does not start: {path} asks for /gone/python3.9, which does not exist",
            where=path,
            evidence=(
                Evidence(path, "`python` on the search path"),
                Evidence("#!/gone/python3.9", f"{path}:1"),
                Evidence("it still works, and installs into /usr", "`pip`: /usr/bin/pip"),
            ),
            fix=Fix(
                "Disable /home/ada/.local/bin/python, so that /usr/bin/python answers",
                Run("chmod", "a-x", path),
                safety=Safety.CHANGES_STATE,
                undo=(Run("chmod", "0750", path),),
            ),
            severity=Severity.ERROR,
        )
    ]
    [finding] = judged(script())
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.sick("PY004")
def test_a_pinned_version_that_is_not_installed() -> None:
    problem = "pyenv version 3.14 is not installed (set by /home/ada/p/.python-version)"
    shim = make_hit("python", f"{SHIMS}/python", None, kind=HitKind.SHIM, manager=ShimManager.PYENV)
    selection = Selection((Pin("3.14", None, 1),), "/home/ada/p/.python-version")
    pyenv = Pyenv((PyenvRoot("/home/ada/.pyenv", "HOME", ("3.12.1",), selection),))
    [finding] = judged(BrokenPython("python", problem, shim, BEHIND), pyenv)
    assert finding.message == f"`python` does not start: {problem}"
    assert finding.fix.actions == (Run("pyenv", "install", "3.14"),)
    [finding] = judged(BrokenPython("python", "the shim calls /gone/pyenv, which does not exist", shim, BEHIND))
    assert finding.fix.actions == (RemoveFromPath(SHIMS),)


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        (Tool.UV, ("uv", "venv", "--clear", "/p/.venv")),
        (Tool.VENV, ("/usr/bin/python", "-m", "venv", "--clear", "/p/.venv")),
    ],
)
def test_an_environment_is_recreated_by_what_made_it(tool: Tool, command: tuple[str, ...]) -> None:
    fault = "/p/.venv/bin/python libpython3.12.so.1.0: cannot open shared object file\nmore"
    hit = make_hit("python", "/p/.venv/bin/python", "/p/.venv/bin/python")
    [finding] = judged(BrokenPython("python", fault, hit, BEHIND), make_active("/p/.venv", tool))
    assert finding.message.endswith("cannot open shared object file")
    assert Evidence("more", "python") in finding.evidence
    assert finding.fix.actions == (Run(*command),)
    assert finding.fix.safety is Safety.DESTRUCTIVE


def test_other_kinds_of_python_are_mended_in_their_own_way() -> None:
    conda = CondaActivation(prefix="/c", real="/c")
    [finding] = judged(BrokenPython("python", "crashed", make_hit("python", "/c/bin/python", "/c/bin/python")), conda)
    assert finding.fix.actions == (Run("conda", "install", "--force-reinstall", "python"),)
    apple = make_hit("python3", "/usr/bin/python3", None, kind=HitKind.NATIVE)
    [finding] = judged(BrokenPython("python3", "/usr/bin/python3 only offers Apple's command line tools", apple))
    assert finding.fix.actions == (Run("xcode-select", "--install"),)
    [finding] = judged(BrokenPython("/x/python", "does not exist"))
    assert (finding.where, finding.message) == ("/x/python", "`/x/python` does not start: does not exist")


@pytest.mark.sick("PY004")
def test_a_second_name_that_fails_is_a_warning() -> None:
    [finding] = judged(script(behind=BEHIND, is_first=False))
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("PY004")
def test_of_an_environment_that_lacks_something_another_check_tells() -> None:
    broken = BrokenPython("python", "it fails", make_hit("python", "/p/.venv/bin/python", None))
    condition = make_condition(make_venv("/p/.venv"), defect=Defect.INCOMPLETE)
    assert judged(broken, make_conditions(condition)) == []
    assert len(judged(broken, make_conditions(make_condition(make_venv("/q/.venv"), defect=Defect.INCOMPLETE)))) == 1
    assert len(judged(broken, make_conditions(make_condition(make_venv("/p/.venv"), defect=Defect.BASE_GONE)))) == 1


@pytest.mark.healthy("PY004")
def test_every_python_starts() -> None:
    assert assess(python_does_not_start, BrokenPythons(), make_answers()) == []


@pytest.mark.healthy("PY004")
@pytest.mark.parametrize("pins", [(), (Pin("system", "system", 1),)])
def test_pyenv_hands_over_to_a_system_that_calls_it_python3(pins: tuple[Pin, ...]) -> None:
    shim = make_hit("python", f"{SHIMS}/python", None, kind=HitKind.SHIM, manager=ShimManager.PYENV)
    broken = BrokenPythons((BrokenPython("python", "pyenv: python: command not found", shim),))
    pyenv = Pyenv((PyenvRoot("/home/ada/.pyenv", "HOME", (), Selection(pins, "/home/ada/.pyenv/version")),))
    python3 = make_answers(make_answer("python3", "/usr/bin/python3", SYSTEM))
    assert assess(python_does_not_start, broken, python3, pyenv) == []
    assert len(assess(python_does_not_start, broken, make_answers(), pyenv)) == 1


@pytest.mark.sick("PY004")
@pytest.mark.parametrize(
    ("manager", "fault", "action"),
    [
        (ShimManager.MISE, "Missing tool version: core:python@3.12.9", Run("mise", "install")),
        (ShimManager.ASDF, "No preset version installed for command python", Run("asdf", "install")),
        (ShimManager.ASDF, "ended with status 126 and without an answer", Run("asdf", "install")),
        (ShimManager.MISE, "mise ERROR Config files in ~/p/mise.toml are not trusted", Run("mise", "trust")),
        (
            ShimManager.MISE,
            "mise ERROR No version is set for shim: python",
            Manual("Choose a version that is installed: mise use --global python@VERSION"),
        ),
        (
            ShimManager.ASDF,
            "No version is set for command python",
            Manual("Choose a version that is installed: asdf set --home python VERSION"),
        ),
    ],
)
def test_a_shim_of_another_manager_is_mended_by_that(manager: ShimManager, fault: str, action: Run | Manual) -> None:
    path = f"/home/ada/.{manager.value}/shims/python"
    shim = make_hit("python", path, path, kind=HitKind.SHIM, manager=manager)
    [finding] = judged(BrokenPython("python", fault, shim, BEHIND))
    assert finding.fix.actions == (action,)


@pytest.mark.sick("PY004")
def test_the_asdf_that_is_a_script_is_told_in_its_own_words() -> None:
    path = "/home/ada/.asdf/shims/python"
    shim = make_hit("python", path, path, kind=HitKind.SHIM, manager=ShimManager.ASDF, by_script=True)
    [finding] = judged(BrokenPython("python", "No version is set for command python", shim, BEHIND))
    assert finding.fix.actions == (Manual("Choose a version that is installed: asdf global python VERSION"),)
