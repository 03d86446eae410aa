from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, SetVariable, Severity
from envdoctor.facts.disks.access import CacheAccess, CacheFault
from envdoctor.facts.disks.caches import Cache, CacheTool
from envdoctor.facts.disks.home import HomeDirectory, HomeProblem
from envdoctor.facts.session.context import Place
from envdoctor.facts.session.switched_user import Belonging, SwitchedUser
from envdoctor.facts.shell.exported_lines import ExportedLine, ExportedLines
from envdoctor.facts.uv.settings import UvSettings, UvValue, UvVariable
from envdoctor.testing import assess
from envdoctor_checks.disks.caches import cache_not_writable, cache_on_another_filesystem
from tests.builders import HOME, ROOT, make_examined
from tests.checks.disks.literals import (
    AT_HOME,
    BOTH,
    MADE_BY_UV,
    OF_PIP,
    OF_UV,
    OF_VENV,
    PIP,
    PIP_CACHE,
    UV,
    UV_CACHE,
    places,
    volume,
)

BUCKET = f"{UV_CACHE}/archive-v0"
UNSET = UvSettings()


def fault(place: str = UV_CACHE, cache: Cache | None = None, **more: Any) -> CacheFault:
    facts = {"owner": "root", "mine": False, "user": 1000, "at_home": True}
    return CacheFault(cache=cache or Cache(CacheTool.UV, UV_CACHE), place=place, **{**facts, **more})


def found(*faults: CacheFault, home: HomeDirectory = AT_HOME, **more: Any) -> list[Finding]:
    return assess(cache_not_writable, CacheAccess(faults), home, *more.values())


def fix_of(one: CacheFault, **more: Any) -> Fix:
    [finding] = found(one, **more)
    return finding.fix


@pytest.mark.sick("DSK001")
def test_a_bucket_of_root_is_given_back() -> None:
    assert found(fault(BUCKET)) == [
        Finding(
            f"uv cannot write to its cache {UV_CACHE}: {BUCKET} belongs to root",
            Fix(
                "Make the cache writable again",
                Run("sudo", "chown", "-hR", "1000", UV_CACHE),
                safety=Safety.CHANGES_STATE,
            ),
            UV_CACHE,
            (Evidence(f"{BUCKET} belongs to root", BUCKET), Evidence(UV_CACHE, "its usual place")),
            stops=(("uv",),),
        )
    ]


@pytest.mark.sick("DSK001")
def test_what_keeps_a_cache_from_being_made_is_given_back_and_no_home() -> None:
    above = f"{HOME}/.cache"
    assert fix_of(fault(above)).actions == (Run("sudo", "chown", "-hR", "1000", above),)
    assert fix_of(fault("/opt", at_home=False, elsewhere=UV_CACHE)).actions == (SetVariable("UV_CACHE_DIR", UV_CACHE),)
    [step] = fix_of(fault("/opt", at_home=False)).actions
    assert isinstance(step, Manual)


@pytest.mark.sick("DSK001")
def test_pip_goes_on_without_its_cache() -> None:
    [finding] = found(fault(PIP_CACHE, Cache(CacheTool.PIP, PIP_CACHE)))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run("sudo", "chown", "-hR", "1000", PIP_CACHE),)


@pytest.mark.sick("DSK001")
def test_one_cause_is_one_finding() -> None:
    above, pip = f"{HOME}/.cache", Cache(CacheTool.PIP, PIP_CACHE)
    for of_uv in (fault(above), fault(UV_CACHE), fault(BUCKET)):
        [finding] = found(of_uv, fault(above, pip))
        assert finding.message == f"uv and pip cannot write to their caches: {above} belongs to root"
        assert finding.severity is None
        assert finding.fix.actions == (Run("sudo", "chown", "-hR", "1000", above),)
    assert len(found(fault(UV_CACHE), fault(above, pip, owner="ann"))) == 2
    assert len(found(fault("/opt", at_home=False), fault("/opt", pip, at_home=False))) == 2  # each has its variable


@pytest.mark.sick("DSK001")
def test_what_the_user_has_locked_is_unlocked() -> None:
    own: dict[str, Any] = {"owner": "me", "mine": True, "by_mode": True}
    assert fix_of(fault(BUCKET, **own)).actions == (Run("chmod", "-R", "u+rwX", BUCKET),)
    assert fix_of(fault(f"{HOME}/.cache", **own)).actions == (Run("chmod", "u+rwx", f"{HOME}/.cache"),)


@pytest.mark.sick("DSK001")
def test_on_a_read_only_file_system_nobody_gets_rights() -> None:
    one = fault(mine=True, read_only=True, elsewhere=f"{HOME}/.uv-cache/uv")
    [finding] = found(one)
    assert finding.message == f"uv cannot write to its cache {UV_CACHE}: the file system there is read-only"
    assert finding.fix.actions == (SetVariable("UV_CACHE_DIR", f"{HOME}/.uv-cache/uv"),)
    of_pip = fault(PIP_CACHE, Cache(CacheTool.PIP, PIP_CACHE), mine=True, read_only=True, elsewhere=f"{HOME}/p")
    [finding] = found(one, of_pip)
    assert finding.fix.actions == (*fix_of(one).actions, SetVariable("PIP_CACHE_DIR", f"{HOME}/p"))


