from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.facts.packages.editables import LostEditable, probe_editables
from envdoctor.facts.packages.targets import PackageTargets
from tests.facts.packages.packages_world import add, target
from tests.support import make_session


def editable(site: Path, source: Path, name: str = "my-lib") -> Path:
    url = json.dumps({"url": f"file://{str(source).replace(' ', '%20')}", "dir_info": {"editable": True}})
    return add(site, f"{name.replace('-', '_')}-1.0", **{"direct_url.json": url})


def lost(site: Path) -> tuple[LostEditable, ...]:
    [seen] = probe_editables(make_session(), PackageTargets((target(site),))).environments
    return seen.lost


@pytest.mark.parametrize(
    "file",
    [
        "__editable__.my_lib-1.0.pth",
        "_editable_impl_my_lib.pth",
        "_editable_skbc_my_lib.pth",
        "my_lib.pth",
        "_my_lib.pth",
        "_my_lib_editable.pth",
        "my-lib-editable.pth",
        "My.Lib.pth",
    ],
)
def test_a_path_file_that_names_a_directory(tmp_path: Path, file: str) -> None:
    site, source = tmp_path / "site", tmp_path / "my source"
    (source / "src").mkdir(parents=True)
    info = editable(site, source)
    (site / file).write_text(f"{source}/src")
    assert lost(site) == ()
    (source / "src").rename(tmp_path / "moved")
    assert lost(site) == (
        LostEditable("my-lib", "1.0", str(info), str(source), f"{source}/src", f"{site}/{file}", source_exists=True),
    )
    source.rmdir()
    assert not lost(site)[0].source_exists


def test_a_finder_maps_names_to_places(tmp_path: Path) -> None:
    site, source = tmp_path / "site", tmp_path / "source"
    (source / "my_lib").mkdir(parents=True)
    (source / "single.py").touch()
    editable(site, source)
    (site / "__editable__.my_lib-1.0.pth").write_text("import __editable___my_lib_1_0_finder; x.install()")
    mapping = {"my_lib": f"{source}/my_lib", "single": f"{source}/single"}
    finder = site / "__editable___my_lib_1_0_finder.py"
    finder.write_text(f"import sys\nMAPPING: dict[str, str] = {mapping!r}\nNAMESPACES: dict = {{}}\n")
    assert lost(site) == ()
    (source / "my_lib").rename(source / "renamed")
    [found] = lost(site)
    assert (found.missing, found.source_exists) == (f"{source}/my_lib", True)
    finder.write_text("MAPPING = {")
    assert lost(site) == ()


def test_a_finder_that_is_not_known_lives_from_the_source(tmp_path: Path) -> None:
    site = tmp_path / "site"
    editable(site, tmp_path / "gone")
    (site / "my_lib-editable.pth").write_text("import _my_lib_editable_loader")
    [found] = lost(site)
    assert found.missing == f"{tmp_path}/gone"


def test_setup_py_develop_left_a_link(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "old.egg-link").write_text(f"{tmp_path}/src\n.")
    (site / "easy-install.pth").write_text(f"/other\n{tmp_path}/src\n")
    (tmp_path / "src").mkdir()
    assert lost(site) == ()
    (tmp_path / "src").rmdir()
    [found] = lost(site)
    assert (found.name, found.missing, found.said) == ("old", f"{tmp_path}/src", f"{site}/old.egg-link")
    assert (found.shown, found.is_link, found.path_file) == ("old", True, f"{site}/easy-install.pth")


@pytest.mark.parametrize("module", ["my_lib", "my_lib.py"])
def test_a_link_as_flit_makes_it(tmp_path: Path, module: str) -> None:
    site, source = tmp_path / "site", tmp_path / "source"
    source.mkdir()
    info = editable(site, source)
    (site / module).symlink_to(source / module)
    (site / "other").symlink_to(tmp_path / "nowhere")
    [found] = lost(site)
    assert (found.record, found.missing, found.said) == (str(info), f"{source}/{module}", f"{site}/{module}")
    (source / module).touch()
    assert lost(site) == ()


def test_other_path_files_are_nobodys_affair(tmp_path: Path) -> None:
    site = tmp_path / "site"
    add(site, "my_lib-1.0")
    (site / "my_lib.pth").write_text("/not/there\n")
    (site / "mine.pth").write_text("/not/there\n")
    assert lost(site) == ()


def test_a_disk_may_not_be_mounted(tmp_path: Path) -> None:
    site = tmp_path / "site"
    editable(site, Path("/mnt/not-there-9/lib"))
    (site / "my_lib.pth").write_text("/mnt/not-there-9/lib\n")
    assert lost(site)[0].plugged


@pytest.mark.parametrize(
    "said",
    [
        '{"url": "http://[::1", "dir_info": {"editable": true}}',
        '{"url": "file://\\ud800[", "dir_info": {"editable": true}}',
        '{"url": 3, "dir_info": {"editable": true}}',
        '{"dir_info": {"editable": true}}',
        '{"url": "file:///x", "dir_info": {}}',
        '{"dir_info": [' + "[" * 5_000,
        f'{{"a": {"9" * 5_000}}}',
        "\x00",
    ],
)
def test_an_origin_that_cannot_be_read_makes_no_working_copy(tmp_path: Path, said: str) -> None:
    add(tmp_path, "x-1", **{"direct_url.json": said})
    (tmp_path / "x.pth").write_text("/not/there")
    assert lost(tmp_path) == ()
