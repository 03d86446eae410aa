from __future__ import annotations

import pytest

from envdoctor import (
    CopyVariable,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    SetFromOutput,
    SetVariable,
    Severity,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.mirrors.project_sources import ProjectSource, ProjectSources, SourceTool
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.settings import FROM_VARIABLE
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvValue
from envdoctor.testing import assess
from envdoctor_checks.mirrors.indexes import index_value_malformed, pip_and_uv_indexes_differ
from tests.builders import UV_AND_PIP, make_examined, make_hit

MIRROR = "https://mirror.example/simple"
PIP_CONF = "/home/ann/.config/pip/pip.conf"
UV_TOML = "/home/ann/.config/uv/uv.toml"
USER = "/home/ann/.config/uv/uv.toml"


def pip_variable(text: str, name: str = "PIP_INDEX_URL") -> Address:
    return read(text, name, name, Reader.PIP)


def pip_file(text: str) -> Address:
    return read(text, "[global] index-url", f"{PIP_CONF}:2", Reader.PIP, file=PIP_CONF)


def uv_variable(text: str, name: str = "UV_DEFAULT_INDEX", reader: Reader = Reader.UV_INDEX) -> Address:
    return read(text, name, name, reader)


def uv_file(text: str, path: str = UV_TOML) -> Address:
    return read(text, "[[index]] with default = true", f"{path}:2", Reader.UV_INDEX, file=path)


def malformed(*addresses: Address, uv: UvIndexes | None = None, sources: ProjectSources | None = None) -> list[Finding]:
    return assess(index_value_malformed, PipIndexes(addresses[:1], addresses[1:]), uv or UvIndexes(), sources)


@pytest.mark.sick("MIR005")
def test_an_address_without_a_scheme() -> None:
    assert malformed(pip_variable("mirror.example/simple")) == [
        Finding(
            "the address in PIP_INDEX_URL does not begin with https://",
            Fix("Write one whole address", SetVariable("PIP_INDEX_URL", MIRROR)),
            "PIP_INDEX_URL",
            (Evidence("PIP_INDEX_URL=mirror.example/simple", "PIP_INDEX_URL"),),
        )
    ]


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize(
    ("name", "text", "step"),
    [
        ("UV_DEFAULT_INDEX", "file://~/simple", SetVariable("UV_DEFAULT_INDEX", "file:///home/me/simple")),
        ("UV_INDEX_URL", "${HOME}/sïmple", SetVariable("UV_INDEX_URL", "file:///home/me/s%C3%AFmple")),
        ("UV_FIND_LINKS", "$HOME/wheels", SetVariable("UV_FIND_LINKS", "file:///home/me/wheels")),
    ],
)
def test_a_home_that_no_shell_has_put_in(name: str, text: str, step: SetVariable) -> None:
    uv = UvIndexes((uv_variable(text, name, Reader.UV_LEGACY_INDEX),))
    [finding] = assess(index_value_malformed, PipIndexes(), uv, None, None, None, make_examined())
    assert finding.message == (
        f"the address in {name} begins with ~ or $HOME, in whose place the tool does not put the home"
    )
    assert finding.fix.actions == (step,)
    [finding] = malformed(uv=uv)
    assert finding.fix.actions == (Manual(f"Write the directory's path in full for {name} in {name}."),)


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize(
    ("address", "message", "meant"),
    [
        (uv_variable(f'"{MIRROR}"'), "has quotation marks in it", MIRROR),
        (uv_variable("corp=" + MIRROR, "UV_INDEX_URL", Reader.UV_LEGACY_INDEX), "has a name in front", MIRROR),
        (uv_variable("mirror.example"), "does not begin with https://", MIRROR),
        (uv_variable("'mirror.example/'"), "has quotation marks in it", MIRROR),
        (uv_variable("mirror.example", "UV_FIND_LINKS"), "does not begin with https://", "https://mirror.example"),
        (uv_variable("https://" + MIRROR), "begins with a scheme twice", MIRROR),
        (uv_variable("https://m.example:x/simple"), "has a port that is not a number", None),
        (
            uv_variable("https://mirror.example/pypi"),
            "(https://mirror.example/pypi) ends before",
            "https://mirror.example/pypi/simple",
        ),
        (uv_variable("corp=https://mirror.example/"), "(https://mirror.example/) ends before", f"corp={MIRROR}"),
        (
            uv_variable("https://mirror.example/legacy/"),
            "(https://mirror.example/legacy/) is where packages are uploaded",
            None,
        ),
        (uv_variable("https://me:pw@mirror.example"), "(https://mirror.example) ends before", None),
    ],
)
def test_addresses_that_uv_does_not_understand(address: Address, message: str, meant: str | None) -> None:
    [finding] = malformed(uv=UvIndexes((address,)))
    assert finding.message.startswith(f"the address in {address.setting} {message}")
    assert "pw" not in finding.message
    [action] = finding.fix.actions
    assert getattr(action, "value", None) == meant


@pytest.mark.sick("MIR005")
def test_a_carriage_return_and_a_blank_go() -> None:
    for end, message in (("\r", "ends with a carriage return, as lines of Windows do"), (" ", "begins or ends with")):
        address = read(f"https://mirror.example/simple{end}", "PIP_INDEX_URL", "PIP_INDEX_URL", Reader.PIP)
        [finding] = assess(index_value_malformed, PipIndexes((address,)), UvIndexes(), None, None, None)
        assert message in finding.message
        assert finding.fix.actions == (SetVariable("PIP_INDEX_URL", "https://mirror.example/simple"),)


@pytest.mark.sick("MIR005")
def test_addresses_that_are_joined_by_commas_are_separated() -> None:
    extras = (
        uv_variable(f"one={MIRROR}", "UV_INDEX"),
        uv_variable("a=https://a.example/s,b=https://b.example/s", "UV_INDEX"),
    )
    [finding] = malformed(uv=UvIndexes(extras=extras))
    assert finding.message == "the address in UV_INDEX is several addresses joined by commas"
    assert finding.fix == Fix(
        "Separate whole addresses as the tool does",
        SetVariable("UV_INDEX", f"one={MIRROR} a=https://a.example/s b=https://b.example/s"),
    )


def test_a_malformed_address_in_a_file_is_named_with_its_line() -> None:
    [finding] = malformed(pip_file("'https://mirror.example/simple'"))
    assert finding.where == f"{PIP_CONF}:2"
    assert finding.fix.actions == (Manual(f"In {PIP_CONF}:2 write {MIRROR} for [global] index-url."),)


def test_sources_of_the_project_are_read_too() -> None:
    source = ProjectSource(
        SourceTool.POETRY,
        read("m.example/s", "[[tool.poetry.source]]", "/p/pyproject.toml:3", Reader.PLAIN, file="/p/pyproject.toml"),
        "primary",
    )
    [finding] = malformed(sources=ProjectSources((source,)))
    assert finding.where == "/p/pyproject.toml:3"


@pytest.mark.healthy("MIR005")
@pytest.mark.parametrize(
    "address",
    [
        uv_variable(MIRROR),
        uv_variable(f" {MIRROR} "),
        uv_variable("/tmp"),
        uv_variable("file:///tmp"),
        uv_variable("http://127.0.0.1:3141"),
        uv_variable("https://mirror.example/root/internal/+simple/"),
        uv_variable("https://download.example/whl/cu126"),
        uv_variable("https://[2001:db8::1]:8080/simple"),
        uv_variable("https://bücher.example/simple"),
        uv_file("https://mirror.example:x/simple"),  # uv itself refuses this file, which UV003 says
    ],
)
def test_addresses_that_work(address: Address) -> None:
    assert malformed(uv=UvIndexes((address,))) == []


ONLY_UV = Commands((make_hit("uv", "/home/ann/.local/bin/uv"),))
SYSTEM = Commands((make_hit("uv", "/home/ann/.local/bin/uv"), make_hit("pip", "/usr/bin/pip")))


def differ(pip: PipIndexes, uv: UvIndexes, commands: Commands = UV_AND_PIP) -> list[Finding]:
    return assess(pip_and_uv_indexes_differ, pip, uv, commands)


@pytest.mark.sick("MIR003")
def test_a_mirror_that_only_pip_has() -> None:
    assert differ(PipIndexes((pip_variable(MIRROR),)), UvIndexes()) == [
        Finding(
            "pip installs from https://mirror.example/simple, but uv from where it goes when nothing is set",
            Fix("Give uv the same index", CopyVariable("UV_DEFAULT_INDEX", "PIP_INDEX_URL")),
            "PIP_INDEX_URL",
            (Evidence(f"PIP_INDEX_URL={MIRROR}", "PIP_INDEX_URL"), Evidence("no default index is set for uv", "uv")),
        )
    ]


@pytest.mark.sick("MIR003")
def test_a_mirror_in_a_file_of_pip_goes_to_a_file_of_uv() -> None:
    [finding] = differ(PipIndexes((pip_file(MIRROR),)), UvIndexes(user_file=USER))
    assert finding.fix == Fix(
        "Give uv the same index, in the user's uv.toml",
        Run("mkdir", "-p", "/home/ann/.config/uv"),
        EditFile(USER, add=("", "[[index]]", f'url = "{MIRROR}"', "default = true")),
    )


def test_a_password_is_taken_from_where_it_is() -> None:
    [finding] = differ(PipIndexes((pip_file("https://me:pw@mirror.example/simple"),)), UvIndexes(user_file=USER))
    assert finding.fix.actions == (SetFromOutput("UV_DEFAULT_INDEX", ("pip", "config", "get", "global.index-url")),)
    assert "pw" not in finding.message

    [finding] = differ(PipIndexes((pip_file("https://me:pw@mirror.example/simple"),)), UvIndexes(), ONLY_UV)
    assert finding.fix.actions == (Manual(f"Set UV_DEFAULT_INDEX to the address that {PIP_CONF}:2 holds."),)


@pytest.mark.parametrize(
    ("pip", "uv"),
    [
        (PipIndexes((pip_file(MIRROR),)), UvIndexes()),
        (PipIndexes((pip_file(MIRROR),), own_file=PIP_CONF), UvIndexes(user_file=USER)),
    ],
    ids=["no table can be appended to the user's file", "it holds for one environment only"],
)
def test_what_no_file_of_uv_can_take_goes_into_a_variable(pip: PipIndexes, uv: UvIndexes) -> None:
    [finding] = differ(pip, uv)
    assert finding.fix == Fix("Give uv the same index", SetVariable("UV_DEFAULT_INDEX", MIRROR))


@pytest.mark.sick("MIR003")
def test_a_mirror_that_only_uv_has() -> None:
    [finding] = differ(PipIndexes(), UvIndexes((uv_variable(MIRROR),)))
    assert finding.fix == Fix("Give pip the same index", CopyVariable("PIP_INDEX_URL", "UV_DEFAULT_INDEX"))
    assert finding.severity is Severity.WARNING
    [finding] = differ(PipIndexes(), UvIndexes((uv_variable(f"corp={MIRROR}"),)), SYSTEM)
    assert finding.fix.actions == (SetVariable("PIP_INDEX_URL", MIRROR),)
    assert finding.severity is Severity.INFO
    [finding] = differ(PipIndexes(), UvIndexes((uv_file(MIRROR),)))
    assert finding.fix.actions == (Run("pip", "config", "set", "global.index-url", MIRROR),)
    [finding] = differ(PipIndexes(reads_user_file=False), UvIndexes((uv_file(MIRROR),)))  # PIP_CONFIG_FILE=/dev/null
    assert finding.fix.actions == (SetVariable("PIP_INDEX_URL", MIRROR),)


def test_two_mirrors_are_advice() -> None:
    [finding] = differ(PipIndexes((pip_file(MIRROR),)), UvIndexes((uv_variable("https://other.example/simple"),)))
    assert finding.message == "pip installs from https://mirror.example/simple, uv from https://other.example/simple"
    assert finding.severity is Severity.INFO


PROJECT_TOML = "/home/ann/app/pyproject.toml"
NO_INDEX = PipSetting("no-index", "1", FROM_VARIABLE, "PIP_NO_INDEX", PipLevel.VARIABLE)


@pytest.mark.healthy("MIR003")
@pytest.mark.parametrize(
    ("pip", "uv", "commands"),
    [
        (PipIndexes(), UvIndexes(), UV_AND_PIP),
        (PipIndexes((pip_file(MIRROR),)), UvIndexes((uv_variable(f"{MIRROR}/"),)), UV_AND_PIP),
        (
            PipIndexes((pip_file(MIRROR),)),
            UvIndexes((uv_variable("https://me:pw@mirror.example/pypi/simple"),)),
            UV_AND_PIP,
        ),
        (PipIndexes((pip_file(MIRROR),)), UvIndexes(extras=(uv_variable(MIRROR, "UV_INDEX"),)), UV_AND_PIP),
        (PipIndexes((pip_file(MIRROR),)), UvIndexes(), Commands()),
        (PipIndexes((pip_file(MIRROR),), no_index=NO_INDEX), UvIndexes(), UV_AND_PIP),
        (PipIndexes(no_index=NO_INDEX), UvIndexes((uv_variable(MIRROR),)), UV_AND_PIP),
        (PipIndexes((pip_file(MIRROR),)), UvIndexes(no_index=UvValue("no-index", "true", "/u/uv.toml", 1)), UV_AND_PIP),
        (PipIndexes(extras=(pip_file(MIRROR),)), UvIndexes(), UV_AND_PIP),
        (PipIndexes(), UvIndexes((uv_file(MIRROR, PROJECT_TOML),), project_file=PROJECT_TOML), UV_AND_PIP),
        (
            PipIndexes((pip_file(MIRROR),)),
            UvIndexes((uv_file("https://o.example/s", PROJECT_TOML),), project_file=PROJECT_TOML),
            UV_AND_PIP,
        ),
        (PipIndexes(), UvIndexes((uv_variable(MIRROR),)), Commands()),
    ],
)
def test_one_index_or_a_deliberate_choice(pip: PipIndexes, uv: UvIndexes, commands: Commands) -> None:
    assert differ(pip, uv, commands) == []


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize(
    "path", ["/artifactory/api/pypi/team", "/repository/all-python", "/nexus/repository/all", "/root/pypi"]
)
def test_layouts_of_servers_that_have_the_list_further_on(path: str) -> None:
    [finding] = malformed(pip_variable(f"https://mirror.example{path}"))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (SetVariable("PIP_INDEX_URL", f"https://mirror.example{path}/simple"),)


@pytest.mark.healthy("MIR005")
@pytest.mark.parametrize("path", ["/artifactory/api/pypi/team/simple", "/repository/all/simple", "/own/index"])
def test_layouts_that_are_complete_or_not_known(path: str) -> None:
    assert malformed(pip_variable(f"https://mirror.example{path}")) == []
