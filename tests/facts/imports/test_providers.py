from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.imports.modules import Kind, Module
from envdoctor.facts.imports.providers import import_names, linked, owners_of, provider, providers
from envdoctor.facts.python.distributions import Distribution, Sites


def install(directory: Path, record: str, **files: str) -> None:
    (directory / record).mkdir(parents=True)
    for name, text in files.items():
        (directory / record / name.replace("__", ".")).write_text(text)


def named(directory: Path, path: str, top: str, kind: Kind = Kind.MODULE) -> list[str]:
    found = providers(Sites(), str(directory), Module(kind, f"{directory}/{path}"), top)
    return sorted(f"{each.name} {each.version}" for each in found)


def test_all_that_list_a_file_have_installed_it(tmp_path: Path) -> None:
    listed = "cv2/__init__.py,sha256=x,1\ncv2/data/a.py,,\n"
    install(tmp_path, "opencv_python-4.9.dist-info", METADATA="Name: opencv-python\n\n", RECORD=listed)
    install(tmp_path, "opencv_python_headless-4.8.dist-info", RECORD=listed)
    install(tmp_path, "cv2_tools-1.dist-info", RECORD="cv2_tools/cv2/__init__.py,,\n")
    assert named(tmp_path, "cv2/__init__.py", "cv2") == ["opencv-python 4.9", "opencv-python-headless 4.8"]
    assert named(tmp_path, "cv2/data", "cv2", Kind.NAMESPACE) == ["opencv-python 4.9", "opencv-python-headless 4.8"]
    assert named(tmp_path, "cv2/dat", "cv2", Kind.NAMESPACE) == []


@pytest.mark.parametrize(
    ("record", "files"),
    [
        ("PyYAML-6.0-py3.11.egg-info", {"top_level__txt": "_yaml\nyaml\n"}),
        ("PyYAML-6.0-py3.11.egg-info", {"installed-files__txt": "../yaml/__init__.py\nPKG-INFO\n"}),
        ("PyYAML-6.0.dist-info", {"top_level__txt": "yaml\n"}),
        ("yaml-6.0.dist-info", {}),
        ("PyYAML-6.0.dist-info", {"RECORD": '"yaml/__init__.py",,\n'}),
    ],
)
def test_older_records_are_read_too(record: str, files: dict[str, str], tmp_path: Path) -> None:
    install(tmp_path, record, **files)
    install(tmp_path, "other-1.egg-info", top_level__txt="yamlish\n")
    assert len(named(tmp_path, "yaml/__init__.py", "yaml")) == 1


def test_a_pth_file_belongs_to_what_lists_it(tmp_path: Path) -> None:
    install(tmp_path, "mine-1.dist-info", RECORD="__editable__.mine-1.pth,sha256=x,10\n")
    install(tmp_path, "other-1.dist-info", RECORD="x.py,,\n")
    assert [each.name for each in owners_of(Sites(), f"{tmp_path}/__editable__.mine-1.pth")] == ["mine"]


def test_an_egg_link_leads_to_its_working_copy(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "mine.egg-link").write_text(f"{tmp_path}/src\n.\n")
    (tmp_path / "src/mine.egg-info").mkdir()
    (tmp_path / "src/mine.egg-info/PKG-INFO").write_text("Name: Mine\nVersion: 2\n\n")
    assert [each.version for each in linked(Sites(), [str(tmp_path)], f"{tmp_path}/src")] == ["2"]
    assert linked(Sites(), [str(tmp_path)], "/elsewhere") == ()


def test_the_import_names_of_a_distribution(tmp_path: Path) -> None:
    listed = "yaml/__init__.py,,\n_yaml.cpython-311.so,,\nPyYAML-6.dist-info/RECORD,,\n../../../bin/x,,\ndata/a.txt,,\n"
    install(tmp_path, "PyYAML-6.dist-info", RECORD=listed + "__editable___x_finder.py,,\n")
    distribution = Distribution("pyyaml", "6", f"{tmp_path}/PyYAML-6.dist-info")
    assert import_names(Sites(), distribution) == ("_yaml", "yaml")
    assert import_names(Sites(), Distribution("gone", "1", "/nonexistent")) == ()
    assert provider(Sites(), distribution).name == "pyyaml"
