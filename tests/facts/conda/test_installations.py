from __future__ import annotations

import threading
from pathlib import Path

import pytest

from envdoctor import TimedOut, Unavailable
from envdoctor.facts.conda import installations
from envdoctor.facts.conda.installations import (
    CondaRoot,
    CondaRoots,
    RootKind,
    RootName,
    probe_conda_roots,
)
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.system.deadline import within
from tests.builders import make_examined
from tests.clinic.conda import make_micromamba_root, make_prefix, make_root
from tests.support import make_session, see


def roots(home: Path, **env: str) -> CondaRoots:
    return see(CondaRoots, make_session({"HOME": str(home), "PATH": "/usr/bin", **env}))


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installations, "USUAL_PLACES", ())


def test_a_machine_without_conda_has_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no conda here"):
        roots(tmp_path, CONDA_EXE="/gone/bin/conda", MAMBA_ROOT_PREFIX="relative", CONDA_PREFIX="")


def test_a_root_is_found_by_all_that_names_it_and_counted_once(tmp_path: Path) -> None:
    root = make_root(tmp_path / "real" / "conda")
    link = tmp_path / "miniconda3"
    link.symlink_to(root.path)
    seen = roots(
        tmp_path, CONDA_EXE=f"{root.path}/bin/conda", CONDA_PREFIX=f"{root.path}/envs/ml", PATH=f"{link}/condabin:/bin"
    )
    named = (
        RootName("CONDA_EXE", f"{root.path}/bin/conda"),
        RootName("CONDA_PREFIX", f"{root.path}/envs/ml"),
        RootName("PATH", f"{link}/condabin"),
        RootName("its usual place", str(link), in_session=False),
    )
    expected = CondaRoot(str(root.path), str(root.path), RootKind.CONDA, named)
    assert seen == CondaRoots((expected,), active=str(root.path))
    assert seen.find(str(link)) is None
    assert seen.find(str(link), str(root.path)) == expected
    assert seen.root_of(f"{link}/envs/ml", f"{root.path}/envs/ml") == expected
    assert seen.root_of(str(root.path)) == expected
    assert seen.root_of("/elsewhere/env") is None


def test_a_root_in_a_start_up_file_is_named_by_its_line(tmp_path: Path) -> None:
    root = make_root(tmp_path / "mine" / "conda")
    (tmp_path / ".bashrc").write_text("# mine\n" + root.block())
    (tmp_path / ".bash_profile").write_text(". ~/.bashrc\n")
    session = make_session({"HOME": str(tmp_path), "PATH": "/usr/bin"})
    [seen] = probe_conda_roots(session, see(StartupFiles, session), make_examined()).roots
    assert seen.named == (RootName(f"{tmp_path}/.bashrc:2", str(root.path)),)


@pytest.mark.parametrize(
    ("shell", "text", "in_session"),
    [
        ("bash", "{block}", True),
        ("bash", "use_conda() {{\n{block}}}\n", False),
        ("zsh", "{block}", False),
        (None, "{block}", False),
    ],
)
def test_a_block_that_this_shell_has_not_run_sets_nothing_up(
    tmp_path: Path, shell: str | None, text: str, in_session: bool
) -> None:
    root = make_root(tmp_path / "mine" / "conda")
    (tmp_path / ".bashrc").write_text(text.format(block=root.block()))
    session = make_session({"HOME": str(tmp_path), "PATH": "/usr/bin"})
    [seen] = probe_conda_roots(session, see(StartupFiles, session), make_examined(shell=shell)).roots
    assert [name.in_session for name in seen.named] == [in_session]


def test_micromamba_is_a_root_of_its_own_kind(tmp_path: Path) -> None:
    make_micromamba_root(tmp_path / "micromamba", "ml")
    [root] = roots(tmp_path).roots
    assert (root.path, root.kind) == (f"{tmp_path}/micromamba", RootKind.MAMBA)


def test_an_environment_alone_is_no_root(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "env", python=False)
    with pytest.raises(Unavailable):
        roots(tmp_path, CONDA_PREFIX=str(prefix), PATH=f"{prefix}/bin")


def test_a_dead_mount_is_told_from_a_place_without_conda(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installations, "within", lambda question: None)
    with pytest.raises(TimedOut, match="/net/conda, which _CONDA_ROOT names, did not answer within 2 s"):
        probe_conda_roots(make_session({"_CONDA_ROOT": "/net/conda", "HOME": str(tmp_path)}), None, make_examined())


def test_a_question_that_is_never_answered() -> None:
    assert within(lambda: 3) == 3
    assert within(threading.Event().wait, 0.01) is None
