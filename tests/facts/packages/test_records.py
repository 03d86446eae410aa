from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.packages.records import BrokenRecord, Duplicate, Leftover, Unlisted
from envdoctor.system.unread import noting
from tests.facts.packages.packages_world import add, age, dependencies, records


def test_the_libraries_of_a_package_belong_to_it(tmp_path: Path) -> None:
    add(tmp_path, "numpy-1.26.4")
    left = tmp_path / "~umpy.libs"
    left.mkdir()
    age(left)
    assert records(tmp_path).leftovers == (Leftover((str(left),), twin="numpy"),)


def test_a_sound_environment_has_nothing(tmp_path: Path) -> None:
    add(tmp_path, "Foo_Bar-1.0")
    add(tmp_path, "by_conda-1.0", INSTALLER="conda", RECORD=None)
    add(tmp_path, "twin-1.0", METADATA=None, **{"PKG-INFO": "Name: twin\nVersion: 1.0\n"})
    add(tmp_path, "dev-1.0rc1.post2.dev3+local.1")
    seen = records(tmp_path)
    assert (seen.count, seen.leftovers, seen.duplicates, seen.broken, seen.unlisted) == (4, (), (), (), ())


def test_what_an_interrupted_pip_has_left(tmp_path: Path) -> None:
    info = add(tmp_path, "pygments-2.21.0")
    left = info.rename(tmp_path / "~ygments-2.21.0.dist-info")
    code = tmp_path / "~ygments"
    code.mkdir()
    bare, deeper = tmp_path / "~arkup", tmp_path / "~-quests"
    bare.mkdir()
    deeper.mkdir()
    age(code, bare, deeper)
    add(tmp_path, "requests-2.0")
    assert records(tmp_path).leftovers == (
        Leftover((str(bare),)),
        Leftover((str(deeper),), twin="requests"),
        Leftover((str(code), str(left)), "pygments", "2.21.0"),
    )


def test_a_pip_at_work_has_such_entries(tmp_path: Path) -> None:
    (tmp_path / "~ygments").mkdir()
    (tmp_path / "new-1.0.dist-info").mkdir()
    (tmp_path / "new-1.0.dist-info" / "RECORD").touch()
    seen = records(tmp_path)
    assert (seen.leftovers, seen.broken) == ((), ())


def test_two_records_in_one_directory(tmp_path: Path) -> None:
    one, two, other = tmp_path / "one", tmp_path / "two", tmp_path / "three"
    old, new = add(one, "Foo-1.0"), add(one, "foo-2.0")
    new.touch()
    add(two, "foo-3.0")
    add(other, "shared-1", INSTALLER="conda")
    add(other, "shared-2")
    [twice] = records(one, two, other).duplicates
    assert (twice.name, set(twice.records), twice.latest) == ("foo", {str(old), str(new)}, "2.0")
    assert not twice.is_same_version
    assert Duplicate("foo", ("1", "1"), ("a", "b"), "1").is_same_version


def test_records_that_installers_cannot_use(tmp_path: Path) -> None:
    empty = add(tmp_path, "empty-1.0", METADATA=None)
    odd = add(tmp_path, "pytz-2004d-x", INSTALLER=None)
    nameless = add(tmp_path, "-az-1.0", RECORD=None)
    assert records(tmp_path).unlisted == ()
    assert set(records(tmp_path).broken) == {
        BrokenRecord("empty", "1.0", str(empty), "it has no METADATA", installer="pip"),
        BrokenRecord("pytz", "2004d-x", str(odd), "`2004d-x` is not a version of a Python package", stops_uv=True),
        BrokenRecord("", "az-1.0", str(nameless), "its name is not that of a package", stops_uv=True),
    }


@pytest.mark.parametrize("text", ["", "Metadata-Ver", "Name: cut\nVers", "Version: 1.0\n"])
def test_metadata_that_is_empty_or_cut_off_is_unusable(tmp_path: Path, text: str) -> None:
    info = add(tmp_path, "cut-1.0", METADATA=text)
    [broken] = records(tmp_path).broken
    assert (broken.record, broken.stops_uv) == (str(info), False)
    assert broken.reason == "its METADATA does not say of which package and version it is"
    (info / "METADATA").write_text("version: 1.0\r\nNAME: cut\r\n\r\n")
    assert records(tmp_path).broken == ()


def test_metadata_that_cannot_be_read_is_noted(tmp_path: Path) -> None:
    info = add(tmp_path, "linked-1.0", METADATA=None)
    (info / "METADATA").symlink_to(tmp_path / "nowhere")
    with noting() as notes:
        assert records(tmp_path).broken == ()
    assert notes == {f"{info}/METADATA": "no such file or directory"}


def test_packages_whose_files_are_listed_nowhere(tmp_path: Path) -> None:
    root = tmp_path / "env"
    site = root / "lib/site-packages"
    gone, empty = add(site, "Gone-1.0", RECORD=None), add(site, "empty-1.0", RECORD="", INSTALLER=None)
    add(site, "debian-1.0", RECORD=None, INSTALLER="debian")
    add(tmp_path / "user", "mine-1.0", RECORD=None)
    (site / "gone.py").touch()
    assert set(records(site, tmp_path / "user", root=root).unlisted) == {
        Unlisted("gone", "1.0", str(gone), "pip", top_level=(f"{site}/gone.py",)),
        Unlisted("empty", "1.0", str(empty), None, empty=True),
    }
    assert records(site, root=root, is_venv=False).unlisted == ()


def test_the_systems_packages_are_the_affair_of_its_maintainers(tmp_path: Path) -> None:
    system = tmp_path / "lib/python3/dist-packages"
    add(system, "cryptography-38.0.4", INSTALLER=None)
    egg = system / "cryptography-38.0.4.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").touch()
    add(system, "pygobject-3.42.2", "pycairo>=1.16", INSTALLER=None)
    assert records(system, is_venv=False, externally_managed=True).duplicates == ()
    assert dependencies([system], is_venv=False, externally_managed=True).unmet == ()
    add(system, "mine-1.0", "pycairo>=1.16")
    seen = dependencies([system], is_venv=False, externally_managed=True).unmet
    assert [one.dependent for one in seen] == ["mine"]
