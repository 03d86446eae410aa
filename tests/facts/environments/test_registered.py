from __future__ import annotations

from pathlib import Path

from envdoctor.facts.conda.installations import (
    CondaRoot,
    CondaRoots,
    RootKind,
    RootName,
)
from envdoctor.facts.environments.kinds import Kind
from envdoctor.facts.environments.registered import RegisteredEnvironments, probe_registered_environments
from envdoctor.facts.pyenv.versions import Pyenv, PyenvRoot, Selection
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv import layout
from envdoctor.facts.venv.active import ActiveVenv
from tests.facts.environments.condition_world import BASE, make
from tests.facts.environments.kinds_world import make_conda
from tests.support import make_session


def test_the_places_where_tools_keep_environments(tmp_path: Path) -> None:
    home = tmp_path
    share, cache = home / ".local/share", home / ".cache"
    places = {
        share / "uv/tools/black": Kind.UV_TOOL,
        cache / "uv/environments-v2/script-0a1b2c": Kind.UV_CACHE,
        share / "pipx/venvs/nox": Kind.PIPX,
        cache / "pypoetry/virtualenvs/thing-AbCdEfGh-py3.11": Kind.POETRY,
        share / "virtualenvs/app-12345678": Kind.PIPENV,
        home / ".virtualenvs/mine": Kind.VIRTUALENVWRAPPER,
        home / ".virtualenvs/web-aB3_x-9Z": Kind.PIPENV,
        share / "hatch/env/virtual/pkg/Xy12/test": Kind.HATCH,
        home / ".pyenv/versions/3.11.7/envs/work": Kind.PYENV_VIRTUALENV,
    }
    for path in places:
        make(path)
    (home / ".pyenv/versions/work").symlink_to("3.11.7/envs/work")
    for path in (home / ".pyenv/versions/3.11.7/bin", share / "uv/python/cpython-3.12.1-linux-x86_64-gnu/bin"):
        path.mkdir(parents=True)
        (path / "python3").symlink_to(BASE)
    (share / "uv/python/cpython-3.12-linux-x86_64-gnu").symlink_to("cpython-3.12.1-linux-x86_64-gnu")
    conda = make_conda(home / "miniforge3")
    listed = make_conda(home / "elsewhere")
    (home / ".conda").mkdir()
    (home / ".conda/environments.txt").write_text(f"{listed}\n/gone/env\n{conda}\n")
    found = probe_registered_environments(
        make_session({"HOME": str(home)}),
        ActiveVenv(f"{home}/.virtualenvs/mine", layout.examine(f"{home}/.virtualenvs/mine")),
        None,
        CondaActivation(prefix=str(conda), real=str(conda)),
        CondaRoots((CondaRoot(str(conda), str(conda), RootKind.CONDA, (RootName("CONDA_EXE", ""),)),)),
        Pyenv((PyenvRoot(f"{home}/.pyenv", "HOME", ("3.11.7",), Selection((), "")),)),
    )
    kinds = {environment.path: environment.kind for environment in found.environments}
    assert kinds == {
        **{str(path): kind for path, kind in places.items()},
        f"{home}/.pyenv/versions/3.11.7": Kind.PYENV,
        f"{share}/uv/python/cpython-3.12.1-linux-x86_64-gnu": Kind.UV_PYTHON,
        str(conda): Kind.CONDA,
        str(listed): Kind.CONDA,
    }
    active = [environment.path for environment in found.environments if environment.active]
    assert active == [f"{home}/.virtualenvs/mine", str(conda)]
    assert found.skipped == ()


def test_no_home_and_an_unreadable_list_are_survived(tmp_path: Path) -> None:
    (tmp_path / ".conda").mkdir()
    (tmp_path / ".conda/environments.txt").write_bytes(b"\0")
    session = make_session({"HOME": str(tmp_path)})
    found = probe_registered_environments(session, None, None, None, None, None)
    assert found == RegisteredEnvironments((), (f"{tmp_path}/.conda/environments.txt: a binary file",))
