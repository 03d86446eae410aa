from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from envdoctor.facts.python import distributions
from envdoctor.facts.python.distributions import (
    Distribution,
    PathLine,
    SiteDirectory,
    Sites,
    normalised,
    read_installed,
    sites,
)
from envdoctor.system.files import Unreadable
from envdoctor.system.unread import noting
from tests.support import make_session


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
    info = dist_info(tmp_path, "Foo_Bar-1.0", INSTALLER="uv")
    local = dist_info(tmp_path, "lib-2.0+local.1")
    put(tmp_path / "old-1.2-py3.11.egg-info/PKG-INFO")
    put(tmp_path / "single-1.4-py2.7.egg-info", "Metadata-Version: 1.0\nName: single\nVersion: 1.4\n")
    put(tmp_path / "zope.thing-5.0-py3.8-linux-x86_64.egg/EGG-INFO/PKG-INFO", "Name: zope.thing\nVersion: 5.0\n")
    put(tmp_path / "unlisted-1.0-py3.8.egg/EGG-INFO/PKG-INFO", "Name: unlisted\nVersion: 1.0\n")
    put(tmp_path / "easy-install.pth", "./zope.thing-5.0-py3.8-linux-x86_64.egg\n")
    put(tmp_path / "plain.egg-info/PKG-INFO", "Name: Plain\nVersion: 7\n")
    put(tmp_path / "dev-kit.egg-link", f"{tmp_path}/src\n.")
    put(tmp_path / "src/dev_kit.egg-info/PKG-INFO", "Name: dev-kit\nVersion: 0.9\n")
    seen = read_installed([str(tmp_path)])
    assert seen == (
        Distribution("dev-kit", "0.9", f"{tmp_path}/dev-kit.egg-link"),
        Distribution("foo-bar", "1.0", str(info)),
        Distribution("lib", "2.0+local.1", str(local)),
        Distribution("old", "1.2", f"{tmp_path}/old-1.2-py3.11.egg-info"),
        Distribution("plain", "7", f"{tmp_path}/plain.egg-info"),
        Distribution("single", "1.4", f"{tmp_path}/single-1.4-py2.7.egg-info"),
        Distribution("zope-thing", "5.0", f"{tmp_path}/zope.thing-5.0-py3.8-linux-x86_64.egg"),
    )
    assert (seen[1].location, seen[1].is_wheel, seen[0].is_wheel) == (str(tmp_path), True, False)
    [egg] = read_installed([f"{tmp_path}/unlisted-1.0-py3.8.egg"])
    assert (egg.name, egg.version) == ("unlisted", "1.0")


def test_name_and_version_are_those_of_the_directory(tmp_path: Path) -> None:
    dist_info(tmp_path, "foo-1.0", METADATA="Name: bar\nVersion: 3.0\n")
    dist_info(tmp_path, "pytz-2004d-x")
    (tmp_path / "linked-2.dist-info").symlink_to(tmp_path / "foo-1.0.dist-info")
    put(tmp_path / "file-1.dist-info")
    found = [(each.name, each.version) for each in read_installed([str(tmp_path)])]
    assert found == [("foo", "1.0"), ("linked", "2"), ("pytz", "2004d-x")]


def test_the_first_directory_wins_and_missing_ones_do_not_matter(tmp_path: Path) -> None:
    first = dist_info(tmp_path / "one", "x-1")
    dist_info(tmp_path / "two", "X-2")
    assert read_installed([str(tmp_path / n) for n in ("none", "one", "two")]) == (Distribution("x", "1", str(first)),)


@pytest.mark.parametrize(
    "damage",
    [
        lambda root: put(root / "~x-1.dist-info/METADATA", "Name: x\n"),
        lambda root: put(root / "-x-1.dist-info/METADATA"),
        lambda root: put(root / "noversion.dist-info/METADATA"),
        lambda root: put(root / "x.egg-info", ""),
        lambda root: (root / "x-1.dist-info").symlink_to(root / "nowhere"),
    ],
)
def test_what_is_no_package_is_not_counted(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    damage(tmp_path)
    assert read_installed([str(tmp_path)]) == ()


def test_this_environment_as_the_standard_library_sees_it() -> None:
    site = str(Path(pytest.__file__).parent.parent)
    theirs = {(normalised(found.name), found.version) for found in importlib.metadata.distributions(path=[site])}
    assert {(found.name, found.version) for found in read_installed([site])} == theirs


def test_a_record_that_is_no_text_still_names_its_package(tmp_path: Path) -> None:
    record = tmp_path / "odd.egg-info"
    record.write_bytes(b"Name: o\xffdd\nVersion: 1.\xff\n")
    assert read_installed([str(tmp_path)]) == (Distribution("o\ufffddd", "1.\ufffd", str(record)),)


def test_nothing_is_read_twice(tmp_path: Path) -> None:
    info, known = dist_info(tmp_path, "x-1"), Sites()
    [package] = known.installed([str(tmp_path)])
    assert known.headers(package).startswith(b"Metadata-Version: 2.1")
    (info / "METADATA").unlink()
    info.rmdir()
    assert known.installed([str(tmp_path)]) == (package,)
    assert known.headers(package).endswith(b"Version: 1\n")
    with pytest.raises(Unreadable):
        Sites().headers(package)


def test_a_session_keeps_what_has_been_read() -> None:
    one, other = make_session(), make_session()
    assert sites(one) is sites(one)
    assert sites(one) is not sites(other)


def test_a_directory_of_too_many_entries_is_noted_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributions, "MOST_ENTRIES", 3)
    for number in range(5):
        put(tmp_path / f"x{number}.py")
    known = Sites()
    for _ in range(2):
        with noting() as notes:
            assert len(known.directory(str(tmp_path)).names) == 3
        assert notes == {str(tmp_path): "more than 3 entries"}


def test_what_pth_files_add_and_run(tmp_path: Path) -> None:
    put(tmp_path / "a.pth", "# a comment\n\n../src\n/opt/lib\nimport thing; thing.install()\n")
    seen = SiteDirectory(str(tmp_path))
    assert seen.added == (str(tmp_path.parent / "src"), "/opt/lib")
    assert seen.path_lines[-1] == PathLine(f"{tmp_path}/a.pth", "import thing; thing.install()", code=True)
