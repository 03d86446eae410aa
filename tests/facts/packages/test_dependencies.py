from __future__ import annotations

import os
import shutil
import threading
import zipfile
from pathlib import Path

from envdoctor.facts.packages.dependencies import Malformed, NewerPython, UnmetRequirement
from envdoctor.facts.packages.overrides import UvOverrides
from envdoctor.system.unread import noting
from tests.facts.packages.packages_world import add, age, dependencies
from tests.fuzz.growth import cost


def unmet(*directories: Path, **more: object) -> list[tuple[str, str, str | None]]:
    return [(one.dependent, one.text, one.installed) for one in dependencies(directories, **more).unmet]  # type: ignore[arg-type]


def test_what_is_met_or_does_not_count(tmp_path: Path) -> None:
    add(
        tmp_path,
        "aa-1.0",
        "bb (>=2)",
        "cc; extra == 'x'",
        "dd; sys_platform == 'win32'",
        "ee; python_version < '3'",
        "ff[fast]>=1",
        "gg @ https://host/gg.whl",
        "BB",
    )
    add(tmp_path, "bb-2.0", headers="Requires: nothing\nProvides-Dist: cc\n")
    add(tmp_path, "ff-1.1.dev0", "hh; extra == 'fast'")
    add(tmp_path, "gg-0.1")
    assert unmet(tmp_path) == []


def test_an_egg_that_is_one_file_requires_too(tmp_path: Path) -> None:
    egg = tmp_path / "old-1.0-py3.11.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        archive.writestr("EGG-INFO/PKG-INFO", "Name: old\nVersion: 1.0\n")
        archive.writestr("EGG-INFO/requires.txt", "bb>=2\n[x]\nnone\n")
    assert unmet(egg) == [("old", "bb>=2", None)]
    (tmp_path / "easy-install.pth").write_text(f"./{egg.name}\n")
    assert unmet(tmp_path) == [("old", "bb>=2", None)]
    egg.write_bytes(b"PK no archive")
    assert unmet(egg) == []


def test_what_is_missing_and_what_does_not_suit(tmp_path: Path) -> None:
    info = add(tmp_path, "aa-1.0", "Foo.Bar >=2 ; python_version > '3'", "missing")
    other = add(tmp_path, "zz-1.0", "foo-bar<3", INSTALLER="uv")
    add(tmp_path, "foo_bar-1.0", INSTALLER="conda")
    judged = dependencies([tmp_path])
    assert judged.unmet == (
        UnmetRequirement("aa", "1.0", str(info), "Foo.Bar >=2", "foo-bar", "1.0", str(tmp_path), "conda"),
        UnmetRequirement("aa", "1.0", str(info), "missing", "missing", None, None, "pip"),
    )
    assert other.exists()
    assert (judged.wanted("foo-bar"), judged.wanted("missing")) == ("foo-bar<3,>=2", "missing")


def test_no_version_suits_two_that_exclude_each_other(tmp_path: Path) -> None:
    add(tmp_path, "aa-1.0", "bb>=2")
    add(tmp_path, "cc-1.0", "bb<2")
    add(tmp_path, "bb-1.0")
    assert dependencies([tmp_path]).wanted("bb") is None


def test_the_first_directory_hides_the_others(tmp_path: Path) -> None:
    add(tmp_path / "two", "aa-1.0", "bb>=2")
    add(tmp_path / "two", "bb-2.0")
    add(tmp_path / "one", "bb-1.0")
    assert unmet(tmp_path / "two") == []
    assert unmet(tmp_path / "one", tmp_path / "two") == [("aa", "bb>=2", "1.0")]


def test_older_forms_are_judged_too(tmp_path: Path) -> None:
    egg = tmp_path / "old-1.0-py2.7.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Name: old\nVersion: 1.0\n")
    (egg / "requires.txt").write_text("bb>=2\n[:python_version < '3']\nfutures\n[x]\nnone\n")
    add(tmp_path, "bb-1.0")
    assert unmet(tmp_path) == [("old", "bb>=2", "1.0")]


def test_root_causes_are_not_told_twice(tmp_path: Path) -> None:
    add(tmp_path, "aa-1.0", "twice>=9", "half", "broken>=9", "overridden>=9")
    add(tmp_path, "twice-1.0", "gone")
    add(tmp_path, "Twice-2.0", "gone")
    add(tmp_path, "broken-1.0", METADATA=None)
    add(tmp_path, "overridden-1.0")
    add(tmp_path, "stated-1.0", "absent")
    half = add(tmp_path, "half-1.0").rename(tmp_path / "~alf-1.0.dist-info")
    age(half)
    assert unmet(tmp_path, overrides=UvOverrides(("overridden",), ("stated",))) == []


