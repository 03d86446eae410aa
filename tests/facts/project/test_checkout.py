from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.checkout import Checkout, probe_checkout
from tests.support import make_session


def test_it_is_the_repository_around_the_working_directory(tmp_path: Path) -> None:
    inner = tmp_path / "packages" / "a"
    inner.mkdir(parents=True)
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    (tmp_path / "pyproject.toml").touch()
    assert probe_checkout(make_session(cwd=inner)) == Checkout(str(tmp_path))
    (inner / "setup.cfg").touch()
    assert probe_checkout(make_session(cwd=inner)).governing == "packages/a/setup.cfg"


@pytest.mark.parametrize("name", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"])
def test_a_ci_service_names_its_workspace(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "work" / "repo"
    inner.mkdir(parents=True)
    assert probe_checkout(make_session({name: f"{tmp_path}/work/"}, cwd=inner)).root == f"{tmp_path}/work"
    elsewhere = probe_checkout(make_session({name: f"{tmp_path}/wor"}, cwd=inner))
    assert elsewhere == Checkout(str(inner))


def test_a_link_to_the_checkout_is_told_with_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real" / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    found = probe_checkout(make_session(cwd=tmp_path / "link"))
    assert (found.root, found.real) == (f"{tmp_path}/link", f"{tmp_path}/real")


def test_a_deleted_directory_is_in_no_checkout() -> None:
    with pytest.raises(Unavailable):
        probe_checkout(make_session(cwd=None))
