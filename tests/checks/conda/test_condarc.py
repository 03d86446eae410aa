from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.conda.condarc import Condarc, CondarcFile, CondarcValue
from envdoctor.testing import assess
from envdoctor_checks.conda.condarc import condarc_invalid

CONDARC = "/home/ann/.condarc"


def value(key: str, text: str, line: int = 2, entry: str | None = None, *, listed: bool = False) -> CondarcValue:
    return CondarcValue(key, text, f"{CONDARC}:{line}", entry, CONDARC, listed)


def condarc(*values: CondarcValue) -> list[Finding]:
    return assess(condarc_invalid, Condarc((CondarcFile(CONDARC),), values))


@pytest.mark.sick("CND008")
def test_a_file_that_conda_cannot_read() -> None:
    said = "found character 'a tab' that cannot start any token"
    assert assess(condarc_invalid, Condarc((CondarcFile(CONDARC, said, 2),))) == [
        Finding(
            f"conda cannot read {CONDARC}:2: {said}",
            Fix(
                "Correct the configuration file",
                Manual(f"Correct {CONDARC}:2: {said}. YAML wants spaces, and each key once."),
            ),
            f"{CONDARC}:2",
            (Evidence(said, f"{CONDARC}:2"),),
            stops=(("conda",), ("mamba",)),
        )
    ]


@pytest.mark.sick("CND008")
def test_default_for_defaults() -> None:
    assert condarc(value("channels", "default", listed=True)) == [
        Finding(
            f"{CONDARC}:2 names the channel `default`, which does not exist: it is called `defaults`",
            Fix(
                "Replace the channel by `defaults`",
                Run("conda", "config", "--file", CONDARC, "--remove", "channels", "default"),
                Run("conda", "config", "--file", CONDARC, "--append", "channels", "defaults"),
                safety=Safety.CHANGES_STATE,
            ),
            f"{CONDARC}:2",
            (Evidence("channels: default", f"{CONDARC}:2"),),
        )
    ]


@pytest.mark.sick("CND008")
@pytest.mark.parametrize("channel", ["https://m/anaconda/pkgs/free/", "free", "https://repo.anaconda.com/pkgs/mro"])
def test_channels_that_were_closed(channel: str) -> None:
    [finding] = condarc(value("default_channels", channel, listed=True))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run("conda", "config", "--file", CONDARC, "--remove", "default_channels", channel),)


@pytest.mark.sick("CND008")
def test_a_custom_channel_that_repeats_its_name() -> None:
    [finding] = condarc(value("custom_channels", "https://m/cloud/conda-forge", 4, "conda-forge"))
    assert finding.message == (
        f"{CONDARC}:4 sends conda-forge to https://m/cloud/conda-forge/conda-forge: the name is appended by conda"
    )
    assert finding.fix.actions == (
        Run("conda", "config", "--file", CONDARC, "--set", "custom_channels.conda-forge", "https://m/cloud"),
    )


@pytest.mark.sick("CND008")
def test_an_alias_without_a_scheme_or_with_a_channel_in_it() -> None:
    [finding] = condarc(value("channel_alias", "mirror.example/anaconda/cloud"))
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (Run("conda", "config", "--file", CONDARC, "--remove-key", "channel_alias"),)
    [finding] = condarc(value("channel_alias", "https://m/cloud/conda-forge/"))
    assert finding.severity is Severity.WARNING
    [finding] = condarc(CondarcValue("channel_alias", "m/cloud", "CONDA_CHANNEL_ALIAS"))
    assert finding.fix == Fix("Unset CONDA_CHANNEL_ALIAS", UnsetVariable("CONDA_CHANNEL_ALIAS"))
    [finding] = condarc(CondarcValue("channels", "default", "CONDA_CHANNELS", listed=True))
    assert finding.fix == Fix("Correct the variable", Manual("Take default out of CONDA_CHANNELS."))


@pytest.mark.healthy("CND008")
def test_mirrors_as_they_want_to_be_written() -> None:
    assert (
        condarc(
            value("channels", "defaults", listed=True),
            value("channels", "nodefaults", listed=True),
            value("channels", "https://m/anaconda/cloud/pytorch", listed=True),
            value("default_channels", "https://m/anaconda/pkgs/main", listed=True),
            value("default_channels", "https://m/anaconda/pkgs/r", listed=True),
            value("custom_channels", "https://m/anaconda/cloud", entry="conda-forge"),
            value("channel_alias", "https://m/anaconda/cloud"),
            value("channels", "freesurfer", listed=True),
        )
        == []
    )
