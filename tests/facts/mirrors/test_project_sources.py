from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.http.url import Flaw
from envdoctor.facts.mirrors.project_sources import ProjectSources, SourceTool, probe_project_sources
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.requirements_txt import Requirements
from envdoctor.system.unread import noting
from tests.support import make_session, see

A = "https://a.example/simple"


def sources(project: Path, **env: str) -> ProjectSources:
    return see(ProjectSources, make_session({"HOME": str(project.parent), **env}, cwd=project))


def test_a_project_without_sources(project: Path) -> None:
    with pytest.raises(Unavailable):
        sources(project)


def test_the_sources_of_a_project(project: Path) -> None:
    (project / "requirements.txt").write_text(
        f"# -i {A}\n-i {A}\n--extra-index-url={A}\n--trusted-host a.example\ndemo\n"
    )
    (project / "Pipfile").write_text(f'[[source]]\nname = "a"\nurl = "{A}"\nverify_ssl = false\n')
    (project / "pyproject.toml").write_text(
        f'[[tool.poetry.source]]\nname = "a"\nurl = "{A}"\npriority = "supplemental"\n'
        f'[[tool.poetry.source]]\nname = "b"\nurl = "https://b.example/simple"\ndefault = true\n'
        '[[tool.poetry.source]]\nname = "c"\n'
    )
    found = sources(project, PIPENV_PYPI_MIRROR=A)
    assert [(s.tool, s.role, s.verified, s.address.origin.removeprefix(f"{project}/")) for s in found.sources] == [
        (SourceTool.REQUIREMENTS, "--index-url", True, "requirements.txt:2"),
        (SourceTool.REQUIREMENTS, "--extra-index-url", True, "requirements.txt:3"),
        (SourceTool.REQUIREMENTS, "--trusted-host", False, "requirements.txt:4"),
        (SourceTool.POETRY, "supplemental", True, "pyproject.toml:3"),
        (SourceTool.POETRY, "default", True, "pyproject.toml:7"),
        (SourceTool.PIPENV, "source", False, "Pipfile:3"),
    ]
    assert found.pipenv_mirror is not None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_requirements_are_read_in_the_encoding_of_their_mark(project: Path, encoding: str) -> None:
    (project / "requirements.txt").write_text(f"demo\n-i {A}\n", encoding=encoding)
    [source] = sources(project).sources
    assert source.address.origin == f"{project}/requirements.txt:2"


def test_requirements_that_are_no_text_are_noted_and_missing_ones_are_not(project: Path) -> None:
    binary, missing = project / "requirements-dev.txt", str(project / "missing.txt")
    binary.write_bytes(b"\x7fELF\0")
    with noting() as notes, pytest.raises(Unavailable):
        probe_project_sources(
            make_session({}, cwd=project),
            Project(str(project)),
            Requirements("", files=(missing,), others=(str(binary),)),
        )
    assert notes == {str(binary): "a binary file"}


def test_what_pip_reads_in_requirements_has_no_flaw(project: Path) -> None:
    """Quotation marks are the parser's, and a directory beside the file is as good as one where pip is called."""
    for directory in ("wheels", "sub/own wheels"):
        (project / directory).mkdir(parents=True)
    (project / "sub" / "more.txt").write_text("-f ./wheels\n--find-links 'own wheels'\n--find-links gone\n")
    (project / "requirements.txt").write_text(f'--index-url "{A}"\n-f ./wheels\n-r sub/more.txt\n')
    found = [(source.address.text, source.address.flaw) for source in sources(project).sources]
    assert found == [
        (A, None),
        ("./wheels", None),
        ("./wheels", None),
        ("own wheels", None),
        ("gone", Flaw.MISSING),
    ]


def test_an_address_in_a_variable_is_not_judged(project: Path) -> None:
    (project / "requirements.txt").write_text(
        "--index-url ${CORP_INDEX}\n--extra-index-url https://${HOST}/simple\n-f ./${WHEELS}\n"
        "--extra-index-url https://${USER}:${PW}@a.example/simple\n--extra-index-url $CORP\n"
    )
    (project / "Pipfile").write_text('[[source]]\nurl = "${PYPI_URL}"\n[[source]]\nurl = "$PYPI_URL"\n')
    assert [(s.address.text, s.address.flaw) for s in sources(project).sources] == [
        ("https://${USER}:${PW}@a.example/simple", None),
        ("$CORP", Flaw.NO_SCHEME),
    ]
