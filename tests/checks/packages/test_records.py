from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.packages.dependencies import Malformed
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.records import BrokenRecord, Duplicate, Leftover, Unlisted
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.records import (
    duplicate_metadata,
    half_removed_package,
    metadata_unreadable,
    record_missing,
)
from tests.checks.packages.literals import (
    NOTHING,
    PYTHON,
    ROOT,
    SITE,
    WITH_UV,
    dependencies,
    made_by_uv,
    record,
    records,
    target,
)

PIP = (PYTHON, "-m", "pip")
LEFT = (f"{SITE}/~ygments", f"{SITE}/~ygments-2.21.0.dist-info")


@pytest.mark.sick("PKG002")
def test_a_package_that_is_half_gone_is_installed_again() -> None:
    left = Leftover(LEFT, "pygments", "2.21.0")
    assert assess(half_removed_package, records(leftovers=(left,)), NOTHING) == [
        Finding(
            f"pygments 2.21.0 in {ROOT} was removed only in part, and no tool knows it now",
            Fix(
                "Delete what is left over, and install pygments again",
                Run("rm", "-rf", "--", *LEFT),
                Run(*PIP, "install", "pygments==2.21.0"),
                safety=Safety.DESTRUCTIVE,
            ),
            SITE,
            tuple(Evidence("left by an interrupted removal", path) for path in LEFT),
        )
    ]


@pytest.mark.sick("PKG002")
def test_pip_itself_is_put_there_from_python() -> None:
    left = Leftover((f"{SITE}/~ip-26.3.dist-info",), "pip", "26.3")
    [finding] = assess(half_removed_package, records(leftovers=(left,)), NOTHING)
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions[1] == Run(PYTHON, "-m", "ensurepip", "--default-pip")
    [finding] = assess(half_removed_package, records(made_by_uv(), leftovers=(left,)), WITH_UV)
    assert finding.fix.actions[1] == Run("uv", "pip", "install", "--python", PYTHON, "pip==26.3")


@pytest.mark.sick("PKG002")
def test_what_is_left_beside_the_whole_package_is_only_information() -> None:
    [finding] = assess(half_removed_package, records(leftovers=(Leftover(LEFT[:1], twin="pygments"),)), NOTHING)
    assert finding.severity is Severity.INFO
    assert finding.fix == Fix("Delete what is left over", Run("rm", "-rf", "--", LEFT[0]), safety=Safety.DESTRUCTIVE)


@pytest.mark.sick("PKG002")
def test_of_what_nobody_knows_the_name_the_reader_must() -> None:
    [finding] = assess(half_removed_package, records(leftovers=(Leftover(LEFT[:1]),)), NOTHING)
    assert finding.message == f"a package that was removed only in part has left ~ygments in {SITE}"
    assert finding.fix.actions[1] == Manual("Then install the package again that it belonged to")


@pytest.mark.healthy("PKG002", "PKG003", "PKG004")
def test_sound_records() -> None:
    for check in (half_removed_package, duplicate_metadata, record_missing):
        assert assess(check, records(), NOTHING) == []


TWICE = Duplicate("foo", ("2.0", "1.0"), (record("foo-2.0"), record("foo-1.0")), "1.0")


@pytest.mark.sick("PKG003")
def test_uv_removes_all_records() -> None:
    assert assess(duplicate_metadata, records(duplicates=(TWICE,)), WITH_UV) == [
        Finding(
            f"foo is recorded twice in {SITE}: 2.0 and 1.0",
            Fix(
                "Reinstall the package with uv, which removes every record of it",
                Run("uv", "pip", "install", "--python", PYTHON, "--reinstall-package", "foo", "foo==1.0"),
                safety=Safety.CHANGES_STATE,
            ),
            ROOT,
            (Evidence("2.0", record("foo-2.0")), Evidence("1.0", record("foo-1.0"))),
        )
    ]


@pytest.mark.sick("PKG003")
def test_pip_uninstalls_as_often_as_there_are_records_and_then_installs() -> None:
    [finding] = assess(duplicate_metadata, records(duplicates=(TWICE,)), NOTHING)
    uninstall = Run(*PIP, "uninstall", "--yes", "foo")
    assert finding.fix.actions == (uninstall, uninstall, Run(*PIP, "install", "foo==1.0"))


