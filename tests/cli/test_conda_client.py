from __future__ import annotations

import pytest

from envdoctor.cli.conda_client import spoken
from envdoctor.engine.finding import Finding, Outcome
from envdoctor.engine.fix import Activate, AnyAction, Deactivate, Fix, Manager, Manual, Run, Safety
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.facts.conda.client import CondaClient
from tests.samples import damp_ground


def results(finding: Finding) -> tuple[Result, ...]:
    return (Result(damp_ground, Outcome.FOUND, None, (finding,)),)


def said(finding: Finding, client: CondaClient | None) -> Finding:
    [result] = spoken(results(finding), Facts({CondaClient: client} if client else {}))
    return result.findings[0]


@pytest.mark.parametrize(
    ("step", "instead"),
    [
        (Run("conda", "install", "--yes", "--prefix", "/e", "pip"), "micromamba install --yes --prefix /e pip"),
        (Run("conda", "config", "--set", "ssl_verify", "true"), "micromamba config set ssl_verify true"),
        (Run("conda", "env", "update", "--file", "e.yml"), "micromamba update --file e.yml"),
        (Activate("/e", Manager.CONDA), "micromamba activate /e"),
        (Deactivate(Manager.CONDA), "micromamba deactivate"),
    ],
)
def test_a_step_of_conda_is_one_of_the_client_that_is_there(step: AnyAction, instead: str) -> None:
    finding = Finding("x", Fix("Mend x", step, safety=Safety.CHANGES_STATE))
    fix = said(finding, CondaClient("micromamba")).fix
    assert fix.actions == (Run(*instead.split()),)
    assert (fix.safety, fix.scope) == (Safety.CHANGES_STATE, finding.fix.scope)
    assert said(finding, None) == finding


def test_words_that_the_reader_types_name_it_and_others_do_not() -> None:
    message = "a conda environment, which `conda list` shows"
    fix = Fix("Let conda reinstall its own", Manual("Run `conda install x`, as conda-forge has it"))
    finding = said(Finding(message, fix), CondaClient("mamba"))
    assert finding.message == "a conda environment, which `mamba list` shows"
    assert finding.fix == Fix("Let mamba reinstall its own", Manual("Run `mamba install x`, as conda-forge has it"))


def test_what_conda_has_no_part_in_stays() -> None:
    finding = Finding("x", Fix("Let conda be", Run("/opt/conda/bin/conda", "list"), Activate("/v"), Deactivate()))
    assert said(finding, CondaClient("micromamba")) == finding
