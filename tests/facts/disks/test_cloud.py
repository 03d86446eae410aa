from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.disks import cloud
from envdoctor.facts.disks.cloud import CloudFolder, CloudFolders, folders_above, is_left_alone
from tests.support import make_session, see


def services(path: str, system: str = "Linux") -> list[tuple[str, bool]]:
    return [(service, certain) for _, service, _, certain in folders_above(path, "/home/me", system)]


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/home/me/OneDrive/p/.venv", "OneDrive"),
        ("/mnt/c/Users/me/OneDrive - Work & Co/p/.venv", "OneDrive"),
        ("/home/me/Dropbox/.venv", "Dropbox"),
        ("/home/me/Dropbox (Personal)/p/.venv", "Dropbox"),
        ("/home/me/Acme Dropbox/me/p/.venv", "Dropbox"),
        ("/home/me/Google Drive/p/.venv", "Google Drive"),
        ("/home/me/GoogleDrive-me@host/p/.venv", "Google Drive"),
        ("/home/me/iCloud Drive/p/.venv", "iCloud Drive"),
        ("/home/me/pCloudDrive/p/.venv", "pCloud"),
    ],
)
def test_names_that_no_other_directory_has(path: str, service: str) -> None:
    assert services(path) == [(service, True)]


@pytest.mark.parametrize(
    "name", ["dropbox-sdk", "Dropbox-Uploader", "onedrive", "OneDriveClient", "googledrive", "Documents"]
)
def test_names_of_ordinary_directories(name: str) -> None:
    assert services(f"/home/me/{name}/.venv") == []


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("Library/Mobile Documents/com~apple~CloudDocs/p/.venv", ("iCloud Drive", True)),
        ("Library/CloudStorage/OneDrive-Personal/p/.venv", ("OneDrive", True)),
        ("Library/CloudStorage/Box-Box/p/.venv", ("Box", True)),
        ("Documents/p/.venv", ("iCloud Drive", False)),
        ("Desktop/.venv", ("iCloud Drive", False)),
    ],
)
def test_places_of_macos(inside: str, found: tuple[str, bool]) -> None:
    assert services(f"/home/me/{inside}", "Darwin")[0] == found
    assert services(f"/home/me/{inside}") == []


@pytest.mark.parametrize(
    ("sign", "service"),
    [(".stfolder", "Syncthing"), (".dropbox.cache", "Dropbox"), (".nextcloudsync.log", "Nextcloud")],
)
def test_what_a_program_leaves_in_its_folder(tmp_path: Path, sign: str, service: str) -> None:
    (tmp_path / sign).mkdir()
    environment = tmp_path / "a/b/.venv"
    assert next(folders_above(str(environment), None, "Linux")) == (
        str(tmp_path),
        service,
        f"{tmp_path}/{sign}",
        True,
    )


def test_an_environment_that_is_marked_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = tmp_path / "Dropbox/p/.venv"
    environment.mkdir(parents=True)
    top = str(tmp_path / "Dropbox")
    assert not is_left_alone(str(environment), top)
    marked = {str(environment.parent)}
    monkeypatch.setattr(cloud, "_attribute", lambda path, name: b"1" if path in marked and "dropbox" in name else None)
    assert is_left_alone(str(environment), top)


def test_real_attributes_are_read(tmp_path: Path) -> None:
    try:
        os.setxattr(tmp_path, "user.com.dropbox.ignored", b"1")
    except OSError:
        pytest.skip("this file system keeps no attributes of users")
    assert is_left_alone(f"{tmp_path}/.venv", f"{tmp_path}") is False  # the folder itself is no mark
    (tmp_path / ".venv").mkdir()
    os.setxattr(tmp_path / ".venv", "user.com.dropbox.ignored", b"1")
    assert is_left_alone(f"{tmp_path}/.venv", f"{tmp_path}")


@pytest.mark.parametrize("line", [".venv", "(?d).venv", "/p/.venv", "**/.venv/"])
def test_syncthing_has_a_list_of_what_it_leaves_alone(tmp_path: Path, line: str) -> None:
    (tmp_path / ".stignore").write_text(f"// mine\n{line}\n")
    assert is_left_alone(f"{tmp_path}/p/.venv", str(tmp_path))
    assert not is_left_alone(f"{tmp_path}/p/env", str(tmp_path))


def test_the_project_of_a_session(tmp_path: Path) -> None:
    project = tmp_path / "Dropbox" / "p"
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    (project / ".venv" / "bin" / "python").symlink_to("/bin/sh")
    (project / ".venv" / "lib/python3.11/site-packages").mkdir(parents=True)
    (project / "pyproject.toml").write_text('[project]\nname = "p"\n')
    found = see(CloudFolders, make_session({"HOME": str(tmp_path)}, cwd=project))
    folder = str(tmp_path / "Dropbox")
    root = f"{project}/.venv"
    assert found.found == (CloudFolder(root, folder, "Dropbox", cloud.BY_NAME, near=True),)
