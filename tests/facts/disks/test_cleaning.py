"""What the commands remove, by the rules of the tools; tests/clinic/test_disks_truth.py asks the tools themselves."""

from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.disks.caches import CacheTool
from envdoctor.facts.disks.cleaning import cleanings
from envdoctor.facts.environments.disk_usage import Measurement

SIZE = 40_000


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * SIZE)


def removed(tool: CacheTool, cache: Path) -> dict[str, list[str]]:
    """By command, what it removes, relative to the cache."""
    return {
        " ".join(each.argv): [os.path.relpath(path, cache) for path in each.removes]
        for each in cleanings(tool, str(cache))
    }


def test_uv_prunes_what_nothing_points_to(tmp_path: Path) -> None:
    put(*(tmp_path / "archive-v0" / name / "file" for name in ("used", "loose")))
    put(tmp_path / "wheels-v5/index/x", tmp_path / "wheels-v8/index/x", tmp_path / "environments-v2/tool/bin/tool")
    (tmp_path / "wheels-v8/index/used-1.0").symlink_to("../../archive-v0/used")
    (tmp_path / "wheels-v5/index/loose-1.0").symlink_to("../../archive-v0/loose")
    assert removed(CacheTool.UV, tmp_path) == {
        "uv cache prune": ["environments-v2", "wheels-v5", "archive-v0/loose"],
        "uv cache clean": ["."],
    }


def test_conda_keeps_what_an_environment_is_linked_to(tmp_path: Path) -> None:
    for name in ("linked-1.0-0", "loose-1.0-0"):
        put(tmp_path / "pkgs" / name / "info/index.json", tmp_path / "pkgs" / name / "lib/file")
    put(tmp_path / "pkgs/loose-1.0-0.conda", tmp_path / "pkgs/old.tar.bz2", tmp_path / "pkgs/cache/1.json")
    put(tmp_path / "pkgs/urls.txt", tmp_path / "pkgs/half/lib/file")
    os.link(tmp_path / "pkgs/linked-1.0-0/lib/file", tmp_path / "file")
    gone = ["cache", "loose-1.0-0", "loose-1.0-0.conda", "old.tar.bz2"]
    assert removed(CacheTool.CONDA, tmp_path / "pkgs") == {"conda clean --all": gone}
    in_vain = [path for each in cleanings(CacheTool.CONDA, f"{tmp_path}/pkgs", lambda: False) for path in each.removes]
    assert f"{tmp_path}/pkgs/loose-1.0-0" not in in_vain  # nobody had time to look


def test_the_hub_prunes_what_no_branch_names(tmp_path: Path) -> None:
    model = tmp_path / "models--me--x"
    put(*(model / "blobs" / name for name in ("kept", "both", "loose", "half.incomplete")))
    (model / "refs").mkdir()
    (model / "refs/main").write_text("aaa")
    for revision, blobs in (("aaa", ("kept", "both")), ("bbb", ("both", "loose"))):
        (model / "snapshots" / revision).mkdir(parents=True)
        for blob in blobs:
            (model / "snapshots" / revision / blob).symlink_to(f"../../blobs/{blob}")
    [cleaning] = cleanings(CacheTool.HUGGING_FACE, str(tmp_path))
    assert [os.path.relpath(path, model) for path in cleaning.removes] == [
        "snapshots/bbb",
        "blobs/loose",
        "blobs/half.incomplete",
    ]
    freed = Measurement().add(*cleaning.removes)
    assert freed is not None
    assert 2 * SIZE <= freed.own < 3 * SIZE


def test_the_others_remove_directories_of_theirs(tmp_path: Path) -> None:
    put(tmp_path / "http-v2/a", tmp_path / "wheels/b", tmp_path / "selfcheck/c", tmp_path / "virtualenvs/v/f")
    put(tmp_path / "cache/repositories/x", tmp_path / "artifacts/y")
    assert removed(CacheTool.PIP, tmp_path) == {"pip cache purge": ["http-v2", "wheels"]}
    assert removed(CacheTool.POETRY, tmp_path) == {"poetry cache clear --all .": ["cache/repositories"]}
    assert removed(CacheTool.PDM, tmp_path) == {"pdm cache clear": ["wheels"]}
    assert removed(CacheTool.PIPENV, tmp_path) == {"pipenv --clear": ["."]}
    assert removed(CacheTool.PRE_COMMIT, tmp_path) == {"pre-commit clean": ["."]}
    assert removed(CacheTool.HATCH, tmp_path) == {}


def test_an_empty_place_has_nothing_to_clean(tmp_path: Path) -> None:
    for tool in CacheTool:
        for cleaning in cleanings(tool, f"{tmp_path}/gone"):
            freed = Measurement().add(*cleaning.removes)
            assert freed is not None
            assert freed.own == 0
