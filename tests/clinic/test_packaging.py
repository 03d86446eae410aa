"""What others get: the wheel, the source distribution, a plugin beside the tool, the folder that needs no installer."""

from __future__ import annotations

import email
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.clinic.patient import Patient
from tests.clinic.uv import newest_uv
from tests.clinic.wheelhouse import PYTHON, REPOSITORY, Wheelhouse
from tests.wheels import write_wheel

PLUGIN = '''\
from collections.abc import Iterator
from envdoctor import Finding, Fix, Manual, Severity, check
from envdoctor.facts.session.search_path import SearchPath

@check("ACME001", severity=Severity.INFO, since="1.0")
def too_well(search_path: SearchPath) -> Iterator[Finding]:
    """All is too well.

    ## Why it matters
    It is suspicious.

    ## How to fix
    Wait.
    """
    yield Finding("all is too well", Fix("Wait", Manual("Wait a day.")), evidence=())
'''


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_source_distribution_makes_the_wheel_that_the_tree_makes(wheelhouse: Wheelhouse, tmp_path: Path) -> None:
    subprocess.run([newest_uv(), "build", "--quiet", "--out-dir", tmp_path, REPOSITORY], check=True)
    [source], [wheel] = tmp_path.glob("*.tar.gz"), tmp_path.glob("*.whl")
    made = contents(wheel)
    assert made == contents(wheelhouse.wheel)
    assert {"envdoctor/py.typed", "envdoctor_checks/py.typed", "envdoctor_checks/index.json"} <= made.keys()
    tops = {name.partition("/")[0] for name in made}
    stem = wheel.name.removesuffix("-py3-none-any.whl")
    assert tops == {"envdoctor", "envdoctor_checks", f"{stem}.data", f"{stem}.dist-info"}
    assert f"{stem}.data/data/share/man/man1/envdoctor.1" in made
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "tests/conftest.py", "docs/releasing.md"} <= names


def test_the_metadata_is_whole_and_names_no_address_that_is_not_there(wheelhouse: Wheelhouse) -> None:
    [metadata] = [text for name, text in contents(wheelhouse.wheel).items() if name.endswith(".dist-info/METADATA")]
    told = email.message_from_bytes(metadata)
    assert (told["Name"], told["License-Expression"]) == ("python-envdoctor", "MIT")
    assert (told["Requires-Python"], told["Description-Content-Type"]) == (">=3.11", "text/markdown")
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    assert not [address for address in told.get_all("Project-URL", []) if "example" in address]


def test_a_plugin_beside_the_tool_is_found(patient: Patient, wheelhouse: Wheelhouse, tmp_path: Path) -> None:
    points = {"envdoctor.checks": {"ACME": "acme_checks"}}
    plugin = write_wheel(tmp_path, "acme-checks", "1.0", files={"acme_checks.py": PLUGIN}, entry_points=points)
    patient.install("uv")
    patient.env |= wheelhouse.offline
    patient.prepares("uv", "tool", "install", "--quiet", "--with", plugin, wheelhouse.wheel)
    patient.command = "envdoctor"
    examined = json.loads(patient.shell.run("envdoctor --format json --select ACME").stdout)
    assert [result["code"] for result in examined["results"]] == ["ACME001"]
    assert examined["broken_plugins"] == []
    assert "ACME: of acme_checks\n" in patient.does("envdoctor list").stdout


def test_the_folder_runs_where_nothing_is_installed_and_writes_nothing(
    patient: Patient, wheelhouse: Wheelhouse, python_with_pip: Path
) -> None:
    output = patient.home / "made"
    script = REPOSITORY / "docs" / "portable.py"
    patient.prepares(sys.executable, script, wheelhouse.wheel, output, python_with_pip, **wheelhouse.offline)
    patient.prepares("tar", "xzf", output / "envdoctor.tar.gz", "-C", patient.home)
    (patient.bin / "envdoctor").symlink_to(patient.home / "envdoctor" / "envdoctor")
    minor = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (patient.bin / minor).symlink_to(PYTHON)
    folder = patient.home / "envdoctor"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    patient.command = "envdoctor"
    assert patient.examine().document["session"]["cwd"] == str(patient.project)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    (patient.bin / minor).unlink()
    done = patient.shell.run("PATH=/nonexistent:$HOME/bin; /bin/sh $HOME/envdoctor/envdoctor")
    assert (done.status, done.stdout) == (3, "")
    assert done.stderr == f"envdoctor: it needs one of {minor}, and none is on the search path\n"
