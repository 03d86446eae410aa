from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.packages.owners import SharedFiles, probe_file_owners
from envdoctor.facts.packages.targets import PackageTargets
from tests.facts.packages.packages_world import add, target
from tests.support import make_session


def shared(*sites: Path, deep: bool = False, told: list[tuple[str, int, int]] | None = None) -> tuple[SharedFiles, ...]:
    session = make_session(deep=deep)
    if told is not None:
        session.progress = lambda *said: told.append(said)
    [seen] = probe_file_owners(session, PackageTargets((target(*sites),))).environments
    return seen.shared


def put(site: Path, stem: str, *rows: str, order: int = 0) -> str:
    info = add(site, stem, RECORD="".join(f"{row},1\n" for row in rows))
    os.utime(info / "RECORD", (order, order))
    return str(info)


def test_variants_of_one_thing(tmp_path: Path) -> None:
    last = put(
        tmp_path, "opencv_python-4.11", "cv2/__init__.py,sha256=a", "cv2/cv2.so,sha256=a", "cv2/x.py,sha256=s", order=9
    )
    put(tmp_path, "opencv_python_headless-4.10", "cv2/__init__.py,sha256=b", "cv2/cv2.so,sha256=b", "cv2/x.py,sha256=s")
    add(tmp_path, "asks-1.0", "opencv-python-headless", "opencv-python; extra == 'x'")
    assert shared(tmp_path) == (
        SharedFiles(
            (("opencv-python-headless", "4.10"), ("opencv-python", "4.11")),
            (f"{tmp_path}/cv2/__init__.py", f"{tmp_path}/cv2/cv2.so"),
            2,
            last,
            required=("opencv-python-headless",),
        ),
    )


def test_different_things_under_one_name(tmp_path: Path) -> None:
    put(tmp_path, "jwt-1.3", "jwt/__init__.py,sha256=a", "LICENSE,sha256=l")
    put(tmp_path, "PyJWT-2.8", "jwt/__init__.py,sha256=b", "LICENSE,sha256=m")
    put(tmp_path, "docx-0.2", "docx.py,sha256=a")
    put(tmp_path, "python_docx-1.1", "docx/__init__.py,sha256=b")
    assert [(each.different, each.files) for each in shared(tmp_path)] == [
        (True, (f"{tmp_path}/jwt/__init__.py",)),
        (True, (f"{tmp_path}/docx/__init__.py",)),
    ]


def test_equal_content_and_other_files_do_not_matter(tmp_path: Path) -> None:
    rows = (
        "x/__init__.py,sha256=same",
        "x/__pycache__/a.pyc,sha256={}",
        "../../../bin/tool.py,sha256={}",
        "x/a.txt,sha256={}",
    )
    for name in ("opencv_python", "opencv_python_headless"):
        put(tmp_path, f"{name}-1", *(row.format(name) for row in rows), "x/unhashed.py,")
    assert shared(tmp_path, deep=True) == ()


def test_all_others_are_compared_only_when_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "one-1", "tests/__init__.py,sha256=a")
    put(tmp_path, "two-1", "tests/__init__.py,sha256=b")
    assert shared(tmp_path) == ()
    [found] = shared(tmp_path, deep=True)
    assert dict(found.packages) == {"one": "1", "two": "1"}


def test_in_different_directories_each_has_its_own(tmp_path: Path) -> None:
    put(tmp_path / "a", "jwt-1.3", "jwt/__init__.py,sha256=a")
    put(tmp_path / "b", "PyJWT-2.8", "jwt/__init__.py,sha256=b")
    assert shared(tmp_path / "a", tmp_path / "b") == ()


def test_in_depth_it_is_told_meanwhile(tmp_path: Path) -> None:
    add(tmp_path, "jwt-1.3")
    add(tmp_path, "PyJWT-2.8")
    told: list[tuple[str, int, int]] = []
    assert (shared(tmp_path, told=told), told) == ((), [])
    add(tmp_path, "other-1.0")
    shared(tmp_path, deep=True, told=told)
    assert told == [("lists of files", 0, 2), ("lists of files", 1, 2), ("lists of files", 0, 1)]
