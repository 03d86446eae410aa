"""PRJ008: files that the project's own tool refuses."""

from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.dependencies.refusal import Refusal, RefusalKind
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.project.refused import project_file_refused

ROOT = "/home/ann/app"
LOCK = f"{ROOT}/uv.lock"
AGAIN = Run("uv", "lock", directory=ROOT)
ASIDE = Run("mv", "-n", "--", LOCK, f"{LOCK}.old")
PROJECT = (("uv", "sync"), ("uv", "lock"), ("uv", "add"), ("uv", "run"))
OF_PIP = (
    ("pip", "install", "-r"),
    ("pip", "install", "--editable"),
    ("uv", "pip", "install", "-r"),
    ("uv", "pip", "install", "--editable"),
)
MARK = "it has an unresolved merge conflict (`<<<<<<< HEAD`)"


def findings(*refusals: Refusal, manager: ProjectManager = ProjectManager.UV) -> list[Finding]:
    project = Project(ROOT, None, ROOT, (), manager)
    return assess(project_file_refused, project, ProjectRefusals(refusals))


def lock(kind: RefusalKind, said: str, line: int = 0, *, resumable: bool = False) -> Refusal:
    return Refusal("uv", LOCK, said, kind, line, is_lock=True, resumable=resumable)


@pytest.mark.sick("PRJ008")
def test_what_this_user_may_not_read_is_for_its_owner() -> None:
    for path in (f"{ROOT}/pyproject.toml", LOCK):
        [finding] = findings(Refusal("uv", path, "permission denied", RefusalKind.ACCESS, is_lock=path == LOCK))
        assert finding.message == f"uv refuses {path}: permission denied"
        text = f"Let this user read {path}, as its owner or as root: `chmod a+r {path}`"
        assert finding.fix.actions == (Manual(text),)
        assert finding.stops == PROJECT
        assert finding.severity is None
    unread = Refusal("pip", f"{ROOT}/pyproject.toml", "permission denied", RefusalKind.ACCESS)
    [finding] = findings(unread, manager=ProjectManager.PIP)
    assert finding.severity is Severity.WARNING
    [finding] = findings(Refusal("pdm", "/it's/pdm.lock", "permission denied", RefusalKind.ACCESS, is_lock=True))
    assert finding.fix.actions == (Manual("Let this user read /it's/pdm.lock, as its owner or as root"),)


@pytest.mark.sick("PRJ008")
def test_a_conflict_in_a_file_that_people_write_is_resolved_by_hand() -> None:
    path = f"{ROOT}/pyproject.toml"
    text = f"Open {path} at line 4, keep one side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
    assert findings(Refusal("uv", path, MARK, RefusalKind.CONFLICT, 4)) == [
        Finding(
            f"uv refuses {path}: {MARK}",
            Fix("Resolve the merge conflict", Manual(text)),
            f"{path}:4",
            (Evidence(MARK, f"{path}:4"),),
            stops=PROJECT,
        )
    ]


@pytest.mark.sick("PRJ008")
def test_a_lock_in_conflict_is_made_again() -> None:
    [finding] = findings(lock(RefusalKind.CONFLICT, MARK, 9))
    assert finding.where == f"{LOCK}:9"
    changes = Safety.CHANGES_STATE
    assert finding.fix == Fix(
        "Lock again",
        ASIDE,
        AGAIN,
        safety=changes,
        undo=(Run("rm", "-f", "--", LOCK), Run("mv", "-n", "--", f"{LOCK}.old", LOCK)),
    )


@pytest.mark.sick("PRJ008")
def test_during_a_merge_git_still_has_the_lock() -> None:
    [finding] = findings(lock(RefusalKind.CONFLICT, MARK, 9, resumable=True))
    assert finding.fix.actions == (Run("git", "-C", ROOT, "checkout", "HEAD", "--", "uv.lock"), AGAIN)