@pytest.mark.sick("PKG003")
def test_an_older_form_of_the_same_version_is_only_deleted() -> None:
    egg = f"{SITE}/foo-1.0.egg-info"
    twice = Duplicate("foo", ("1.0", "1.0"), (record("foo-1.0"), egg), "1.0")
    [finding] = assess(duplicate_metadata, records(duplicates=(twice,)), NOTHING)
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run("rm", "-rf", "--", egg),)


@pytest.mark.sick("PKG003")
def test_elsewhere_it_is_left_to_the_reader() -> None:
    shared = Duplicate("foo", ("1", "2", "3"), ("/s/foo-1.dist-info", "/s/foo-2.dist-info", "/s/foo-3.dist-info"), "3")
    [finding] = assess(duplicate_metadata, records(duplicates=(shared,)), WITH_UV)
    assert finding.message == "foo is recorded 3 times in /s: 1 and 2 and 3"
    assert finding.fix.actions == (Manual("Uninstall foo until nothing of it is left in /s, then install it once"),)


@pytest.mark.sick("PKG004")
def test_a_package_that_no_tool_can_remove() -> None:
    found = Unlisted("foo", "1.0", record("foo-1.0"), "pip", top_level=(f"{SITE}/foo",))
    assert assess(record_missing, records(unlisted=(found,)), NOTHING) == [
        Finding(
            f"foo 1.0 in {ROOT} has no RECORD: no tool can remove or upgrade it",
            Fix(
                "Delete the package, and install it again",
                Run("rm", "-rf", "--", record("foo-1.0"), f"{SITE}/foo"),
                Run(*PIP, "install", "foo==1.0"),
                safety=Safety.DESTRUCTIVE,
            ),
            record("foo-1.0"),
            (Evidence("no RECORD (installed by pip)", record("foo-1.0")),),
        )
    ]


@pytest.mark.sick("PKG011")
def test_a_record_without_metadata() -> None:
    broken = BrokenRecord("foo", "1.0", record("foo-1.0"), "it has no METADATA")
    assert assess(metadata_unreadable, records(broken=(broken,)), dependencies(), NOTHING) == [
        Finding(
            f"the record foo-1.0.dist-info in {SITE} is unusable: it has no METADATA",
            Fix(
                "Delete the record, and install the package again",
                Run("rm", "-rf", "--", record("foo-1.0")),
                Run(*PIP, "install", "foo==1.0"),
                safety=Safety.DESTRUCTIVE,
            ),
            record("foo-1.0"),
            (Evidence("it has no METADATA", record("foo-1.0")),),
        )
    ]


@pytest.mark.sick("PKG011")
def test_what_conda_has_installed_is_reinstalled_by_conda() -> None:
    broken = BrokenRecord("foo", "1.0", record("foo-1.0"), "it has no METADATA", installer="conda")
    [finding] = assess(
        metadata_unreadable, records(target(is_venv=False, is_conda=True), broken=(broken,)), dependencies(), NOTHING
    )
    command = Run("conda", "install", "--yes", "--force-reinstall", "--prefix", ROOT, "foo")
    assert finding.fix == Fix("Reinstall foo with conda", command, safety=Safety.CHANGES_STATE)


@pytest.mark.sick("PKG011")
def test_what_stops_uv_is_an_error_for_who_has_uv() -> None:
    reason = "`2004d-x` is not a version of a Python package"
    broken = BrokenRecord("pytz", "2004d-x", record("pytz-2004d-x"), reason, stops_uv=True)
    for builders, severity in ((WITH_UV, None), (NOTHING, Severity.WARNING)):
        [finding] = assess(metadata_unreadable, records(broken=(broken,)), dependencies(), builders)
        assert finding.message.endswith("is not a version of a Python package; uv stops at it")
        assert finding.severity is severity
        assert finding.fix.actions[1:] == (Manual("Then install pytz again"),)
    nameless = BrokenRecord("", "az-1.0", record("-az-1.0"), "its name is not that of a package", stops_uv=True)
    [finding] = assess(metadata_unreadable, records(broken=(nameless,)), dependencies(), WITH_UV)
    assert finding.fix.actions == (Run("rm", "-rf", "--", record("-az-1.0")),)


@pytest.mark.sick("PKG011")
def test_a_requirement_that_cannot_be_read() -> None:
    line = 'pip; a == "b";extra == "c"'
    odd = Malformed("odd", "1.0", record("odd-1.0"), line)
    [finding] = assess(metadata_unreadable, records(), dependencies(malformed=(odd, odd)), NOTHING)
    assert finding.message == (
        f"odd 1.0 in {ROOT} has malformed requirements; pip and uv pass over them all, because of `{line}`"
    )
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run(*PIP, "install", "--upgrade", "odd"),)
    old = Malformed("old", "1.0", record("old-1.0"), "bb>=2.0.*", legacy=True)
    [finding] = assess(metadata_unreadable, records(), dependencies(malformed=(old,)), NOTHING)
    assert finding.severity is Severity.INFO


