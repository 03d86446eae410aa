"""MIR004: an index that is set beside `no-index`."""

from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Safety, Severity, UnsetVariable
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.mirrors.ignored_settings import UnreadSettings
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.settings import FROM_VARIABLE
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvValue
from envdoctor.testing import assess
from envdoctor_checks.mirrors.index_order import extra_index_order, index_setting_dead
from tests.builders import UV_AND_PIP

MIRROR = "https://mirror.example/simple"
UV_TOML = "/home/ann/.config/uv/uv.toml"
PIP_CONF = "/home/ann/.config/pip/pip.conf"
VARIABLE = PipSetting("no-index", "1", FROM_VARIABLE, "PIP_NO_INDEX", PipLevel.VARIABLE)


def address(name: str, text: str = MIRROR) -> Address:
    return read(text, name, name, Reader.PIP)


def of_uv(key: str = "no-index", text: str = "no-index = true") -> UvValue:
    return UvValue(key, "true", UV_TOML, 3, text)


def judged(pip: PipIndexes | None = None, uv: UvIndexes | None = None) -> list[Finding]:
    return assess(
        index_setting_dead, uv or UvIndexes(), pip or PipIndexes(), UnreadSettings(()), UV_AND_PIP, None, None
    )


@pytest.mark.sick("MIR004")
def test_a_variable_of_pip_turns_the_mirror_off() -> None:
    assert judged(PipIndexes((address("PIP_INDEX_URL"),), no_index=VARIABLE)) == [
        Finding(
            f"pip never asks {MIRROR}: PIP_NO_INDEX=1 turns every index off, "
            "and no package can be installed by its name",
            Fix("Remove no-index, so that pip asks the index", UnsetVariable("PIP_NO_INDEX")),
            "PIP_INDEX_URL",
            (Evidence(f"PIP_INDEX_URL={MIRROR}", "PIP_INDEX_URL"), Evidence("PIP_NO_INDEX=1", "variable PIP_NO_INDEX")),
            Severity.WARNING,
        )
    ]


@pytest.mark.sick("MIR004")
def test_other_places_make_it_info() -> None:
    links = (address("PIP_FIND_LINKS", "/srv/wheels"),)
    [finding] = judged(PipIndexes(extras=(address("PIP_EXTRA_INDEX_URL"),), find_links=links, no_index=VARIABLE))
    assert finding.message.endswith("turns every index off, and only /srv/wheels is searched")
    assert finding.severity is Severity.INFO


@pytest.mark.sick("MIR004")
def test_a_file_of_pip_loses_the_line() -> None:
    lines = ("no-index = true",)
    setting = PipSetting("no-index", "true", "global", f"{PIP_CONF}:4", PipLevel.USER, PIP_CONF, lines)
    [finding] = judged(PipIndexes((address("PIP_INDEX_URL"),), no_index=setting))
    edit = EditFile(PIP_CONF, remove=lines)
    assert finding.fix == Fix("Remove no-index, so that pip asks the index", edit, safety=Safety.CHANGES_STATE)


@pytest.mark.sick("MIR004")
@pytest.mark.parametrize(
    ("of_pip", "of_projects", "tool"),
    [(True, True, "uv"), (True, False, "uv pip"), (False, True, "uv sync")],
)
def test_uv_is_named_by_the_commands_that_ask_nothing(of_pip: bool, of_projects: bool, tool: str) -> None:
    value = of_uv()
    indexes = UvIndexes(
        (address("UV_DEFAULT_INDEX"),),
        no_index=value if of_pip else None,
        no_index_of_projects=value if of_projects else None,
    )
    [finding] = judged(uv=indexes)
    assert finding.message.startswith(
        f"{tool} never asks {MIRROR}: `no-index = true` in {UV_TOML}:3 turns every index off"
    )
    assert finding.fix.actions == (EditFile(UV_TOML, remove=("no-index = true",)),)


@pytest.mark.sick("MIR004")
def test_a_line_that_stands_twice_is_taken_out_by_hand() -> None:
    [finding] = judged(uv=UvIndexes((address("UV_INDEX_URL"),), no_index=of_uv("pip.no-index", "")))
    assert finding.fix.actions == (Manual(f"Take `no-index` out of {UV_TOML}:3."),)


@pytest.mark.healthy("MIR004")
@pytest.mark.parametrize(
    ("pip", "uv"),
    [
        (PipIndexes(no_index=VARIABLE, find_links=(address("PIP_FIND_LINKS", "/w"),)), UvIndexes()),
        (PipIndexes(), UvIndexes(no_index=of_uv(), no_index_of_projects=of_uv())),
        (PipIndexes((address("PIP_INDEX_URL"),)), UvIndexes((address("UV_DEFAULT_INDEX"),))),
        (PipIndexes(no_index=VARIABLE), UvIndexes((address("UV_DEFAULT_INDEX"),))),
    ],
)
def test_no_index_beside_no_mirror(pip: PipIndexes, uv: UvIndexes) -> None:
    assert judged(pip, uv) == []


@pytest.mark.healthy("MIR008")
def test_the_order_of_indexes_that_nobody_asks_is_no_matter() -> None:
    extras = (address("X", "https://packages.corp/simple"),)
    assert assess(extra_index_order, UvIndexes(), PipIndexes(extras=extras, no_index=VARIABLE)) == []
    assert assess(extra_index_order, UvIndexes(extras=extras, no_index=of_uv()), PipIndexes()) == []