@pytest.mark.sick("PRJ008")
def test_a_newer_schema_wants_a_newer_tool() -> None:
    [finding] = findings(lock(RefusalKind.SCHEMA, "uses an unsupported schema version (v2, but only v1 is supported)"))
    assert finding.message.endswith("uv.lock: uses an unsupported schema version (v2, but only v1 is supported)")
    assert finding.fix.summary == "Upgrade uv, or move the lock aside and lock again"


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize(
    ("tool", "file", "kind", "stops"),
    [
        ("uv", "pyproject.toml", RefusalKind.SYNTAX, PROJECT),
        ("uv", "pyproject.toml", RefusalKind.NEWER, PROJECT),
        ("uv", "pyproject.toml", RefusalKind.CONTENT, (*PROJECT, ("uv", "venv"), ("uv", "python", "pin"))),
        ("poetry", "pyproject.toml", RefusalKind.CONTENT, (("poetry",),)),
        ("poetry", "pyproject.toml", RefusalKind.NEWER, ()),
        ("pdm", "pyproject.toml", RefusalKind.SYNTAX, (("pdm",),)),
        ("pipenv", "Pipfile", RefusalKind.CONTENT, (("pipenv", "install"), ("pipenv", "lock"))),
        ("pip", "requirements.txt", RefusalKind.SYNTAX, OF_PIP),
        ("conda", "environment.yml", RefusalKind.SYNTAX, (("conda", "env", "update"),)),
        ("conda", "environment.yml", RefusalKind.MISSPELT, ()),
    ],
)
def test_what_fails_until_a_file_is_corrected(
    tool: str, file: str, kind: RefusalKind, stops: tuple[tuple[str, ...], ...]
) -> None:
    [finding] = findings(Refusal(tool, f"{ROOT}/{file}", "no", kind, 4), manager=ProjectManager(tool))
    assert finding.stops == stops


@pytest.mark.sick("PRJ008")
def test_what_another_tool_refuses_is_a_warning() -> None:
    [finding] = findings(Refusal("conda", f"{ROOT}/environment.yml", "no", RefusalKind.SYNTAX, 2))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Manual(f"Open {ROOT}/environment.yml at line 2, and correct it: no"),)


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize(("tool", "severity"), [("uv", None), ("poetry", Severity.WARNING)])
def test_a_newer_toml_stops_an_old_uv_and_depends_on_the_python_of_others(tool: str, severity: Severity | None) -> None:
    refusal = Refusal(tool, f"{ROOT}/pyproject.toml", "no", RefusalKind.NEWER, 4)
    [finding] = findings(refusal, manager=ProjectManager(tool))
    assert finding.severity == severity
    assert finding.fix.actions == (Manual(f"Open {ROOT}/pyproject.toml at line 4, and correct it: no"),)


@pytest.mark.sick("PRJ008")
def test_what_a_tool_passes_over_is_a_warning_only_where_it_is_misspelt() -> None:
    path, said = f"{ROOT}/environment.yml", "the section `channel` is invalid and will be ignored"
    for kind, severity in ((RefusalKind.MISSPELT, Severity.WARNING), (RefusalKind.IGNORED, Severity.INFO)):
        [finding] = findings(Refusal("conda", path, said, kind, 2), manager=ProjectManager.CONDA)
        assert finding.severity is severity
        assert finding.message == f"conda passes over part of {path}: {said}"
        assert finding.fix.actions == (Manual(f"Open {path} at line 2, and correct it: {said}"),)


@pytest.mark.sick("PRJ008")
def test_a_member_and_a_lock_that_nobody_makes() -> None:
    [member] = findings(Refusal("uv", f"{ROOT}/pyproject.toml", "no", RefusalKind.MEMBER, 3))
    assert member.fix.summary == "Correct the members of the workspace"
    other = Refusal("pixi", f"{ROOT}/pixi.lock", "no", RefusalKind.SYNTAX, 3, is_lock=True)
    [finding] = findings(other, manager=ProjectManager.PIXI)
    assert finding.fix.actions == (Manual(f"Move {ROOT}/pixi.lock aside, and lock again"),)
    assert finding.severity is None
    newer = Refusal("pixi", f"{ROOT}/pixi.lock", "no", RefusalKind.SCHEMA, is_lock=True)
    [finding] = findings(newer, manager=ProjectManager.PIXI)
    assert finding.severity is Severity.INFO
    exported = Refusal("uv", f"{ROOT}/pylock.toml", "no", RefusalKind.CONTENT, 1, is_lock=True)
    [finding] = findings(exported)
    assert finding.fix.actions == (Manual(f"Move {ROOT}/pylock.toml aside, and export it again"),)


@pytest.mark.healthy("PRJ008")
def test_files_that_everybody_can_read() -> None:
    assert findings() == []


@pytest.mark.sick("PRJ008")
def test_a_tool_of_another_version_is_asked_for() -> None:
    path, said = f"{ROOT}/pyproject.toml", "this project requires Poetry >=99, but you are using Poetry 2.5.1"
    [finding] = findings(Refusal("poetry", path, said, RefusalKind.TOOL, 8), manager=ProjectManager.POETRY)
    assert (finding.message, finding.severity) == (f"poetry refuses {path}: {said}", None)
    text = f"Install another poetry, or correct what {path} at line 8 asks for: {said}"
    assert finding.fix == Fix("Install the poetry that the project asks for", Manual(text))
