from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.conda.shell_state import CondaCommand, CondaLevel, probe_conda_level
from envdoctor.facts.session.conda_activation import StackedPrefix
from tests.clinic.conda import make_executable
from tests.facts.conda.packages_world import pip_installs
from tests.support import make_session, see


@pytest.mark.parametrize(
    ("variables", "level"),
    [
        ({"CONDA_SHLVL": "0"}, CondaLevel("0", 0)),
        ({"CONDA_SHLVL": "9" * 5000}, CondaLevel("9" * 5000, None)),
        (
            {"CONDA_SHLVL": "2", "CONDA_PREFIX": "/b", "CONDA_PREFIX_1": "/a"},
            CondaLevel("2", 2, "/b", (StackedPrefix(1, "/a"),)),
        ),
        ({"CONDA_SHLVL": "abc"}, CondaLevel("abc", None)),
        ({"CONDA_SHLVL": "-1"}, CondaLevel("-1", None)),
        ({"CONDA_SHLVL": "", "CONDA_PREFIX": ""}, CondaLevel("", None)),
        ({"CONDA_SHLVL": "²"}, CondaLevel("²", None)),
    ],
)
def test_the_count_of_activations(variables: dict[str, str], level: CondaLevel) -> None:
    assert probe_conda_level(make_session(variables)) == level
    with pytest.raises(Unavailable, match="CONDA_SHLVL is not set"):
        probe_conda_level(make_session())


def test_gaps_in_the_stack() -> None:
    assert CondaLevel("4", 4, "/d", (StackedPrefix(2, "/b"),)).gaps == (1, 3)
    assert CondaLevel("abc", None).gaps == ()
    assert len(CondaLevel("999999999", 999_999_999, "/d").gaps) == 20


def test_the_conda_that_answers(prefix: Path, tmp_path: Path) -> None:
    make_executable(prefix / "bin" / "conda", "#!/bin/sh\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "conda").symlink_to(prefix / "bin" / "conda")
    found = see(CondaCommand, make_session({"PATH": f"{tmp_path}/bin"}))
    assert found == CondaCommand(f"{tmp_path}/bin/conda", str(prefix), has_meta=True)


def test_a_conda_that_pip_installed(tmp_path: Path) -> None:
    make_executable(tmp_path / "bin" / "conda", "#!/bin/sh\n")
    pip_installs(tmp_path, "conda", "4.3.16")
    found = see(CondaCommand, make_session({"PATH": f"{tmp_path}/bin"}))
    assert found == CondaCommand(f"{tmp_path}/bin/conda", str(tmp_path), False, "pip", "4.3.16")
    with pytest.raises(Unavailable, match="there is no `conda`"):
        see(CondaCommand, make_session({"PATH": "/nonexistent"}))
