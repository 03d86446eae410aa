from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.conda.packages import (
    BrokenRecord,
    CondaPackages,
    Contested,
    Metadata,
    probe_conda_packages,
    read_packages,
)
from envdoctor.facts.python.distributions import Sites
from tests.builders import make_active_python
from tests.clinic.conda import add_record
from tests.facts.conda.packages_world import PACKAGES, pip_installs
from tests.support import make_session


def conda_installs(prefix: Path, name: str, version: str, metadata: str | None = None) -> str:
    """A record, and the metadata that it lists, as conda leaves them."""
    directory = f"{PACKAGES}/{metadata or name}-{version}.dist-info"
    (prefix / directory).mkdir(parents=True)
    add_record(prefix, name, version, files=(f"{directory}/METADATA", f"{directory}/INSTALLER", "bin/tool"))
    return directory


def test_an_environment_of_conda_alone_is_not_contested(prefix: Path) -> None:
    conda_installs(prefix, "numpy", "1.26.4")
    conda_installs(prefix, "ruamel.yaml", "0.18.6", "ruamel.yaml")
    add_record(prefix, "openssl", "3.3.0", files=("lib/libssl.so",))
    pip_installs(prefix, "requests", "2.32.0")
    assert read_packages(str(prefix), Sites()) == CondaPackages(str(prefix), 3)


def test_pip_has_put_its_own_in_the_place_of_condas(prefix: Path) -> None:
    gone = conda_installs(prefix, "ruamel.yaml", "0.18.6", "ruamel_yaml")
    (prefix / gone).rmdir()
    other = pip_installs(prefix, "ruamel.yaml", "0.19.0", "uv")
    assert read_packages(str(prefix), Sites()).contested == (
        Contested(
            "ruamel.yaml",
            "0.18.6",
            f"{prefix}/conda-meta/ruamel.yaml-0.18.6-0.json",
            f"{prefix}/{gone}",
            exists=False,
            others=(Metadata(str(other), "0.19.0", "uv"),),
        ),
    )


def test_two_versions_side_by_side_and_an_editable_install(prefix: Path) -> None:
    conda_installs(prefix, "attrs", "23.1")
    editable = pip_installs(prefix, "attrs", "24.0.dev0")
    (editable / "direct_url.json").write_text('{"url": "file:///src", "dir_info": {"editable": true}}')
    [package] = read_packages(str(prefix), Sites()).contested
    assert package.exists
    assert package.others == (Metadata(str(editable), "24.0.dev0", "pip", editable=True),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"name": "numpy", "version": "1', "Input data was truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"name": "numpy"}', "Object missing required field `version`"),
        (b"", "Input data was truncated"),
        (b'{"name": "\xff", "version": "1"}', "utf-8"),
        (b"[" * 100_000, ""),
    ],
)
def test_a_record_that_cannot_be_read_says_why(prefix: Path, content: bytes, reason: str) -> None:
    record = prefix / "conda-meta" / "numpy-1-0.json"
    record.write_bytes(content)
    [broken] = read_packages(str(prefix), Sites()).broken
    assert isinstance(broken, BrokenRecord)
    assert broken.path == str(record)
    assert reason.lower() in broken.reason.lower()  # msgspec and Python word it in their own ways


def test_records_with_files_that_are_not_there(prefix: Path) -> None:
    add_record(prefix, "six", "1.16", files=("lib/python3.9/site-packages/six-1.16.dist-info/METADATA",))
    [package] = read_packages(str(prefix), Sites()).contested
    assert (package.name, package.exists, package.others) == ("six", False, ())


def test_five_hundred_packages_are_read_at_once(prefix: Path) -> None:
    files = [f"share/doc/file-{number}" for number in range(500)]
    for number in range(500):
        name, directory = f"package{number}", f"{PACKAGES}/package{number}-1.0.dist-info"
        (prefix / directory).mkdir(parents=True)
        record = {"name": name, "version": "1.0", "files": [*files, f"{directory}/METADATA"], "depends": files}
        (prefix / "conda-meta" / f"{name}-1.0-0.json").write_text(json.dumps(record))
    assert read_packages(str(prefix), Sites()) == CondaPackages(str(prefix), 500)


def test_condas_own_python_is_examined_where_nothing_is_activated(prefix: Path) -> None:
    assert probe_conda_packages(make_session(), None, make_active_python(str(prefix), is_conda=True)).prefix == str(
        prefix
    )
    with pytest.raises(Unavailable, match="no conda environment is active"):
        probe_conda_packages(make_session(), None, make_active_python("/usr"))
