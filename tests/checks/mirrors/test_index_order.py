from __future__ import annotations

import pytest

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.http.url import (
    PUBLIC_LABELS,
    Address,
    Reader,
    read,
)
from envdoctor.facts.mirrors.ignored_settings import Unread, UnreadSettings, WhyUnread
from envdoctor.facts.mirrors.project_sources import ProjectSource, ProjectSources, SourceTool
from envdoctor.facts.mirrors.silenced_settings import SilencedSetting, SilencedSettings
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.testing import assess
from envdoctor_checks.mirrors.index_order import extra_index_order, index_setting_dead
from tests.builders import UV_AND_PIP

A, B = "https://a.example/simple", "https://b.example/simple"
PROJECT = "/home/ann/app/pyproject.toml"
USER = "/home/ann/.config/uv/uv.toml"


def variable(name: str, text: str) -> Address:
    return read(text, name, name, Reader.PIP)


def in_file(setting: str, text: str, path: str = USER) -> Address:
    return read(text, setting, f"{path}:2", Reader.UV_INDEX, file=path)


def dead(
    uv: UvIndexes | None = None,
    pip: PipIndexes | None = None,
    unread: tuple[Unread, ...] = (),
    project: Project | None = None,
    sources: ProjectSources | None = None,
    silenced: tuple[SilencedSetting, ...] = (),
) -> list[Finding]:
    facts = (uv or UvIndexes(), pip or PipIndexes(), UnreadSettings(unread), UV_AND_PIP, project, sources)
    return assess(index_setting_dead, *facts, SilencedSettings(silenced))


@pytest.mark.sick("MIR004")
def test_a_silenced_file_is_named_with_the_variable_that_does_it() -> None:
    file = "/home/ann/.config/pip/pip.conf"
    setting = SilencedSetting("pip", "[global] index-url", A, file, 2, "PIP_CONFIG_FILE", "/dev/null")
    assert dead(silenced=(setting,)) == [
        Finding(
            f"[global] index-url in {file} has no effect: PIP_CONFIG_FILE keeps pip from that file",
            Fix("Unset PIP_CONFIG_FILE, if the file is to count", UnsetVariable("PIP_CONFIG_FILE")),
            f"{file}:2",
            (
                Evidence(f"[global] index-url: {A}", f"{file}:2"),
                Evidence("PIP_CONFIG_FILE=/dev/null", "PIP_CONFIG_FILE"),
            ),
            Severity.INFO,
        )
    ]


@pytest.mark.sick("MIR004")
def test_a_dot_env_is_no_file_of_uv() -> None:
    [finding] = dead(silenced=(SilencedSetting("uv", "UV_INDEX", A, "/p/.env", 1),))
    assert finding.message == "UV_INDEX in /p/.env has no effect: uv reads no setting of its own from a .env file"
    assert finding.severity is Severity.INFO


@pytest.mark.healthy("MIR004")
def test_what_silences_nothing_or_a_tool_that_is_not_here() -> None:
    assert dead() == []
    setting = SilencedSetting("conda", "channels", A, "/p/.condarc", 1)
    assert dead(silenced=(setting,)) == []


@pytest.mark.sick("MIR004")
def test_the_older_variable_beside_its_successor() -> None:
    new, old = variable("UV_DEFAULT_INDEX", A), variable("UV_INDEX_URL", B)
    assert dead(UvIndexes((new, old))) == [
        Finding(
            "UV_INDEX_URL (https://b.example/simple) is not used: UV_DEFAULT_INDEX wins",
            Fix("Remove the setting without effect", UnsetVariable("UV_INDEX_URL")),
            "UV_INDEX_URL",
            (Evidence(f"UV_INDEX_URL={B}", "UV_INDEX_URL"), Evidence(f"UV_DEFAULT_INDEX={A}", "UV_DEFAULT_INDEX")),
        )
    ]


