from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.python.path_startup import PathStartup
from envdoctor.facts.python.startup_faults import StartupFault, Stream
from envdoctor.facts.python.user_startup import UserStartup
from envdoctor.testing import assess
from envdoctor_checks.python.startup_faults import startup_line_disturbs
from tests.builders import make_active_python

PTH = "/p/.venv/lib/python3.12/site-packages/old.pth"
FAILS = StartupFault(PTH, 1, "import old_hook", "ModuleNotFoundError: No module named 'old_hook'")
VENV = {"base_prefix": "/usr", "path": "/p/.venv/bin/python"}


@pytest.mark.sick("PY013")
def test_a_line_that_fails_is_removed() -> None:
    python = make_active_python("/p/.venv", startup_faults=(FAILS,), **VENV)
    assert assess(startup_line_disturbs, python, None) == [
        Finding(
            f"line 1 of {PTH} fails at every start of /p/.venv/bin/python: "
            "ModuleNotFoundError: No module named 'old_hook'",
            where=f"{PTH}:1",
            evidence=(Evidence("import old_hook", f"{PTH}:1"),),
            fix=Fix(
                f"Remove the line from {PTH}",
                EditFile(PTH, remove=("import old_hook",)),
                safety=Safety.CHANGES_STATE,
            ),
        )
    ]


@pytest.mark.sick("PY013")
def test_a_line_that_prints_and_lines_that_no_step_can_name() -> None:
    prints = StartupFault(PTH, 2, "import sys; print('hello')")
    [finding] = assess(startup_line_disturbs, make_active_python("/p/.venv", startup_faults=(prints,), **VENV))
    assert finding.message == f"line 2 of {PTH} prints to standard output at every start of /p/.venv/bin/python"
    advice = Manual(f"Reinstall or remove the package that line 1 of {PTH} is from")
    for text in (None, "import x ", "import x\r"):
        fault = StartupFault(PTH, 1, text, "SyntaxError")
        [finding] = assess(startup_line_disturbs, make_active_python("/p/.venv", startup_faults=(fault,), **VENV))
        assert finding.fix.actions == (advice,)
    marker = "/usr/lib/python3.11/EXTERNALLY-MANAGED"
    system = make_active_python("/usr", startup_faults=(FAILS,), externally_managed=marker)
    assert assess(startup_line_disturbs, system, None)[0].fix.actions == (advice,)


@pytest.mark.sick("PY013")
def test_a_module_on_the_path_is_corrected_or_its_directory_taken_out() -> None:
    fault = StartupFault("/hooks/sitecustomize.py", 0, None, "SyntaxError")
    [finding] = assess(startup_line_disturbs, make_active_python("/p/.venv", **VENV), PathStartup((fault,)))
    assert finding.message == "/hooks/sitecustomize.py fails at every start of /p/.venv/bin/python: SyntaxError"
    advice = "Correct /hooks/sitecustomize.py, move it aside, or take /hooks out of PYTHONPATH"
    assert finding.fix == Fix("Move sitecustomize.py aside", Manual(advice))


@pytest.mark.sick("PY013")
def test_what_prints_to_standard_error_is_told_as_a_nuisance() -> None:
    custom = "/p/.venv/lib/python3.12/site-packages/sitecustomize.py"
    line = StartupFault(PTH, 1, "import sys; sys.stderr.write('x')", stream=Stream.STDERR)
    module = StartupFault(custom, 0, None, stream=Stream.STDERR)
    python = make_active_python("/p/.venv", startup_faults=(line, module), **VENV)
    says = "prints to standard error at every start of /p/.venv/bin/python"
    findings = assess(startup_line_disturbs, python, None)
    assert [finding.message for finding in findings] == [f"line 1 of {PTH} {says}", f"{custom} {says}"]
    assert {finding.severity for finding in findings} == {Severity.INFO}


@pytest.mark.sick("PY013")
def test_a_line_whose_module_prints_is_removed() -> None:
    module = "/p/.venv/lib/python3.12/site-packages/hook.py"
    fault = StartupFault(PTH, 1, "import hook", module=module)
    [finding] = assess(startup_line_disturbs, make_active_python("/p/.venv", startup_faults=(fault,), **VENV))
    assert finding.message == (
        f"line 1 of {PTH} imports {module}, which prints to standard output at every start of /p/.venv/bin/python"
    )
    assert finding.fix.actions == (EditFile(PTH, remove=("import hook",)),)


@pytest.mark.sick("PY013")
def test_a_sitecustomize_is_moved_aside_where_it_is_of_this_python_alone() -> None:
    module = "/p/.venv/lib/python3.12/site-packages/sitecustomize"
    fault = StartupFault(f"{module}/__init__.py", 0, None, "NameError")
    assert assess(startup_line_disturbs, make_active_python("/p/.venv", startup_faults=(fault,), **VENV)) == [
        Finding(
            f"{module}/__init__.py fails at every start of /p/.venv/bin/python: NameError",
            where=f"{module}/__init__.py",
            evidence=(Evidence("NameError", f"{module}/__init__.py"),),
            fix=Fix(
                "Move sitecustomize aside",
                Run("mv", "-n", "--", module, f"{module}.old"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("mv", "-n", "--", f"{module}.old", module),),
            ),
        )
    ]
    shared = StartupFault("/usr/lib/python3.12/sitecustomize.py", 0, None)
    advice = (Manual("Correct /usr/lib/python3.12/sitecustomize.py, or move it aside"),)
    marker = "/usr/lib/python3.12/EXTERNALLY-MANAGED"
    for python in (
        make_active_python("/p/.venv", startup_faults=(shared,), **VENV),
        make_active_python("/usr", startup_faults=(shared,), externally_managed=marker),
    ):
        [finding] = assess(startup_line_disturbs, python, None)
        assert finding.fix.actions == advice
        assert "sitecustomize.py prints to standard output at every start" in finding.message


@pytest.mark.sick("PY013")
def test_a_usercustomize_and_the_users_lines_are_the_users_to_change() -> None:
    site = "/home/ann/.local/lib/python3.11/site-packages"
    custom, line = (
        StartupFault(f"{site}/usercustomize.py", 0, None),
        StartupFault(f"{site}/a.pth", 1, "import a", "NameError"),
    )
    user = UserStartup(site, (custom, line))
    for python in (
        make_active_python("/usr", externally_managed="/usr/lib/python3.11/EXTERNALLY-MANAGED"),
        make_active_python("/opt/conda", is_conda=True),
    ):
        moved, removed = assess(startup_line_disturbs, python, user)
        assert moved.message.startswith(f"{custom.file} prints to standard output at every start of ")
        assert moved.fix.actions == (Run("mv", "-n", "--", custom.file, f"{custom.file}.old"),)
        assert removed.fix.actions == (EditFile(line.file, remove=("import a",)),)
    assert not assess(startup_line_disturbs, python, UserStartup(site))


@pytest.mark.healthy("PY013")
def test_a_python_that_starts_without_a_word() -> None:
    assert not assess(startup_line_disturbs, make_active_python("/p/.venv", **VENV), None)
