"""Python starts that are disturbed by `.pth` files, and those that real tools write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import Examination, Patient
from tests.support import needs_python

pytestmark = pytest.mark.clinic


@pytest.fixture
def packages(patient: Patient) -> Path:
    """The packages of the active environment."""
    root = by_venv(patient, patient.project / ".venv")
    patient.does(f"source {root}/bin/activate")
    [packages] = root.glob("lib/python3*/site-packages")
    return packages


@pytest.mark.sick("PY013")
def test_lines_that_fail_or_print_are_removed(patient: Patient, packages: Path) -> None:
    (patient.project / "src").mkdir()
    (packages / "left.pth").write_text(f"import left_over_hook\n{patient.project}/src\n")
    (packages / "loud.pth").write_text("import sys; print('hello')\n")
    (packages / "shout.pth").write_text("import shouting; shouting.start()\n")
    (packages / "shouting.py").write_text("def start():\n    print('good morning')\n")
    (packages / "whisper.pth").write_text("import sys; print('psst', file=sys.stderr)\n")
    (packages / "sitecustomize.py").write_text("import gone_tracer\n")
    assert "Error processing line 1" in patient.shell.run("python -c ''").stderr
    before = patient.examine()
    messages = [finding["message"] for finding in before.result("PY013")["findings"]]
    assert [message.partition(" at every")[0] for message in messages] == [
        f"line 1 of {packages}/left.pth fails",
        f"{packages}/sitecustomize.py fails",
        f"line 1 of {packages}/loud.pth prints to standard output",
        f"line 1 of {packages}/shout.pth imports {packages}/shouting.py, which prints to standard output",
        f"line 1 of {packages}/whisper.pth prints to standard error",
    ]
    patient.cure("PY013", before=before)
    done = patient.does("python -c 'import sys; print(sys.path[-1])'")
    assert (done.stdout, done.stderr) == (f"{patient.project}/src\n", "")


@pytest.mark.sick("PY013")
@pytest.mark.parametrize("minor", ["3.8", "3.13"])
def test_other_pythons_say_it_likewise(patient: Patient, minor: str) -> None:
    root = by_venv(patient, patient.project / ".venv", python=needs_python(minor), pip=False)
    [packages] = root.glob("lib/python3*/site-packages")
    (packages / "left.pth").write_text("import left_over_hook\n")
    (packages / "sitecustomize.py").write_text("print('hello')\nimport gone_tracer\n")
    patient.does(f"source {root}/bin/activate")
    findings = patient.examine().result("PY013")["findings"]
    # the second prints, and then fails: said once
    assert [finding["where"] for finding in findings] == [f"{packages}/left.pth:1", f"{packages}/sitecustomize.py"]


@pytest.mark.sick("PY013")
@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import tracer_that_is_gone\n", "fails"),
        ("print 'old'\n", "fails"),
        ("import sys\nprint('hello')\n", "prints to standard output"),
    ],
)
def test_a_module_on_the_path_that_fails_or_prints(patient: Patient, packages: Path, source: str, says: str) -> None:
    hooks = patient.root / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(source)
    patient.does(f"export PYTHONPATH={hooks}")
    # envdoctor's own Python, too, runs it when it starts
    said = patient.shell.run(f"{patient.command} --format json --select PY013").stdout
    finding = Examination(json.loads(said[said.index("{") :]), 0).finding("PY013")
    assert finding["message"].startswith(f"{hooks}/sitecustomize.py {says}")
    done = patient.does("python -c ''")
    assert (done.stdout if "standard output" in says else done.stderr).strip()
    patient.does("unset PYTHONPATH")
    assert patient.examine("--select", "PY013").problems() == []


@pytest.mark.healthy("PY013")
def test_a_module_on_the_path_that_works(patient: Patient, packages: Path) -> None:
    hooks = patient.root / "hooks"
    (hooks / "sub").mkdir(parents=True)
    (hooks / "tracer.py").touch()
    guarded = "try:\n    import gone\nexcept ImportError:\n    pass\n"
    text = "'''Starts the tracer.'''\nimport os\nimport sub\nfrom tracer import *\n"
    (hooks / "sitecustomize.py").write_text(f"{text}{guarded}")
    patient.does(f"export PYTHONPATH={hooks}")
    assert patient.does("python -c ''").stderr == ""
    assert patient.examine("--select", "PY013").problems() == []


@pytest.mark.healthy("PY013")
def test_the_lines_of_real_tools_are_quiet(patient: Patient, packages: Path) -> None:
    guarded = "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; "
    (packages / "distutils-precedence.pth").write_text(f"{guarded}enabled and __import__('_distutils_hack')\n")
    (packages / "_distutils_hack.py").touch()
    (packages / "sitecustomize.py").write_text(
        "try:\n    import apport_python_hook\nexcept ImportError:\n    pass\nelse:\n    apport_python_hook.install()\n"
    )
    (packages / "__editable___p_finder.py").write_text("def install():\n    pass\n")
    (packages / "__editable__.p-1.pth").write_text("import __editable___p_finder; __editable___p_finder.install()")
    (packages / "of_the_path.pth").write_text("import hook_on_the_path\n")
    (patient.home / "lib").mkdir()
    (patient.home / "lib" / "hook_on_the_path.py").touch()
    (packages / "guarded.pth").write_text("import sys; print('traced') if sys.flags.verbose else None\n")
    (patient.home / "startup.py").write_text("print('welcome')\n")
    patient.does("export PYTHONPATH=~/lib PYTHONSTARTUP=~/startup.py")
    assert patient.does("python -c ''").stderr == ""
    assert "PY013" not in patient.examine().codes


@pytest.mark.sick("PY013")
def test_the_users_own_code_is_seen_where_python_runs_it(patient: Patient) -> None:
    python = Path(needs_python("3.13"))
    user = patient.home / ".local/lib/python3.13/site-packages"
    user.mkdir(parents=True)
    (user / "usercustomize.py").write_text("print('welcome')\n")
    (user / "left.pth").write_text("import left_over_hook\n")
    root = by_venv(patient, patient.project / ".venv", python=str(python), pip=False)
    patient.does(f"export PATH={python.parent}:$PATH")
    assert patient.does("python -c ''").stdout == "welcome\n"
    before = patient.examine()
    wheres = [finding["where"] for finding in before.result("PY013")["findings"]]
    assert wheres == [f"{user}/left.pth:1", f"{user}/usercustomize.py"]
    for line in ("export PYTHONNOUSERSITE=1", f"unset PYTHONNOUSERSITE; source {root}/bin/activate"):
        done = patient.does(line, "python -c ''")
        assert done.stdout + done.stderr == ""
        assert "PY013" not in patient.examine("--select PY013").codes
    patient.does("deactivate")
    patient.cure("PY013", before=before)
    done = patient.does("python -c ''")
    assert done.stdout + done.stderr == ""
