"""PYE001 to PYE004 over literal facts."""

from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Severity,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.pyenv.versions import (
    Pin,
)
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.pyenv.shims import shims_before_environment, shims_not_first
from tests.builders import HOME, ROOT, make_active, make_examined, make_interpreter
from tests.checks.pyenv.literals import GLOBAL, PYENV_ROOT, SELECTED, SHIMS, VERSION, hit, pyenv, shim

INIT = StartupLine(
    file=f"{HOME}/.bashrc", number=7, text='eval "$(pyenv init -)"', kind=LineKind.INIT, name="pyenv", value="init -"
)


def path(*directories: str) -> SearchPath:
    entries = (PathEntry(number, text, text, real=text) for number, text in enumerate(directories))
    return SearchPath(tuple(entries))


def python(found: Hit, prefix: str = "/usr") -> Answers:
    return Answers(python=Answer("python", found, make_interpreter(prefix)))


SYSTEM = python(hit("python", "/usr/bin"))


WITH_PYENV = Commands((hit("pyenv", f"{PYENV_ROOT}/bin"),))


@pytest.mark.sick("PYE001")
def test_shims_that_are_not_on_the_path_are_put_first() -> None:
    found = assess(shims_not_first, SELECTED, path("/usr/bin"), SYSTEM, WITH_PYENV, make_examined())
    assert found == [
        Finding(
            "pyenv selects Python 3.12.1, but `python` is /usr/bin/python: its shims are not on the search path",
            where="PATH",
            evidence=(Evidence("selects 3.12.1", GLOBAL), Evidence("`python` is /usr/bin/python", "PATH, element 1")),
            fix=Fix(
                "Put the shims first, now and in new shells",
                PrependPath(SHIMS),
                EditFile(f"{HOME}/.bashrc", add=(f'eval "$({PYENV_ROOT}/bin/pyenv init - bash)"',)),
            ),
        )
    ]


@pytest.mark.sick("PYE001")
def test_nothing_is_appended_to_a_file_that_may_end_before() -> None:
    stop = StartupLine(file=f"{HOME}/.bashrc", number=3, text="exec", kind=LineKind.STOP, name="exec")
    startup = StartupFiles(lines=(stop,))
    [finding] = assess(shims_not_first, SELECTED, path("/usr/bin"), SYSTEM, WITH_PYENV, startup, make_examined())
    assert isinstance(finding.fix.actions[1], Manual)


@pytest.mark.sick("PYE001")
def test_shims_that_come_later_are_put_first_and_the_line_is_named() -> None:
    startup = StartupFiles(lines=(INIT,))
    [finding] = assess(shims_not_first, SELECTED, path("/usr/bin", SHIMS), SYSTEM, Commands(), startup, make_examined())
    assert finding.message.endswith("`python` is /usr/bin/python: its shims come after /usr/bin")
    assert finding.evidence[-1] == INIT.evidence
    assert finding.fix == Fix("Put the shims first", PrependPath(SHIMS))


@pytest.mark.healthy("PYE001")
def test_what_may_stand_before_the_shims() -> None:
    late, absent, here = path("/usr/bin", SHIMS), path("/usr/bin"), make_examined()
    conda = CondaActivation(prefix="/opt/conda", real="/opt/conda")
    mise = python(hit("python", f"{HOME}/.local/share/mise/shims", manager=ShimManager.MISE))
    for facts in (
        (SELECTED, late, SYSTEM, Commands(), make_active(), here),
        (SELECTED, late, SYSTEM, Commands(), conda, here),
        (SELECTED, late, python(hit("python", f"{VERSION}/bin"), VERSION), Commands(), here),
        (SELECTED, late, python(hit("python", f"{HOME}/bin"), VERSION), Commands(), here),
        (SELECTED, path(SHIMS), python(shim(), VERSION), Commands(), here),
        (SELECTED, late, mise, Commands(), here),
        (SELECTED, late, Answers(), Commands(), here),
        (SELECTED, late, SYSTEM, Commands(), make_examined(python="/usr/bin/python3")),
        (SELECTED, absent, SYSTEM, Commands((hit("uv", "/usr/bin"), *WITH_PYENV.hits)), here),
        (SELECTED, absent, SYSTEM, Commands(), here),
        (pyenv(), late, SYSTEM, WITH_PYENV, here),
        (pyenv(Pin("system", "system", 1)), late, SYSTEM, WITH_PYENV, here),
        (pyenv(Pin("3.99", None, 1)), late, SYSTEM, WITH_PYENV, here),
    ):
        assert assess(shims_not_first, *facts) == []


@pytest.mark.sick("PYE003")
def test_shims_that_were_pushed_before_the_environment() -> None:
    answers = python(shim(), VERSION)
    order = path(SHIMS, f"{ROOT}/bin", "/usr/bin")
    found = assess(shims_before_environment, make_active(), answers, order, StartupFiles(lines=(INIT,)))
    assert found == [
        Finding(
            f"the shims of pyenv stand before the active environment {ROOT}: `python` runs {VERSION}/bin/python",
            where="PATH",
            evidence=(
                Evidence(f"VIRTUAL_ENV={ROOT}", "VIRTUAL_ENV"),
                Evidence(f"{SHIMS} is element 1", "PATH"),
                Evidence(f"{ROOT}/bin is element 2", "PATH"),
                INIT.evidence,
            ),
            fix=Fix("Activate the environment again", *deactivation(ROOT), Activate(ROOT)),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PYE003")
def test_a_shim_that_does_not_say_what_it_runs_is_a_warning() -> None:
    unknown = Answers(python=Answer("python", hit("python", "/shims", manager=ShimManager.MISE)))
    [finding] = assess(shims_before_environment, make_active(), unknown, path("/shims", f"{ROOT}/bin"))
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("the shims of mise stand before")


@pytest.mark.sick("PYE003")
@pytest.mark.parametrize("manager", ShimManager)
def test_whosever_shims_they_are_the_environment_is_activated_again(manager: ShimManager) -> None:
    answers = Answers(python=Answer("python", hit("python", "/shims", manager=manager)))
    [finding] = assess(shims_before_environment, make_active(), answers, path("/shims", f"{ROOT}/bin"))
    assert finding.message.startswith(f"the shims of {manager.value} stand before")
    assert finding.fix == Fix("Activate the environment again", *deactivation(ROOT), Activate(ROOT))


@pytest.mark.healthy("PYE003")
def test_shims_behind_the_environment_or_that_run_it_are_fine() -> None:
    order, behind = path(SHIMS, f"{ROOT}/bin"), path(f"{ROOT}/bin", SHIMS)
    gone = ActiveVenv("/gone", None)
    for venv, answers, found in (
        (make_active(), python(shim(), ROOT), order),
        (make_active(), python(hit("python", f"{ROOT}/bin"), ROOT), behind),
        (make_active(), python(shim(position=1), VERSION), behind),
        (make_active(), python(shim(), VERSION), path(SHIMS)),
        (gone, python(shim(), VERSION), order),
    ):
        assert assess(shims_before_environment, venv, answers, found) == []
