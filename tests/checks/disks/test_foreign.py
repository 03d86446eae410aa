from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Activate, EditFile, Evidence, Finding, Fix, Manual, RemoveFromPath, Run, SetVariable, Severity
from envdoctor.facts.disks.cloud import CloudFolder, CloudFolders
from envdoctor.facts.disks.volumes import DiskPlaces
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.session.context import Place
from envdoctor.facts.session.mounts import Mount, Mounts
from envdoctor.testing import assess
from envdoctor_checks.disks.foreign import cloud_synced_environment, network_filesystem, windows_drive_in_wsl
from tests.builders import HOME, PROJECT, ROOT, make_commands, make_examined, make_hit
from tests.checks.disks.literals import BOTH, OF_PIP, OF_UV, PIP, UV_CACHE, places, volume

SHARE = volume("/home", kind="nfs4", network=True)
DRIVE = volume("/mnt/c", kind="9p", network=True, windows=True)
MOUNTS = Mounts((Mount("/", "ext4"), Mount("/mnt/c", "9p", windows=True)))
WSL = make_examined(Place.WSL)
ADVICE = "Set UV_CACHE_DIR to a directory of your own on a local disk, and UV_LINK_MODE=copy"


@pytest.mark.sick("DSK005")
def test_an_environment_and_a_cache_on_the_network() -> None:
    assert assess(network_filesystem, places(environment=SHARE, uv=SHARE), BOTH) == [
        Finding(
            f"the environment {ROOT} and uv's cache {UV_CACHE} are on a network file system (nfs4)",
            Fix("Use a local disk for the cache and for big environments", Manual(ADVICE)),
            ROOT,
            (Evidence("nfs4", "/home"),),
        )
    ]


@pytest.mark.sick("DSK005")
@pytest.mark.parametrize("kind", ["nfs", "cifs", "smb3", "lustre", "gpfs", "beegfs", "ceph", "afs", "fuse.sshfs"])
def test_every_kind_of_network(kind: str) -> None:
    silent = volume("/far", kind=kind, network=True, number=None, free=None, free_files=None)
    [finding] = assess(network_filesystem, places(hub=silent), BOTH)
    assert f"({kind})" in finding.message


@pytest.mark.healthy("DSK005")
def test_what_is_local_or_not_used() -> None:
    assert assess(network_filesystem, places(), BOTH) == []
    assert assess(network_filesystem, places(uv=SHARE), PIP) == []
    assert assess(network_filesystem, places(temporary=SHARE, home=SHARE, project=SHARE), BOTH) == []
    assert assess(network_filesystem, places(environment=DRIVE), BOTH) == []  # DSK006 says so
    assert assess(network_filesystem, places(environment=volume("/net", kind="autofs", network=True)), BOTH) == []


def in_wsl(where: DiskPlaces, *hits: Any, **more: Any) -> list[Finding]:
    return assess(windows_drive_in_wsl, where, make_commands(*hits), MOUNTS, more.get("examined", WSL))


@pytest.mark.sick("DSK006")
def test_a_project_on_a_drive_of_windows() -> None:
    [finding] = in_wsl(places(project=DRIVE, environment=DRIVE))
    assert finding.message == (
        f"the working directory {PROJECT} and the environment {ROOT} are on a drive of Windows, "
        "which WSL reaches slowly"
    )
    assert finding.severity is None
    assert finding.fix.actions == (Manual(f"Move the project below {HOME}, and make its environment there"),)


@pytest.mark.sick("DSK006")
def test_a_command_that_is_a_program_of_windows() -> None:
    windows = make_hit("python", "/mnt/c/Python312/python", position=0)
    linux = make_hit("python", "/usr/bin/python", position=3)
    [finding] = in_wsl(places(), windows, linux)
    assert (finding.message, finding.severity) == (
        "`python` is a program of Windows: /mnt/c/Python312/python",
        Severity.ERROR,
    )
    assert finding.fix.actions[0] == RemoveFromPath("/mnt/c/Python312")
    [finding] = in_wsl(places(), make_hit("pip", "/home/me/bin/pip", real="/d/Scripts/pip.EXE"))
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("DSK006")
def test_directories_of_windows_may_stand_late() -> None:
    linux = make_hit("python", "/usr/bin/python", position=0)
    assert in_wsl(places(), linux, make_hit("python", "/mnt/c/Python312/python", position=9)) == []
    assert in_wsl(places(project=DRIVE), examined=make_examined()) == []
    assert in_wsl(places(project=DRIVE), examined=make_examined(Place.WSL, Place.CONTAINER)) == []
    assert in_wsl(places()) == []


def synced(service: str, folder: str = f"{HOME}/Sync", **more: Any) -> CloudFolders:
    return CloudFolders((CloudFolder(f"{folder}/p/.venv", folder, service, "the name of the folder", **more),))


def kept_out(cloud: CloudFolders, builders: Builders = OF_PIP, **who: Any) -> Fix:
    [finding] = assess(cloud_synced_environment, cloud, builders, make_examined(**who))
    return finding.fix


@pytest.mark.sick("DSK007")
def test_uv_keeps_the_environment_elsewhere() -> None:
    place = f"{HOME}/.virtualenvs/project"
    fix = kept_out(synced("OneDrive", near=True), OF_UV)
    steps = (SetVariable("UV_PROJECT_ENVIRONMENT", place), Run("uv", "sync", directory=PROJECT), Activate(place))
    assert fix.actions == steps


@pytest.mark.sick("DSK007")
def test_a_program_is_told_to_leave_it_alone() -> None:
    folder = f"{HOME}/Sync"
    assert kept_out(synced("Syncthing")).actions == (EditFile(f"{folder}/.stignore", add=(".venv",)),)
    root = f"{folder}/p/.venv"
    assert kept_out(synced("Dropbox")).actions == (Run("attr", "-s", "com.dropbox.ignored", "-V", "1", root),)
    on_mac = kept_out(synced("Dropbox"), system="Darwin")
    assert on_mac.actions == (Run("xattr", "-w", "com.dropbox.ignored", "1", root),)
    provided = f"{HOME}/Library/CloudStorage/Box-Box"
    [step] = kept_out(synced("Box", provided), system="Darwin").actions
    assert isinstance(step, Run)
    assert step.argv[2] == "com.apple.fileprovider.ignore#P"
    assert isinstance(kept_out(synced("pCloud")).actions[0], Manual)


@pytest.mark.sick("DSK007")
def test_what_a_path_does_not_prove_is_a_hint() -> None:
    [finding] = assess(cloud_synced_environment, synced("iCloud Drive", certain=False), OF_PIP, make_examined())
    assert finding.severity is Severity.INFO
    assert "may lie in a folder that iCloud Drive synchronises" in finding.message


@pytest.mark.healthy("DSK007")
def test_no_such_folder() -> None:
    assert assess(cloud_synced_environment, CloudFolders(), OF_PIP, make_examined()) == []
