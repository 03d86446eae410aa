"""Where the real tools keep their caches, and what their own commands free there, against what envdoctor says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from envdoctor.facts.disks.caches import Caches, CacheTool
from tests.clinic.environments import by_uv
from tests.clinic.patient import Patient
from tests.clinic.projects import stock, write
from tests.support import make_session, see
from tests.wheels import write_wheel

pytestmark = pytest.mark.clinic
SETTINGS: list[dict[str, str]] = [
    {},
    {"XDG_CACHE_HOME": "{home}/xdg"},
    {"XDG_CACHE_HOME": "~/xdg"},
    {
        "UV_CACHE_DIR": "{home}/u",
        "PIP_CACHE_DIR": "~/p",
        "POETRY_CACHE_DIR": "{home}/o",
        "PDM_CACHE_DIR": "~/d",
    },
]
ASKING = {
    CacheTool.UV: "uv cache dir",
    CacheTool.PIP: "pip cache dir",
    CacheTool.POETRY: "poetry config cache-dir",
    CacheTool.HATCH: "hatch config show",
    CacheTool.PDM: "pdm config cache_dir",
}


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with every tool that can be had."""
    stock(patient)
    patient.install("uv", "pip", "poetry", "hatch", "pdm", "pre-commit")
    return patient


@pytest.mark.parametrize("tool", ASKING, ids=lambda tool: tool.value)
def test_where_the_caches_are(user: Patient, tool: CacheTool) -> None:
    slow = {CacheTool.POETRY: -1, CacheTool.PDM: -1, CacheTool.HATCH: 1}
    for settings in [SETTINGS[slow[tool]]] if tool in slow else SETTINGS:
        env = {"COLUMNS": "400", **{name: value.format(home=user.home) for name, value in settings.items()}}
        if tool is CacheTool.PIP and env.get("XDG_CACHE_HOME") == "~/xdg":
            continue  # pip 23 takes it as it is, pip 26 ignores it
        said = user.prepares(*ASKING[tool].split(), **env)
        own = see(Caches, make_session({**user.env, **env}, cwd=user.project)).of(tool)
        assert own is not None
        if tool is CacheTool.HATCH:
            [line] = [line for line in said.splitlines() if line.startswith("cache =")]
            assert line.split('"')[1] == own.path
        else:
            assert os.path.expanduser(said.split()[-1]).replace(str(Path.home()), str(user.home)) == own.path


def sizes(user: Patient) -> dict[str, Any]:
    """What envdoctor says of each cache, by its tool."""
    done = user.does(f"{user.command} envs --sizes --depth 1 --format json")
    return {cache["tool"]: cache for cache in json.loads(done.stdout)["caches"]}


def gone_from(before: dict[Path, os.stat_result]) -> int:
    """The bytes of the files and directories that are gone by all the names that they had."""
    left = {status.st_ino for path, status in before.items() if path.exists() or path.is_symlink()}
    return sum(
        {status.st_ino: status.st_blocks * 512 for status in before.values() if status.st_ino not in left}.values()
    )


def freed(user: Patient, tool: str, command: str) -> int:
    """What a command is said to free. It is run, and of what was there just that is gone."""
    [cleaning] = [each for each in sizes(user)[tool]["cleaning"] if " ".join(each["argv"]) == command]
    before = {path: path.lstat() for path in user.home.rglob("*")}
    user.does(f"{command} < /dev/null" if "poetry" not in command else f"yes | {command}")
    said = cleaning["bytes_freed"]
    assert isinstance(said, int)
    gone = gone_from(before)
    # some directories are removed and some are not, the locks of tools come and go
    assert abs(gone - said) <= 12 * 4096, (gone, said)
    return said


def test_uv_prunes_and_cleans_what_no_environment_shares(user: Patient) -> None:
    big = "".join(f"x{number} = {number}\n" for number in range(40_000))
    for name in ("kept", "shared", "loose"):
        write_wheel(user.root / "wheels", name, "1.0", files={f"{name}.py": f"# {name}\n{big}"})
    root = by_uv(user, user.project / ".venv", pip=False)
    user.does(f"uv pip install -q -p {root} shared")
    user.does(f"uv pip install -q --link-mode copy -p {root} kept loose")
    cache = user.home / ".cache/uv"
    for pointer in cache.glob("wheels-v*/**/loose"):
        user.does(f"rm -r {pointer}")
    weight = len(big)
    assert weight <= freed(user, "uv", "uv cache prune") < 2 * weight
    assert weight <= freed(user, "uv", "uv cache clean") < 2 * weight  # `kept`; `shared` has a name in the environment
    user.does(f"{root}/bin/python -c 'import shared, kept, loose'")


def test_what_the_others_remove(user: Patient) -> None:
    cache = user.home / ".cache"
    for place in (
        *("pip/http/1/2/3/4/5/file", "pip/wheels/aa/bb/cc/dd/x-1.0-py3-none-any.whl", "pip/selfcheck/file"),
        *("pypoetry/cache/repositories/index/x", "pypoetry/artifacts/aa/x.whl", "pypoetry/virtualenvs/v/x"),
        *("pdm/http/x", "pdm/wheels/x.whl", "pdm/metadata/x", "pdm/hashes/x"),
        *("pre-commit/repo1/x", "pre-commit/db.db"),
    ):
        write(cache / place, "x" * 300_000)
    assert freed(user, "pip", "pip cache purge") >= 600_000
    assert freed(user, "poetry", "poetry cache clear --all .") >= 300_000
    assert freed(user, "pdm", "pdm cache clear") >= 1_200_000
    assert freed(user, "pre-commit", "pre-commit clean") >= 600_000
    assert (cache / "pypoetry/virtualenvs/v/x").exists()