@pytest.mark.sick("MIR004")
def test_a_table_of_the_user_beats_the_older_key_of_the_project() -> None:
    table, key = in_file("[[index]] with default = true", A), in_file("index-url", B, PROJECT)
    [finding] = dead(UvIndexes((table, key), project_file=PROJECT))
    assert finding.message == "index-url (https://b.example/simple) is not used: [[index]] with default = true wins"
    assert finding.where == f"{PROJECT}:2"


@pytest.mark.sick("MIR004")
def test_install_beats_global_of_another_file() -> None:
    winner, loser = (
        in_file("[install] index-url", A, "/home/ann/.pip/pip.conf"),
        in_file("[global] index-url", B, "/v/pip.conf"),
    )
    [finding] = dead(pip=PipIndexes((winner, loser)))
    assert finding.message.startswith(
        "[global] index-url (https://b.example/simple) is not used: [install] index-url wins"
    )
    assert finding.severity is Severity.INFO


@pytest.mark.sick("MIR004")
def test_settings_that_nobody_reads() -> None:
    misspelt = Unread("PIP_INDEX", A, "PIP_INDEX", WhyUnread.MISSPELT, "PIP_INDEX_URL")
    absent = Unread("PIP_CONFIG_FILE", "/nowhere", "PIP_CONFIG_FILE", WhyUnread.NO_FILE)
    misplaced = Unread(
        "[global] index-url", A, "/home/ann/pip.conf:2", WhyUnread.OTHER_FILE, "/home/ann/.config/pip/pip.conf"
    )
    hidden = Unread("[tool.uv] index", A, f"{PROJECT}:3", WhyUnread.BESIDE_UV_TOML, "/home/ann/app/uv.toml")
    assert [
        (finding.message, finding.fix.actions, finding.severity)
        for finding in dead(unread=(misspelt, absent, misplaced, hidden))
    ] == [
        (
            "no tool reads PIP_INDEX; PIP_INDEX_URL is the variable for this",
            (CopyVariable("PIP_INDEX_URL", "PIP_INDEX"), UnsetVariable("PIP_INDEX")),
            Severity.INFO,
        ),
        (
            "PIP_CONFIG_FILE names /nowhere, which does not exist, and so changes nothing",
            (UnsetVariable("PIP_CONFIG_FILE"),),
            Severity.WARNING,
        ),
        (
            "[global] index-url in /home/ann/pip.conf:2 has no effect: pip does not look into this file",
            (Manual("Move [global] index-url from /home/ann/pip.conf:2 to /home/ann/.config/pip/pip.conf."),),
            Severity.WARNING,
        ),
        (
            f"[tool.uv] index in {PROJECT}:3 has no effect: uv looks into the uv.toml beside it only",
            (Manual(f"Move [tool.uv] index from {PROJECT}:3 to /home/ann/app/uv.toml."),),
            Severity.WARNING,
        ),
    ]


def test_the_pip_table_does_not_count_for_the_projects_commands() -> None:
    uv = UvIndexes((in_file("[pip] index-url", A, PROJECT),), project_file=PROJECT)
    [finding] = dead(uv, project=Project("/home/ann/app", manager=ProjectManager.UV))
    assert finding.message.startswith("[pip] index-url counts for `uv pip` alone")
    assert dead(uv, project=Project("/home/ann/app")) == []


def test_a_variable_of_uv_beats_the_requirements_file() -> None:
    address = in_file("--index-url", B, "/home/ann/app/requirements.txt")
    sources = ProjectSources((ProjectSource(SourceTool.REQUIREMENTS, address, "--index-url"),))
    [finding] = dead(UvIndexes((variable("UV_DEFAULT_INDEX", A),)), sources=sources)
    assert finding.message == f"uv goes to {A} (UV_DEFAULT_INDEX), pip to {B}, as this file says"
    assert finding.severity is Severity.INFO