def test_conda_has_one_of_several_names(tmp_path: Path) -> None:
    add(tmp_path, "aa-1.0", "opencv-python>=4")
    add(tmp_path, "opencv-python-headless-4.10")
    info = (tmp_path / "opencv-python-headless-4.10.dist-info").rename(
        tmp_path / "opencv_python_headless-4.10.dist-info"
    )
    assert info.exists()
    assert unmet(tmp_path, is_conda=True) == []
    assert unmet(tmp_path) == [("aa", "opencv-python>=4", None)]


def test_requirements_that_cannot_be_read_hide_the_others(tmp_path: Path) -> None:
    line = 'pip; a == "b";extra == "c"'
    odd = add(tmp_path, "odd-1.0", "missing", line)
    old = add(tmp_path, "old-1.0", "bb>=2.0.*", "missing")
    add(tmp_path, "bb-1.0")
    judged = dependencies([tmp_path])
    assert set(judged.malformed) == {
        Malformed("odd", "1.0", str(odd), line),
        Malformed("old", "1.0", str(old), "bb>=2.0.*", legacy=True),
    }
    assert [(one.dependent, one.text) for one in judged.unmet] == [("old", "bb>=2.0.*"), ("old", "missing")]


def test_only_a_lower_limit_of_python_counts(tmp_path: Path) -> None:
    new = add(tmp_path, "new-1.0", headers="Requires-Python: >=3.12,<4\n")
    add(tmp_path, "capped-1.0", headers="Requires-Python: >=3.8,<3.11\n")
    add(tmp_path, "exact-1.0", headers="Requires-Python: ==3.10.*\n")
    add(tmp_path, "odd-1.0", headers="Requires-Python: who knows\n")
    assert dependencies([tmp_path]).newer_python == (NewerPython("new", "1.0", str(new), ">=3.12,<4"),)
    assert dependencies([tmp_path], version=(3, 12, 0)).newer_python == ()


def test_metadata_of_every_wrong_kind_is_read_as_far_as_it_goes_or_said_to_be_unread(tmp_path: Path) -> None:
    add(tmp_path, "alpha-1.0", "absent")
    for stem, content in {
        "latin-1": "Name: latin\nVersion: 1\nAuthor: J\xf6rg\nRequires-Dist: gone\n".encode("latin-1"),
        "cut-1": b"Name: cut\nVersion: 1\nRequires-Dist: alp",
        "body-1": b"Name: body\nVersion: 1\n\n" + b"x\n" * 1_000_000,
        "nul-1": bytes(5_000),
        "empty-1": b"",
        "huge-1": b"Name: huge\nSummary: " + b"x" * 2_000_000,
    }.items():
        (add(tmp_path, stem) / "METADATA").write_bytes(content)
    os.mkfifo(add(tmp_path, "fifo-1", METADATA=None) / "METADATA")
    (add(tmp_path, "folder-1", METADATA=None) / "METADATA").mkdir()
    age(*tmp_path.iterdir())
    with noting() as notes:
        found = dependencies([tmp_path])
    assert [(one.dependent, one.text) for one in found.unmet] == [
        ("alpha", "absent"),
        ("cut", "alp"),
        ("latin", "gone"),
    ]
    assert {path.split("/")[-2]: reason for path, reason in notes.items()} == {
        "huge-1.dist-info": "headers of more than 1,000,000 bytes",
        "fifo-1.dist-info": "not a regular file",
        "folder-1.dist-info": "not a regular file",
    }


def test_a_directory_that_changes_while_it_is_read(tmp_path: Path) -> None:
    done = threading.Event()

    def churn() -> None:
        number = 0
        while not done.is_set():
            number += 1
            shutil.rmtree(tmp_path / f"c{number * 7 % 30}-1.dist-info", ignore_errors=True)
            if not (tmp_path / f"c{number % 30}-1.dist-info").exists():
                add(tmp_path, f"c{number % 30}-1", f"c{(number + 1) % 30}")

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(100):
            dependencies([tmp_path])
    finally:
        done.set()
        thread.join()


def test_four_times_as_many_packages_cost_about_four_times_as_much(tmp_path: Path) -> None:
    def measured(count: int) -> float:
        site = tmp_path / str(count)
        for number in range(count):
            add(site, f"p{number}-1.0", f"p{(number + 1) % count}>=1,<{number + 2}", "gone; extra == 'x'")
            (site / f"m{number}.py").touch()
        assert dependencies([site]).unmet == ()
        return cost(lambda: dependencies([site]), times=3)

    assert measured(600) < 10 * measured(150)
