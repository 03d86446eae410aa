from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import TimedOut, Unavailable
from envdoctor.facts.conda import environments, installations
from envdoctor.facts.conda.environments import CondaEnvironment, CondaEnvironments, probe_conda_environments
from envdoctor.facts.conda.installations import CondaRoots
from tests.clinic.conda import make_prefix, make_root
from tests.support import make_session, see


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installations, "USUAL_PLACES", ())


def test_every_source_is_read_and_none_is_written(tmp_path: Path) -> None:
    root = make_root(tmp_path / "miniconda3")
    root.environment("ml", python=False)
    (root.path / "envs" / "no environment").mkdir()
    own = make_prefix(tmp_path / ".conda" / "envs" / "own", python=False)
    shared = make_prefix(tmp_path / "data" / "shared", python=False)
    apart = make_prefix(tmp_path / "apart", python=False)
    (tmp_path / ".condarc").write_text("envs_dirs: [~/data, /nonexistent]\n")
    known = tmp_path / ".conda" / "environments.txt"
    text = f"{root.path}\n/gone/env\n\n{apart}\nrelative\n"
    known.write_text(text)
    seen = see(CondaEnvironments, make_session({"HOME": str(tmp_path), "CONDA_EXE": f"{root.path}/bin/conda"}))
    assert seen.environments == (
        CondaEnvironment(str(root.path), "base", str(root.path)),
        CondaEnvironment(f"{root.path}/envs/ml", "ml", f"{root.path}/envs"),
        CondaEnvironment(str(shared), "shared", str(tmp_path / "data")),
        CondaEnvironment(str(own), "own", f"{tmp_path}/.conda/envs"),
        CondaEnvironment(str(apart), str(apart), f"{known}:4"),
    )
    assert [environment.prefix for environment in seen.called("ml")] == [f"{root.path}/envs/ml"]
    assert known.read_text() == text


@pytest.mark.parametrize("content", [b"\0", b"\xff", b"", b"/x" * 1_000_000])
def test_a_list_that_says_nothing_is_no_trouble(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".conda").mkdir()
    (tmp_path / ".conda" / "environments.txt").write_bytes(content)
    found = probe_conda_environments(make_session({"HOME": str(tmp_path)}), CondaRoots(), None)
    assert found == CondaEnvironments()


def test_no_conda_and_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="no conda here"):
        probe_conda_environments(make_session({"HOME": str(tmp_path)}), None, None)
    monkeypatch.setattr(environments, "within", lambda question: None)
    with pytest.raises(TimedOut, match="did not answer within 2 s"):
        probe_conda_environments(make_session({"HOME": str(tmp_path)}), CondaRoots(), None)