@pytest.mark.sick("PKG011")
def test_what_is_not_the_environments_own_is_left_to_the_reader() -> None:
    broken = BrokenRecord("foo", "1.0", "/shared/foo-1.0.dist-info", "it has no METADATA")
    [finding] = assess(metadata_unreadable, records(target(), broken=(broken,)), dependencies(), NOTHING)
    assert finding.fix.actions == (Manual("Delete /shared/foo-1.0.dist-info, and install foo==1.0 there again"),)


@pytest.mark.healthy("PKG011")
def test_metadata_that_can_be_read() -> None:
    assert assess(metadata_unreadable, records(), dependencies(), WITH_UV) == []


@pytest.mark.sick("PKG002", "PKG003", "PKG004", "PKG011")
@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (ProjectManager.UV, ("uv", "sync", "--inexact")),
        (ProjectManager.POETRY, ("poetry", "install")),
        (ProjectManager.PDM, ("pdm", "sync")),
        (ProjectManager.PIPENV, ("pipenv", "sync")),
        (ProjectManager.PIXI, ("pixi", "reinstall", "beta")),
    ],
)
def test_in_the_environment_of_a_manager_it_installs_what_was_deleted(
    manager: ProjectManager, command: tuple[str, ...]
) -> None:
    managed = ManagedPackages(manager, "/proj", ("beta", "upper"))
    one, other = record("beta-1.0"), record("beta-2.0")
    found = records(
        target(near=True),
        leftovers=(Leftover((f"{SITE}/~eta-1.0.dist-info",), "beta", "1.0"),),
        duplicates=(Duplicate("beta", ("1.0", "2.0"), (one, other), "2.0"),),
        broken=(BrokenRecord("beta", "1.0", one, "it has no METADATA"),),
        unlisted=(Unlisted("beta", "1.0", one, "pip"),),
    )
    for check in (half_removed_package, duplicate_metadata, record_missing):
        [finding] = assess(check, found, WITH_UV, managed)
        assert finding.fix.actions[1:] == (Run(*command, directory="/proj"),)
        assert finding.fix.safety is Safety.DESTRUCTIVE
    [finding] = assess(metadata_unreadable, found, dependencies(), WITH_UV, managed)
    assert finding.fix.actions == (Run("rm", "-rf", "--", one), Run(*command, directory="/proj"))
    [finding] = assess(duplicate_metadata, found, WITH_UV, managed)
    assert finding.fix.actions[0] == Run("rm", "-rf", "--", one, other)


@pytest.mark.sick("PKG011")
@pytest.mark.parametrize(
    ("manager", "command"),
    [
        (ProjectManager.UV, ("uv", "sync", "--inexact", "--upgrade-package", "beta")),
        (ProjectManager.POETRY, ("poetry", "update", "beta")),
    ],
)
def test_a_manager_upgrades_what_is_malformed(manager: ProjectManager, command: tuple[str, ...]) -> None:
    odd = dependencies(target(near=True), malformed=(Malformed("beta", "1.0", record("beta-1.0"), "x y"),))
    managed = ManagedPackages(manager, "/proj", ("beta",))
    [finding] = assess(metadata_unreadable, records(), odd, WITH_UV, managed)
    assert finding.fix.actions == (Run(*command, directory="/proj"),)


@pytest.mark.sick("PKG004")
def test_what_the_manager_does_not_keep_is_installed_as_elsewhere() -> None:
    unlisted = (Unlisted("beta", "1.0", record("beta-1.0"), "pip"),)
    managed = ManagedPackages(ProjectManager.POETRY, "/proj", ("alpha",))
    [finding] = assess(record_missing, records(target(near=True), unlisted=unlisted), NOTHING, managed)
    assert finding.fix.actions[1] == Run(*PIP, "install", "beta==1.0")
    managed = ManagedPackages(ProjectManager.POETRY, "/proj", ("beta",))
    [finding] = assess(record_missing, records(unlisted=unlisted), NOTHING, managed)
    assert finding.fix.actions[1] == Run(*PIP, "install", "beta==1.0")