@pytest.mark.healthy("MIR004")
@pytest.mark.parametrize(
    ("uv", "pip"),
    [
        (UvIndexes((variable("UV_INDEX_URL", A),)), PipIndexes()),
        (UvIndexes((variable("UV_DEFAULT_INDEX", A), variable("UV_INDEX_URL", f"{A}/"))), PipIndexes()),
        (UvIndexes((variable("UV_DEFAULT_INDEX", A), in_file("[[index]] with default = true", B))), PipIndexes()),
        (UvIndexes((in_file("index-url", A, PROJECT), in_file("index-url", B)), project_file=PROJECT), PipIndexes()),
        (UvIndexes(), PipIndexes((variable("PIP_INDEX_URL", A), in_file("[global] index-url", B)))),
        (UvIndexes(), PipIndexes((in_file("[install] index-url", A), in_file("[global] index-url", B)))),
    ],
)
def test_a_variable_may_override_a_file(uv: UvIndexes, pip: PipIndexes) -> None:
    assert dead(uv, pip) == []


WHEELS = "https://download.example/whl/cu126"


def order(uv: UvIndexes | None = None, pip: PipIndexes | None = None) -> list[Finding]:
    return assess(extra_index_order, uv or UvIndexes(), pip or PipIndexes())


@pytest.mark.sick("MIR008")
def test_an_index_that_uv_asks_first_for_everything() -> None:
    assert order(UvIndexes(extras=(variable("UV_EXTRA_INDEX_URL", WHEELS),))) == [
        Finding(
            f"UV_EXTRA_INDEX_URL makes uv ask {WHEELS} first, for every package of every project",
            Fix(
                "Restrict the index to its own packages",
                Manual("Write it as [[index]] with a name and explicit = true, and name it in [tool.uv.sources]."),
            ),
            "UV_EXTRA_INDEX_URL",
            (
                Evidence(f"UV_EXTRA_INDEX_URL={WHEELS}", "UV_EXTRA_INDEX_URL"),
                Evidence("the first index that has a package wins", "uv"),
            ),
            Severity.WARNING,
        )
    ]
    [finding] = order(UvIndexes(extras=(in_file("[[index]]", WHEELS, PROJECT),)))
    assert finding.severity is Severity.INFO


@pytest.mark.sick("MIR008")
@pytest.mark.parametrize(
    "text", ["https://packages.corp/simple", "https://10.1.2.3/simple", "https://me:pw@p.example/simple"]
)
def test_a_private_index_beside_the_public_one_in_pip(text: str) -> None:
    [finding] = order(pip=PipIndexes(extras=(variable("PIP_EXTRA_INDEX_URL", text),)))
    assert finding.message.startswith("pip prefers a higher version from the public index to the packages of https://")
    assert "pw" not in finding.message
    assert finding.severity is Severity.WARNING


def test_the_public_index_beside_a_private_one_is_no_better() -> None:
    public = variable("PIP_EXTRA_INDEX_URL", f"https://{'.'.join(PUBLIC_LABELS)}/simple")
    [finding] = order(pip=PipIndexes((variable("PIP_INDEX_URL", "https://packages.corp/simple"),), (public,)))
    assert finding.where == "PIP_INDEX_URL"


@pytest.mark.healthy("MIR008")
@pytest.mark.parametrize(
    ("uv", "pip"),
    [
        (UvIndexes(explicit=(in_file("[[index]]", WHEELS, PROJECT),)), PipIndexes()),
        (UvIndexes(extras=(variable("UV_INDEX", WHEELS),), strategy="unsafe-best-match"), PipIndexes()),
        (
            UvIndexes((variable("UV_DEFAULT_INDEX", A),), (variable("UV_INDEX", "https://a.example/private"),)),
            PipIndexes(),
        ),
        (UvIndexes(extras=(variable("UV_INDEX", "http://127.0.0.1:3141/x"),)), PipIndexes()),
        (UvIndexes(), PipIndexes(extras=(variable("PIP_EXTRA_INDEX_URL", WHEELS),))),
        (
            UvIndexes(),
            PipIndexes((variable("PIP_INDEX_URL", A),), (variable("PIP_EXTRA_INDEX_URL", "https://p.corp/s"),)),
        ),
    ],
)
def test_several_indexes_that_do_not_get_in_each_others_way(uv: UvIndexes, pip: PipIndexes) -> None:
    assert order(uv, pip) == []
