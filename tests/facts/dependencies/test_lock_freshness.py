"""A lock is fresh where its manager says so: the hashes are compared with those that the managers make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.facts.dependencies.lock import LockedPackage
from envdoctor.facts.dependencies.lock_freshness import (
    _pdm_hash,
    _poetry_hash,
    pdm_is_fresh,
    pipfile_is_fresh,
    poetry_is_fresh,
)
from envdoctor.system.toml import Document, Table, parse_toml
from tests.facts.dependencies.locks_world import POETRY_LOCK, POETRY_MANIFEST, look, write

PIPFILE = """\
[[source]]
url = "https://mirror/simple"
verify_ssl = true
name = "m"
[packages]
idna = "*"
[dev-packages]
pytest = "*"
"""


def pipfile_lock(digest: str) -> str:
    content = {
        "_meta": {"hash": {"sha256": digest}, "pipfile-spec": 6},
        "default": {
            "idna": {"hashes": [], "version": "==3.7", "markers": "python_version >= '3.5'"},
            "pywin32": {"version": "==1", "markers": "sys_platform == 'win32'"},
            "app": {"editable": True, "path": "."},
        },
        "develop": {"pytest": {"version": "==8.0"}},
    }
    return json.dumps(content, indent=4)


@pytest.mark.parametrize(
    "manifest",
    [
        POETRY_MANIFEST,
        '[project]\nname="a"\nrequires-python=">=3.9"\ndependencies=["x"]\n[tool.poetry]\npackage-mode=false\n',
        '[project]\nname="a"\ndependencies=["x"]\n[dependency-groups]\ndev=["y"]\n[tool.poetry.dependencies]\nx={source="s"}\n',
        '[dependency-groups]\ndev=["y"]\n[tool.poetry]\nname="x"\nextras={a=["b"]}\n',
    ],
)
@pytest.mark.parametrize("groups", [True, False])
def test_the_hash_is_the_one_that_poetry_makes(tmp_path: Path, manifest: str, groups: bool) -> None:
    locker = pytest.importorskip("poetry.packages.locker", reason="poetry is not installed")

    table = parse_toml("p", manifest)
    made = locker.Locker(tmp_path / "poetry.lock", table)._get_content_hash(with_dependency_groups=groups)
    by = "2.3.0" if groups else "2.1.1"
    lock = POETRY_LOCK.replace("HASH", made).replace("2.1.1", by)
    write(tmp_path, {"pyproject.toml": manifest + "# a comment\n", "poetry.lock": lock})
    assert look(tmp_path).changes == ()


@pytest.mark.tools
def test_pipenv(tmp_path: Path) -> None:
    plette = pytest.importorskip("pipenv.vendor.plette", reason="pipenv is not installed")

    made = plette.Pipfile(parse_toml("p", PIPFILE)).get_hash().value
    write(tmp_path, {"Pipfile": PIPFILE, "Pipfile.lock": pipfile_lock(made)})
    lock = look(tmp_path)
    assert lock.packages == (
        LockedPackage("idna", "3.7", ("",), 9),
        LockedPackage("app", None, ("",), 18),
        LockedPackage("pytest", "8.0", ("develop",), 24),
    )
    assert lock.changes == ()
    write(tmp_path, {"Pipfile": PIPFILE + "ruff = '*'\n"})
    assert [change.text for change in look(tmp_path).changes] == [f"was not made from what {tmp_path}/Pipfile says now"]
    write(tmp_path, {"Pipfile": "[packages]\n"})
    assert look(tmp_path).changes == ()


@pytest.mark.parametrize(
    "manifest",
    [
        '[project]\nname="a"\nversion="1"\nrequires-python=">=3.9"\ndependencies=["x"]\n',
        '[project]\nname="a"\n[project.optional-dependencies]\nweb=["y"]\n[tool.pdm.resolution]\nstrategy=["z"]\n',
        '[project]\nname="a"\n[dependency-groups]\nDev_1=["x"]\n[tool.pdm.dev-dependencies]\nDEV_1=["y"]\nb=["z"]\n',
        '[project]\nname="a"\n[[tool.pdm.source]]\nname="m"\nurl="https://mirror/simple"\n',
    ],
)
def test_the_hash_is_the_one_that_pdm_makes(tmp_path: Path, manifest: str) -> None:
    project_file = pytest.importorskip("pdm.project.project_file", reason="pdm is not installed")
    termui = pytest.importorskip("pdm.termui", reason="pdm is not installed")
    (tmp_path / "pyproject.toml").write_text(manifest)
    made = project_file.PyProject(tmp_path / "pyproject.toml", ui=termui.UI()).content_hash()
    lock = {"metadata": {"content_hash": f"sha256:{made}"}}
    assert pdm_is_fresh(lock, parse_toml("p", manifest)) is True
    changed = manifest.replace('"x"', '"x>1"').replace('"y"', '"y>1"').replace("mirror", "other")
    assert pdm_is_fresh(lock, parse_toml("p", changed)) is False


def test_a_lock_that_does_not_say_what_it_was_made_from() -> None:
    assert poetry_is_fresh(poetry_lock("2.5.1", 1), {}) is False  # poetry stops there
    assert (
        pdm_is_fresh({"metadata": {"content_hash": "md5:00"}}, {"project": {}}) is False
    )  # so does `pdm lock --check`
    assert pdm_is_fresh({"metadata": {}}, {"project": {}}) is False
    assert pdm_is_fresh({"metadata": {"content_hash": "sha256:00"}}, {"tool": {}}) is None
    assert pipfile_is_fresh({}, {"source": []}) is None
    assert pipfile_is_fresh({"_meta": {"hash": {}}}, {"source": []}) is False
    assert pipfile_is_fresh({"_meta": {"hash": {"sha256": "00"}}}, {"packages": {}}) is None


def poetry_lock(version: str, kept: object) -> Document:
    text = f"# This file is automatically @generated by Poetry {version} and should not be changed by hand.\n"
    return Document("poetry.lock", text, {"metadata": {"content-hash": kept}})


def test_groups_of_the_standard_are_in_the_hash_of_a_newer_manager() -> None:
    without: Table = {"project": {"name": "a", "dependencies": ["x"]}}
    manifest: Table = {**without, "dependency-groups": {"dev": []}}
    old, new = _poetry_hash(without, groups=True), _poetry_hash(manifest, groups=True)
    assert old == _poetry_hash(manifest, groups=False) != new
    fresh = [poetry_is_fresh(poetry_lock(*made), manifest) for made in (("2.2.1", old), ("2.3.0", old), ("2.3.0", new))]
    assert fresh == [True, False, True]
    assert [
        pdm_is_fresh({"metadata": {"content_hash": f"sha256:{_pdm_hash(one, groups=True)}"}}, manifest)
        for one in (without, manifest)
    ] == [False, True]
