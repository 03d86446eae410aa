from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.conda.client import CondaClient
from tests.clinic.conda import make_executable
from tests.support import make_session, see


def client(*directories: Path, **env: str) -> CondaClient:
    return see(CondaClient, make_session({"PATH": ":".join(map(str, directories)), "HOME": "/nowhere", **env}))


def test_another_client_is_typed_where_there_is_no_conda(tmp_path: Path) -> None:
    micromamba = make_executable(tmp_path / "m/micromamba", "#!/bin/sh\n")
    assert client(tmp_path / "m") == CondaClient("micromamba")
    assert client(MAMBA_EXE=str(micromamba)) == CondaClient("micromamba")  # a function of the shell
    make_executable(tmp_path / "m/mamba", "#!/bin/sh\n")
    assert client(tmp_path / "m") == CondaClient("mamba")


def test_conda_comes_first_and_what_is_gone_is_nobody(tmp_path: Path) -> None:
    micromamba = make_executable(tmp_path / "m/micromamba", "#!/bin/sh\n")
    make_executable(tmp_path / "c/conda", "#!/bin/sh\n")
    with pytest.raises(Unavailable, match="conda itself"):
        client(tmp_path / "m", tmp_path / "c")
    with pytest.raises(Unavailable, match="conda itself"):
        client(tmp_path / "m", CONDA_EXE="/opt/conda/bin/conda")
    micromamba.unlink()
    with pytest.raises(Unavailable, match="there is no conda"):
        client(tmp_path / "m", MAMBA_EXE=str(micromamba))
