from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.facts.conda import installations
from envdoctor.facts.environments.install_targets import (
    InstallTarget,
    InstallTargets,
    TargetKind,
    of_conda,
    of_python,
    of_uv,
)
from envdoctor.facts.python.active import Answer
from envdoctor.facts.uv.health import UvAnswer, UvComplaint
from envdoctor.facts.uv.target import Source, UvTarget
from tests.clinic.conda import CondaRoot, make_micromamba_root, make_prefix, make_root
from tests.clinic.uv import newest_uv
from tests.support import make_session, see
from tests.uv_world import make_environment


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> CondaRoot:
    root = make_root(tmp_path_factory.mktemp("conda") / "miniconda3", pip=True)
    root.environment("ml", pip=True)
    return root


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installations, "USUAL_PLACES", ())


def targets(cwd: Path, env: dict[str, str]) -> dict[str, tuple[str | None, str]]:
    seen = see(InstallTargets, make_session({"HOME": str(cwd), "XDG_CONFIG_DIRS": "/none", **env}, cwd=cwd))
    return {target.command: (target.root, target.reason) for target in seen.targets}


@pytest.mark.tools
def test_a_child_of_conda_takes_all_but_the_project_commands(tmp_path: Path, root: CondaRoot) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0"\n')
    own = make_environment(tmp_path / ".venv")
    ml = root.path / "envs/ml"
    seen = targets(tmp_path, root.active(str(Path(newest_uv()).parent), ml))
    assert seen == {
        "pip install": (str(ml), f"{ml}/bin/pip runs with its Python"),
        "python -m pip install": (str(ml), f"{ml}/bin/python is its Python"),
        "uv pip install": (str(ml), "CONDA_PREFIX comes before .venv in uv's order"),
        "uv run": (str(own), f"it is the environment of {tmp_path}"),
        "uv add": (str(own), f"it is the environment of {tmp_path}"),
        "conda install": (str(ml), "CONDA_PREFIX names it"),
    }


@pytest.mark.tools
def test_kinds_and_names_are_those_of_people(tmp_path: Path, root: CondaRoot) -> None:
    base = make_session({"HOME": str(tmp_path), **root.active("/nonexistent")}, cwd=tmp_path)
    target = see(InstallTargets, base).of("conda install")
    place = str(root.path)
    assert target == InstallTarget(
        "conda install", place, TargetKind.CONDA_BASE, "base", "CONDA_PREFIX names it", place
    )
    child = make_session({"HOME": str(tmp_path), **root.active("/nonexistent", root.path / "envs/ml")}, cwd=tmp_path)
    target = see(InstallTargets, child).of("pip install")
    assert target is not None
    assert (target.kind, target.name) == (TargetKind.CONDA, "ml")


def test_a_machine_with_nothing_says_so(tmp_path: Path) -> None:
    assert targets(tmp_path, {"PATH": str(tmp_path)}) == {
        "pip install": (None, "there is no `pip` on the search path"),
        "python3 -m pip install": (None, "there is no `python` on the search path"),
        "uv pip install": (None, "there is no working `uv` on the search path"),
        "uv run": (None, "there is no working `uv` on the search path"),
        "uv add": (None, "there is no working `uv` on the search path"),
        "conda install": (None, "there is no conda here"),
    }


@pytest.mark.tools
def test_an_environment_without_pip_is_no_target_of_pip(tmp_path: Path) -> None:
    own = make_environment(tmp_path / "env")
    seen = targets(tmp_path, {"PATH": f"{own}/bin"})
    assert seen["python -m pip install"] == (None, f"{own}/bin/python has no pip")


def test_conda_without_an_active_environment_means_the_base(tmp_path: Path, root: CondaRoot) -> None:
    seen = targets(tmp_path, root.idle("/nonexistent"))
    assert seen["conda install"] == (str(root.path), "no environment is active, which leaves the base")


def test_conda_with_an_environment_that_is_gone_changes_nothing(tmp_path: Path, root: CondaRoot) -> None:
    seen = targets(tmp_path, root.active("/nonexistent", tmp_path / "gone"))
    assert seen["conda install"] == (None, f"conda refuses: CONDA_PREFIX names {tmp_path}/gone, which does not exist")
    assert of_conda(None, None) == (None, "there is no conda here")


def test_a_uv_that_refuses_everything_has_no_target() -> None:
    answer = UvAnswer("uv cache dir", UvComplaint("expected a boolish value", "UV_OFFLINE"))
    target = UvTarget("/env", Source.VIRTUAL_ENV, "because")
    assert of_uv(target, answer) == (None, "uv refuses every command: expected a boolish value")


def test_a_python_that_is_not_there_is_no_target() -> None:
    assert of_python(Answer("python")) == (None, "there is no `python` on the search path")


@pytest.mark.tools
def test_the_python_of_the_tests_is_a_plain_installation(tmp_path: Path) -> None:
    target = see(
        InstallTargets, make_session({"HOME": str(tmp_path), "PATH": f"{sys.base_prefix}/bin"}, cwd=tmp_path)
    ).of("python -m pip install")
    assert target is not None
    assert target.kind in (TargetKind.PYTHON, TargetKind.NOTHING)


@pytest.mark.tools
def test_a_setting_of_pip_sends_installs_away(tmp_path: Path, root: CondaRoot) -> None:
    seen = targets(tmp_path, {"PATH": f"{root.path}/bin", "PIP_TARGET": "/elsewhere"})
    assert seen["pip install"] == ("/elsewhere", "PIP_TARGET sends installs there")
    assert seen["python -m pip install"] == ("/elsewhere", "PIP_TARGET sends installs there")
    assert targets(tmp_path, {"PATH": str(tmp_path), "PIP_TARGET": "/elsewhere"})["pip install"][0] is None


def test_micromamba_and_pixi_install_in_their_own_way(tmp_path: Path) -> None:
    mamba = make_micromamba_root(tmp_path / "micromamba")
    seen = targets(tmp_path, {"MAMBA_ROOT_PREFIX": str(mamba), "CONDA_PREFIX": str(mamba)})
    assert seen["micromamba install"] == (str(mamba), "CONDA_PREFIX names it")
    (mamba / "conda-meta" / "pixi").touch()
    assert of_conda(str(mamba), None) == (None, f"pixi manages {mamba}: `pixi add` installs into it")


@pytest.mark.tools
def test_uv_keeps_off_a_python_that_is_managed_by_others(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "managed")
    [library] = prefix.glob("lib/python3*")
    (library / "EXTERNALLY-MANAGED").touch()
    env = {"PATH": f"{Path(newest_uv()).parent}", "UV_PYTHON": str(prefix)}
    refusal = f"uv refuses: {prefix} is externally managed (UV_PYTHON names it)"
    assert targets(tmp_path, env)["uv pip install"] == (None, refusal)
    broken = targets(tmp_path, {**env, "UV_BREAK_SYSTEM_PACKAGES": "1"})
    assert broken["uv pip install"] == (str(prefix), "UV_PYTHON names it")
