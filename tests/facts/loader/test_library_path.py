from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.loader import library_path
from envdoctor.facts.loader.library_path import (
    ElementKind,
    LibraryPath,
    conda_environment,
    probe_dyld_variables,
    probe_library_path,
    split,
    split_preload,
)
from tests.support import make_session


def read(value: str, home: Path | None = None, cwd: Path | None = None) -> LibraryPath:
    env = {"LD_LIBRARY_PATH": value} | ({"HOME": str(home)} if home else {})
    return probe_library_path(make_session(env, cwd=cwd))


def kinds(value: str) -> list[ElementKind]:
    return [element.kind for element in read(value).elements]


@pytest.mark.parametrize("env", [{}, {"LD_LIBRARY_PATH": ""}])
def test_unset_and_empty_mean_nothing(env: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match=r"not set|empty"):
        probe_library_path(make_session(env))


def test_colons_and_semicolons_separate_and_a_lone_colon_is_two_empty_elements() -> None:
    assert [element.text for element in read("/a:/b;/c").elements] == ["/a", "/b", "/c"]
    assert kinds(":") == [ElementKind.EMPTY, ElementKind.EMPTY]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("/usr/lib", ElementKind.NORMAL),
        ("lib", ElementKind.RELATIVE),
        (".", ElementKind.RELATIVE),
        ("~/lib", ElementKind.TILDE),
        ("$HOME/lib", ElementKind.UNEXPANDED),
        ("${CUDA}/lib", ElementKind.UNEXPANDED),
        ("{LD_LIBRARY_PATH", ElementKind.UNEXPANDED),
        ("$ORIGIN/$HOME", ElementKind.UNEXPANDED),
        ("`pwd`/lib", ElementKind.UNEXPANDED),
        ('"/usr/lib"', ElementKind.QUOTED),
        ("'/usr/lib", ElementKind.QUOTED),
        (" /usr/lib", ElementKind.BLANKS),
        ("/usr/lib\n", ElementKind.BLANKS),
        ("$ORIGIN/../lib", ElementKind.DYNAMIC),
        ("/opt/${LIB}", ElementKind.DYNAMIC),
    ],
)
def test_each_element_is_what_the_loader_makes_of_it(text: str, kind: ElementKind) -> None:
    assert kinds(text) == [kind]


def test_conda_is_recognised_by_its_metadata_also_through_a_link(tmp_path: Path) -> None:
    for directory in ("root/conda-meta", "root/lib", "root/lib/stubs", "plain/lib"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "link").symlink_to("root/lib")
    assert conda_environment(f"{tmp_path}/root/lib/") == f"{tmp_path}/root"
    assert conda_environment(f"{tmp_path}/link") == f"{tmp_path}/root"
    assert conda_environment(f"{tmp_path}/root/lib/stubs") is None
    assert conda_environment(f"{tmp_path}/plain/lib") is None
    assert conda_environment(f"{tmp_path}/plain/lib", f"{tmp_path}/plain") == f"{tmp_path}/plain"
    assert read(f"{tmp_path}/root/lib").elements[0].conda == f"{tmp_path}/root"


def test_duplicates_are_found_however_they_are_spelled(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "link").symlink_to("lib")
    elements = read(f"{tmp_path}/lib:/gone:{tmp_path}//lib/:{tmp_path}/link:/gone/").elements
    assert [element.is_duplicate for element in elements] == [False, False, True, True, True]
    assert [element.exists for element in elements] == [True, False, True, True, False]


def test_what_was_probably_meant_is_a_directory_that_exists(tmp_path: Path) -> None:
    (tmp_path / "my lib").mkdir()
    meant = [
        e.meant for e in read(f"~/my lib:$HOME/my lib:${{HOME}}/gone:'{tmp_path}/my lib':~me/x", tmp_path).elements
    ]
    assert meant == [f"{tmp_path}/my lib", f"{tmp_path}/my lib", None, f"{tmp_path}/my lib", None]


def test_a_relative_element_exists_where_the_shell_is(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    assert [element.exists for element in read("lib:nope", cwd=tmp_path).elements] == [True, False]


def test_musl_skips_empty_elements_and_splits_at_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert split(":/a::/b;/c\n/d:", musl=True) == ["/a", "/b;/c", "/d"]
    assert split(":/a;/b\n") == ["", "/a", "/b\n"]
    monkeypatch.setattr(library_path, "has_musl", lambda: True)
    assert [element.text for element in read(":/a:").elements] == ["/a"]


def test_preloaded_objects_are_separated_by_blanks_and_colons() -> None:
    assert split_preload(" a.so:/b.so  c.so:") == ("a.so", "/b.so", "c.so")
    assert split_preload(None) == ()


def test_macos_has_variables_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session({"LD_LIBRARY_PATH": "/a", "DYLD_LIBRARY_PATH": "/b", "DYLD_INSERT_LIBRARIES": ""})
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(Unavailable, match="macOS"):
        probe_dyld_variables(session)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Unavailable, match="macOS"):
        probe_library_path(session)
    assert probe_dyld_variables(session).variables == (("DYLD_LIBRARY_PATH", "/b"),)