@pytest.mark.sick("DSK001")
def test_a_link_to_nothing_a_file_and_what_nobody_may_change() -> None:
    dangling = fault(mine=True, no_directory=True, creatable="/scratch/uv")
    [finding] = found(dangling)
    assert finding.message == (
        f"uv cannot write to its cache {UV_CACHE}: {UV_CACHE} is a link to /scratch/uv, which is not there"
    )
    assert finding.fix.actions == (Run("mkdir", "-p", "/scratch/uv"),)
    elsewhere = (SetVariable("UV_CACHE_DIR", f"{HOME}/c"),)
    assert fix_of(fault(mine=True, no_directory=True, elsewhere=f"{HOME}/c")).actions == elsewhere
    assert fix_of(fault(mine=True, elsewhere=f"{HOME}/c")).actions == elsewhere  # its mode lets the owner write
    assert fix_of(fault(owner="ann", user=0, elsewhere=f"{HOME}/c")).actions == elsewhere


@pytest.mark.sick("DSK001")
def test_root_is_told_of_a_cache_that_it_spoils_for_another() -> None:
    [finding] = found(fault(owner="root", mine=True, user=1000, spoiled_for="ann"))
    assert finding.message == f"{UV_CACHE} belongs to root, and lies in the home of ann, whose uv stops at it"
    assert finding.fix.actions == (Run("chown", "-hR", "1000", UV_CACHE),)


@pytest.mark.sick("DSK001")
def test_pip_as_root_wants_roots_own_home() -> None:
    one = fault(PIP_CACHE, Cache(CacheTool.PIP, PIP_CACHE), owner="ann", user=0)
    [finding] = found(one, home=HomeDirectory(HOME, own="/root"))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (SetVariable("HOME", "/root"),)
    [finding] = found(fault(PIP_CACHE, Cache(CacheTool.PIP, PIP_CACHE), owner="user 1001", user=0, from_outside=True))
    assert finding.severity is Severity.INFO  # a container has it from outside


@pytest.mark.sick("DSK001")
def test_a_line_of_a_start_up_file_is_changed_too() -> None:
    line = ExportedLine("UV_CACHE_DIR", "/opt/c", f"{HOME}/.bashrc", 3, "export UV_CACHE_DIR=/opt/c")
    one = fault("/opt/c", Cache(CacheTool.UV, "/opt/c", "UV_CACHE_DIR"), at_home=False, elsewhere=UV_CACHE)
    assert [type(step).__name__ for step in fix_of(one, lines=ExportedLines((line,))).actions] == [
        "EditFile",
        "SetVariable",
    ]


@pytest.mark.healthy("DSK001")
def test_other_findings_say_more() -> None:
    missing = HomeDirectory(HOME, problem=HomeProblem.MISSING)
    assert found(fault("/home"), home=missing) == []
    assert found(fault("/home", spoiled_for="ann"), home=missing)
    of_pip = fault(PIP_CACHE, Cache(CacheTool.PIP, PIP_CACHE), owner="ann", user=0)
    assert found(of_pip, switched=SwitchedUser("root", "/root", 7, Belonging(HOME, "ann"))) == []
    assert found() == []


def apart(cache: Any, environment: Any, *, settings: UvSettings = UNSET, **more: Any) -> list[Finding]:
    facts = {"targets": MADE_BY_UV, "commands": UV, "builders": OF_UV, "examined": make_examined()}
    return assess(
        cache_on_another_filesystem, places(uv=cache, environment=environment), settings, *{**facts, **more}.values()
    )


@pytest.mark.sick("DSK003")
def test_uv_copies_from_another_file_system() -> None:
    [finding] = apart(volume("/shm", kind="tmpfs"), volume())
    assert finding.message == f"uv copies every file into {ROOT}: its cache {UV_CACHE} is on another file system"
    assert finding.fix.actions[0] == SetVariable("UV_LINK_MODE", "copy")
    assert [evidence.text for evidence in finding.evidence] == ["tmpfs at /shm", "ext4 at /"]


@pytest.mark.sick("DSK003")
def test_nothing_is_linked_across_two_mounts_of_one_file_system() -> None:
    assert apart(volume("/bind", number=7), volume(number=7))


@pytest.mark.healthy("DSK003")
def test_uv_links_or_is_told_how() -> None:
    shm, disk = volume("/shm", kind="tmpfs"), volume()
    assert apart(disk, disk) == []
    assert apart(shm, disk, settings=UvSettings((UvVariable("UV_LINK_MODE", "copy"),))) == []
    for key in ("link-mode", "pip.link-mode"):
        assert apart(shm, disk, settings=UvSettings(values=(UvValue(key, "copy", "uv.toml", 1),))) == []
    assert apart(shm, disk, commands=PIP) == []
    assert apart(shm, disk, targets=OF_VENV, builders=OF_PIP, commands=BOTH) == []
    for place in (Place.CONTAINER, Place.CI):
        assert apart(shm, disk, examined=make_examined(place)) == []


@pytest.mark.healthy("DSK003")
def test_subvolumes_of_one_disk_are_cloned_and_what_is_unknown_is_not_said() -> None:
    home = volume("/home", kind="btrfs", device="/dev/sda2", number=40)
    assert apart(home, volume("/", kind="btrfs", device="/dev/sda2", number=41)) == []
    assert apart(home, volume("/", kind="btrfs", device="/dev/sdb1", number=41))
    assert apart(volume("/bind", kind="xfs", number=7), volume("/", kind="xfs", number=7)) == []
    assert apart(volume("/far", kind="nfs4", network=True), volume()) == []  # DSK005 says so
    assert apart(volume("/far", number=None), volume()) == []
