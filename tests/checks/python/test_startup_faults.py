from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Safety
from envdoctor.facts.python.startup_faults import StartupFault
from envdoctor.testing import assess
from envdoctor_checks.python.startup_faults import startup_line_disturbs
from tests.builders import make_active_python

PTH = "/p/.venv/lib/python3.12/site-packages/old.pth"
FAILS = StartupFault(PTH, 1, "import old_hook", "ModuleNotFoundError: No module named 'old_hook'")
VENV = {"base_prefix": "/usr", "path": "/p/.venv/bin/python"}


@pytest.mark.sick("PY013")
def test_a_line_that_fails_is_removed() -> None:
    python = make_active_python("/p/.venv", startup_faults=(FAILS,), **VENV)
    assert assess(startup_line_disturbs, python) == [
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
    assert assess(startup_line_disturbs, system)[0].fix.actions == (advice,)


@pytest.mark.healthy("PY013")
def test_a_python_that_starts_without_a_word() -> None:
    assert not assess(startup_line_disturbs, make_active_python("/p/.venv", **VENV))
