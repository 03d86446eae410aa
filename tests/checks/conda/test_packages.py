from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.installations import (
    CondaRoots,
)
from envdoctor.facts.conda.packages import (
    BrokenRecord,
    CondaPackages,
    Contested,
    Metadata,
)
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.testing import assess
from envdoctor_checks.conda.packages import conda_history_missing, conda_record_unreadable, pip_overwrote_conda_packages
from tests.checks.conda.literals import SITE

PREFIX = "/opt/conda/envs/ml"


SITE_PACKAGES = f"{PREFIX}/lib/python3.12/site-packages"


def contested(name: str, installer: str | None = "pip", *, editable: bool = False, exists: bool = False) -> Contested:
    other = Metadata(f"{SITE_PACKAGES}/{name}-2.0.dist-info", "2.0", installer, editable)
    record = f"{PREFIX}/conda-meta/{name}-1.0-0.json"
    return Contested(name, "1.0", record, f"{SITE_PACKAGES}/{name}-1.0.dist-info", exists, (other,))


@pytest.mark.sick("CND006")
def test_pip_replaced_what_conda_had_installed() -> None:
    packages = CondaPackages(PREFIX, 2, (contested("attrs"), contested("numpy")))
    assert assess(pip_overwrote_conda_packages, packages) == [
        Finding(
            f"pip or uv has overwritten what conda installed in {PREFIX}: attrs, numpy",
            Fix(
                "Reinstall conda's versions of these packages",
                Run(f"{PREFIX}/bin/python", "-m", "pip", "uninstall", "--yes", "attrs", "numpy"),
                Run("conda", "install", "--yes", "--prefix", PREFIX, "--force-reinstall", "attrs=1.0", "numpy=1.0"),
                safety=Safety.CHANGES_STATE,
            ),
            PREFIX,
            (
                Evidence("attrs 1.0 by conda, 2.0 by pip", f"{PREFIX}/conda-meta/attrs-1.0-0.json"),
                Evidence("numpy 1.0 by conda, 2.0 by pip", f"{PREFIX}/conda-meta/numpy-1.0-0.json"),
            ),
            Severity.ERROR,
        )
    ]
    [finding] = assess(pip_overwrote_conda_packages, CondaPackages(PREFIX, 1, (contested("pip"),)))
    assert finding.severity is Severity.INFO
    [finding] = assess(pip_overwrote_conda_packages, CondaPackages(PREFIX, 1, (contested("attrs", "uv"),)))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions[0] == Run("uv", "pip", "uninstall", "--python", PREFIX, "attrs")


@pytest.mark.sick("CND006")
def test_in_the_base_conda_never_loses_what_it_runs_on() -> None:
    packages = CondaPackages("/opt/conda", 400, (contested("requests"),))
    [finding] = assess(pip_overwrote_conda_packages, packages, CondaRoots((SITE,)))
    assert finding.severity is Severity.ERROR
    metadata, reinstall = finding.fix.actions
    assert metadata == Run("rm", "-r", "--", f"{SITE_PACKAGES}/requests-2.0.dist-info")
    assert isinstance(reinstall, Run)
    assert reinstall.argv[0] == "conda"
    assert finding.fix.safety is Safety.DESTRUCTIVE


@pytest.mark.sick("CND006")
def test_where_the_metadata_of_both_is_there_pip_uninstalls_twice() -> None:
    packages = CondaPackages(PREFIX, 1, (contested("attrs", exists=True),))
    [finding] = assess(pip_overwrote_conda_packages, packages)
    uninstall = Run(f"{PREFIX}/bin/python", "-m", "pip", "uninstall", "--yes", "attrs")
    assert finding.fix.actions[:2] == (uninstall, uninstall)
    assert finding.fix.actions[2:] != ()


@pytest.mark.healthy("CND006")
def test_pip_beside_conda_is_healthy() -> None:
    removed = msgspec.structs.replace(contested("attrs"), others=())
    packages = CondaPackages(PREFIX, 4, (contested("app", editable=True), contested("six", "conda"), removed))
    assert assess(pip_overwrote_conda_packages, packages) == []
    assert assess(pip_overwrote_conda_packages, CondaPackages(PREFIX, 400)) == []


@pytest.mark.sick("CND013")
def test_a_truncated_record() -> None:
    record = f"{PREFIX}/conda-meta/numpy-1.0-0.json"
    packages = CondaPackages(PREFIX, 1, broken=(BrokenRecord(record, "Input data was truncated"),))
    assert assess(conda_record_unreadable, packages) == [
        Finding(
            f"the record {record} cannot be read: Input data was truncated",
            Fix(
                "Move the record away, then reinstall the package",
                Run("mv", "-n", "--", record, f"{record}.broken"),
                Run("conda", "install", "--yes", "--prefix", PREFIX, "--force-reinstall", "numpy=1.0"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("rm", "-f", "--", record), Run("mv", "-n", "--", f"{record}.broken", record)),
            ),
            record,
            (Evidence("Input data was truncated", record),),
        )
    ]


@pytest.mark.sick("CND013")
def test_a_record_of_which_the_name_does_not_say_what_it_is_about() -> None:
    packages = CondaPackages(PREFIX, 1, broken=(BrokenRecord(f"{PREFIX}/conda-meta/numpy.json", "truncated"),))
    [finding] = assess(conda_record_unreadable, packages)
    assert isinstance(finding.fix.actions[-1], Manual)


@pytest.mark.healthy("CND013")
def test_records_that_can_be_read() -> None:
    assert assess(conda_record_unreadable, CondaPackages(PREFIX, 400)) == []


WITHOUT_HISTORY = CondaActivation(prefix=PREFIX, real=PREFIX, exe="/opt/conda/bin/conda", has_history=False)
HISTORY = f"{PREFIX}/conda-meta/history"


@pytest.mark.sick("CND015")
def test_an_environment_that_conda_takes_for_none() -> None:
    assert assess(conda_history_missing, WITHOUT_HISTORY, Commands(())) == [
        Finding(
            f"conda does not take {PREFIX} for an environment: {HISTORY} is missing",
            Fix(
                "Create the history file",
                Run("touch", "--", HISTORY),
                safety=Safety.CHANGES_STATE,
                undo=(Run("rm", "--", HISTORY),),
            ),
            HISTORY,
            (
                Evidence("there is a conda-meta, and no history in it", PREFIX),
                Evidence(f"CONDA_PREFIX is {PREFIX}", "CONDA_PREFIX"),
            ),
        )
    ]


@pytest.mark.healthy("CND015")
@pytest.mark.parametrize(
    "changes", [{"has_history": True}, {"is_pixi": True}, {"exe": None}, {"has_meta": False, "exists": False}]
)
def test_an_environment_of_another_client_or_with_a_history(changes: dict[str, bool]) -> None:
    conda = msgspec.structs.replace(WITHOUT_HISTORY, **changes)
    assert assess(conda_history_missing, conda, Commands(())) == []
