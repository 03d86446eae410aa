from __future__ import annotations

import json
from importlib.metadata import distributions
from pathlib import Path

import pytest

from envdoctor.facts.python.distributions import Distribution, normalised, read_installed


def put(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def dist_info(directory: Path, stem: str, **files: str) -> Path:
    info = directory / f"{stem}.dist-info"
    name, _, version = stem.rpartition("-")
    put(info / "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    for file, text in files.items():
        put(info / file.replace("_json", ".json"), text)
    return info


def test_every_form_is_read(tmp_path: Path) -> None:
    editable = json.dumps({"url": "file:///home/ann/my%20lib", "dir_info": {"editable": True}})
    archive = json.dumps({"url": "https://host/x.whl", "archive_info": {}})
    info = dist_info(tmp_path, "Foo_Bar-1.0", INSTALLER="uv")
    working = dist_info(tmp_path, "lib-2.0+local.1", INSTALLER="pip\n", direct_url_json=editable)
    fetched = dist_info(tmp_path, "x-3", direct_url_json=archive)
    put(tmp_path / "old-1.2-py3.11.egg-info/PKG-INFO")
    put(tmp_path / "single-1.4-py2.7.egg-info", "Metadata-Version: 1.0\nName: single\nVersion: 1.4\n")
    put(tmp_path / "zope.thing-5.0-py3.8-linux-x86_64.egg/EGG-INFO/PKG-INFO", "Name: zope.thing\nVersion: 5.0\n")
    put(tmp_path / "plain.egg-info/PKG-INFO", "Name: Plain\nVersion: 7\n")
    put(tmp_path / "dev-kit.egg-link", f"{tmp_path}/src\n.")
    put(tmp_path / "src/dev_kit.egg-info/PKG-INFO", "Name: dev-kit\nVersion: 0.9\n")
    seen = read_installed([str(tmp_path)])
    assert seen == (
        Distribution("dev-kit", "0.9", f"{tmp_path}/dev-kit.egg-link", None, f"{tmp_path}/src"),
        Distribution("foo-bar", "1.0", str(info), "uv"),
        Distribution("lib", "2.0+local.1", str(working), "pip", "/home/ann/my lib"),
        Distribution("old", "1.2", f"{tmp_path}/old-1.2-py3.11.egg-info"),
        Distribution("plain", "7", f"{tmp_path}/plain.egg-info"),
        Distribution("single", "1.4", f"{tmp_path}/single-1.4-py2.7.egg-info"),
        Distribution("x", "3", str(fetched)),
        Distribution("zope-thing", "5.0", f"{tmp_path}/zope.thing-5.0-py3.8-linux-x86_64.egg"),
    )
    assert seen[1].location == str(tmp_path)


def test_the_first_directory_wins_and_missing_ones_do_not_matter(tmp_path: Path) -> None:
    first = dist_info(tmp_path / "one", "x-1")
    dist_info(tmp_path / "two", "X-2")
    assert read_installed([str(tmp_path / n) for n in ("none", "one", "two")]) == (Distribution("x", "1", str(first)),)


@pytest.mark.parametrize(
    "damage",
    [
        lambda root: put(root / "~x-1.dist-info/METADATA", "Name: x\n"),
        lambda root: put(root / "x-1.dist-info/INSTALLER", "pip"),
        lambda root: put(root / "noversion.dist-info/METADATA"),
        lambda root: put(root / "x.egg-info", ""),
        lambda root: (root / "x-1.dist-info").symlink_to(root / "nowhere"),
    ],
)
def test_what_is_no_package_is_not_counted(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    damage(tmp_path)
    assert read_installed([str(tmp_path)]) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"dir_info": 1}', '{"dir_info": {"editable": true}}', "[" * 9999])
def test_a_damaged_record_says_less(tmp_path: Path, text: str) -> None:
    dist_info(tmp_path, "x-1", direct_url_json=text)
    [seen] = read_installed([str(tmp_path)])
    assert (seen.editable, seen.installer) == (None, None)


def test_this_environment_as_the_standard_library_sees_it() -> None:
    site = str(Path(pytest.__file__).parent.parent)
    theirs = {(normalised(found.name), found.version) for found in distributions(path=[site])}
    assert {(found.name, found.version) for found in read_installed([site])} == theirs


@pytest.mark.parametrize(
    "said",
    [
        '{"url": "http://[::1", "dir_info": {"editable": true}}',
        '{"url": "file://\\ud800[", "dir_info": {"editable": true}}',
        '{"url": 3, "dir_info": {"editable": true}}',
        '{"dir_info": {"editable": true}}',
        '{"dir_info": [' + "[" * 5_000,
        f'{{"a": {"9" * 5_000}}}',
        "\x00",
    ],
)
def test_an_origin_that_cannot_be_read_makes_no_working_copy(tmp_path: Path, said: str) -> None:
    info = dist_info(tmp_path, "x-1", direct_url_json=said)
    assert read_installed([str(tmp_path)]) == (Distribution("x", "1", str(info)),)


def test_a_record_that_is_no_text_still_names_its_package(tmp_path: Path) -> None:
    record = tmp_path / "odd.egg-info"
    record.write_bytes(b"Name: o\xffdd\nVersion: 1.\xff\n")
    assert read_installed([str(tmp_path)]) == (Distribution("o\ufffddd", "1.\ufffd", str(record)),)
