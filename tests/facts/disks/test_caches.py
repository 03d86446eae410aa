from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.disks.caches import Cache, Caches, CacheTool, Unused
from tests.support import make_session, see

HOME = "/home/me"
NAMES = {
    CacheTool.UV: "uv",
    CacheTool.PIP: "pip",
    CacheTool.POETRY: "pypoetry",
    CacheTool.PIPENV: "pipenv",
    CacheTool.HATCH: "hatch",
    CacheTool.PDM: "pdm",
    CacheTool.PRE_COMMIT: "pre-commit",
    CacheTool.HUGGING_FACE: "huggingface/hub",
}


def caches(home: Path | str = HOME, cwd: Path | str = "/", **env: str) -> Caches:
    return see(Caches, make_session({"HOME": str(home), **env}, cwd=cwd))


def place(tool: CacheTool, **env: str) -> tuple[str, str] | None:
    cache = caches(**env).of(tool)
    return (cache.path, cache.origin) if cache else None


@pytest.mark.parametrize("tool", NAMES, ids=str)
def test_usual_places_and_the_directory_of_the_specification(tool: CacheTool) -> None:
    assert place(tool) == (f"{HOME}/.cache/{NAMES[tool]}", "its usual place")
    assert place(tool, XDG_CACHE_HOME="/x") == (f"/x/{NAMES[tool]}", "XDG_CACHE_HOME")


@pytest.mark.parametrize(
    ("tool", "variable"),
    [
        (CacheTool.UV, "UV_CACHE_DIR"),
        (CacheTool.PIP, "PIP_CACHE_DIR"),
        (CacheTool.POETRY, "POETRY_CACHE_DIR"),
        (CacheTool.PIPENV, "PIPENV_CACHE_DIR"),
        (CacheTool.HATCH, "HATCH_CACHE_DIR"),
        (CacheTool.PDM, "PDM_CACHE_DIR"),
        (CacheTool.PRE_COMMIT, "PRE_COMMIT_HOME"),
        (CacheTool.HUGGING_FACE, "HF_HUB_CACHE"),
        (CacheTool.HUGGING_FACE, "HUGGINGFACE_HUB_CACHE"),
        (CacheTool.CONDA, "CONDA_PKGS_DIRS"),
    ],
)
def test_variables_of_the_tools(tool: CacheTool, variable: str) -> None:
    assert place(tool, **{variable: "/c", "XDG_CACHE_HOME": "/x"}) == ("/c", variable)


def test_a_relative_directory_of_the_specification_counts_for_nobody_who_follows_it() -> None:
    for value in ("rel", "~/c"):
        assert place(CacheTool.UV, XDG_CACHE_HOME=value) == (f"{HOME}/.cache/uv", "its usual place")
        assert place(CacheTool.PIP, XDG_CACHE_HOME=value) == (f"{HOME}/.cache/pip", "its usual place")
    assert place(CacheTool.HUGGING_FACE, XDG_CACHE_HOME="rel") == ("/rel/huggingface/hub", "XDG_CACHE_HOME")


def test_a_relative_place_is_another_in_each_directory() -> None:
    [uv] = [cache for cache in caches(cwd="/proj", UV_CACHE_DIR="~/c").caches if cache.tool is CacheTool.UV]
    assert uv == Cache(CacheTool.UV, "/proj/~/c", "UV_CACHE_DIR", relative=True)
    assert place(CacheTool.PIP, PIP_CACHE_DIR="~/c") == (f"{HOME}/c", "PIP_CACHE_DIR")  # pip expands it
    assert place(CacheTool.UV, UV_CACHE_DIR="") == (f"{HOME}/.cache/uv", "its usual place")


def test_the_hub_has_three_variables() -> None:
    hub = CacheTool.HUGGING_FACE
    assert place(hub, HF_HOME="/m") == ("/m/hub", "HF_HOME")
    assert place(hub, HF_HOME="$SCRATCH/${USER}/hf", SCRATCH="/s", USER="me") == ("/s/me/hf/hub", "HF_HOME")
    assert place(hub, HF_HOME="~/$SECRET", SECRET="x") == (f"{HOME}/$SECRET/hub", "HF_HOME")
    assert place(hub, HF_HOME="/m", HUGGINGFACE_HUB_CACHE="/old") == ("/old", "HUGGINGFACE_HUB_CACHE")
    assert place(hub, HF_HUB_CACHE="/new", HUGGINGFACE_HUB_CACHE="/old") == ("/new", "HF_HUB_CACHE")


def test_configuration_files(tmp_path: Path) -> None:
    texts = {
        ".config/uv/uv.toml": 'cache-dir = "/of/uv"\n',
        ".config/pip/pip.conf": "[global]\ncache-dir = ~/of/pip\n",
        ".config/pypoetry/config.toml": 'cache-dir = "/of/poetry"\n',
        ".config/hatch/config.toml": '[dirs]\ncache = "~/of/hatch"\n',
        ".config/pdm/config.toml": 'cache_dir = "/of/pdm"\n',
        ".condarc": "pkgs_dirs:\n  - ~/pkgs\n  - /shared/pkgs\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = caches(tmp_path, tmp_path)
    config = f"{tmp_path}/.config"
    assert found.of(CacheTool.UV) == Cache(CacheTool.UV, "/of/uv", f"{config}/uv/uv.toml:1")
    assert found.of(CacheTool.PIP) == Cache(CacheTool.PIP, f"{tmp_path}/of/pip", f"{config}/pip/pip.conf:2")
    assert found.of(CacheTool.POETRY) == Cache(CacheTool.POETRY, "/of/poetry", f"{config}/pypoetry/config.toml")
    assert found.of(CacheTool.HATCH) == Cache(CacheTool.HATCH, f"{tmp_path}/of/hatch", f"{config}/hatch/config.toml")
    assert found.of(CacheTool.PDM) == Cache(CacheTool.PDM, "/of/pdm", f"{config}/pdm/config.toml")
    assert [cache.path for cache in found.caches if cache.tool is CacheTool.CONDA] == [
        f"{tmp_path}/pkgs",
        "/shared/pkgs",
    ]


def test_conda_has_a_cache_beside_each_installation_and_one_at_home(tmp_path: Path) -> None:
    root = tmp_path / "miniforge3"
    for name in ("conda-meta", "condabin", "bin"):
        (root / name).mkdir(parents=True)
    (root / "condabin" / "conda").touch()
    found = caches(tmp_path, tmp_path).caches
    own = [cache.path for cache in found if cache.tool is CacheTool.CONDA and cache.path.startswith(str(tmp_path))]
    assert own == [f"{root}/pkgs", f"{tmp_path}/.conda/pkgs"]


def test_tools_that_are_told_to_do_without(tmp_path: Path) -> None:
    found = caches(UV_NO_CACHE="1", PIP_NO_CACHE_DIR="false")  # for pip any word means so
    assert found.unused == (Unused(CacheTool.UV, "UV_NO_CACHE"), Unused(CacheTool.PIP, "PIP_NO_CACHE_DIR"))
    assert found.of(CacheTool.UV) is None
    assert caches(UV_NO_CACHE="0", PIP_NO_CACHE_DIR="").unused == ()
    (tmp_path / "uv.toml").write_text("no-cache = true\n")
    assert caches(cwd=tmp_path).unused == (Unused(CacheTool.UV, f"{tmp_path}/uv.toml:1"),)
    assert caches(cwd=tmp_path, UV_NO_CACHE="0").unused == ()
