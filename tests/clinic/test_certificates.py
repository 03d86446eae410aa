"""Whose certificates count: asked of pip itself in several versions, and of `envdoctor --network` beside it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.clinic.conda import make_executable, pip_wheel
from tests.clinic.patient import Patient
from tests.mirror_server import MirrorServer, make_authority
from tests.support import needs_python

pytestmark = pytest.mark.clinic

OLD, FIRST_WITH_OPENSSL, NEW = "3.10", "3.13", ""


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of an authority that has signed nothing here."""
    authority, _ = make_authority(tmp_path_factory.mktemp("another"))
    return authority


def has_pip(patient: Patient, minor: str) -> Patient:
    """A user whose `pip` is the one that comes with a version of Python, or the newest at hand."""
    root = patient.root / "env"
    python = Path(needs_python(minor or OLD)).resolve()
    patient.prepares(python, "-m", "venv", "--without-pip", root)
    wheel = pip_wheel()
    if minor:
        [wheel] = python.parent.parent.glob(f"lib/python{minor}/ensurepip/_bundled/pip-*.whl")
    zipfile.ZipFile(wheel).extractall(next(root.glob("lib/python3*/site-packages")))
    text = f"#!{root}/bin/python\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n"
    make_executable(root / "bin/pip", text)
    patient.env["PATH"] = f"{root}/bin:{patient.env['PATH']}"
    patient.env |= {"VIRTUAL_ENV": str(root), "PIP_CONFIG_FILE": f"{patient.home}/pip.conf", "PIP_RETRIES": "0"}
    patient.env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return patient


def reaches(patient: Patient) -> bool:
    """Whether pip gets at the package of the mirror that is set."""
    return patient.shell.run(f"pip download --no-cache-dir --no-deps -d {patient.root}/got demo").status == 0


# pip itself, once for each set of variables, but imported only once: that costs more than a download
SETTINGS_TRIED = """
import json, os, sys
from pip._internal.cli.main import main
reached = []
for setting in json.loads(sys.argv[2]):
    child = os.fork()
    if not child:
        os.environ.update(setting)
        os._exit(main(["download", "--no-cache-dir", "--no-deps", "-d", sys.argv[1], "demo"]))
    reached.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(reached))
"""


def reached(patient: Patient, settings: Sequence[Mapping[str, str]]) -> list[bool]:
    """The same with each of these variables besides."""
    python, into = patient.root / "env/bin/python", patient.root / "got"
    said = patient.prepares(python, "-c", SETTINGS_TRIED, into, json.dumps(settings))
    answers: list[bool] = json.loads(said.splitlines()[-1])
    return answers


SETTINGS: list[dict[str, str]] = [
    {},
    {"REQUESTS_CA_BUNDLE": "good", "PIP_CERT": "bad"},
    {"REQUESTS_CA_BUNDLE": "bad", "PIP_CERT": "good"},
    {"CURL_CA_BUNDLE": "bad", "PIP_CERT": "good"},
    {"REQUESTS_CA_BUNDLE": "bad", "CURL_CA_BUNDLE": "good"},
    {"PIP_CERT": "good"},
    {"SSL_CERT_FILE": "good"},
    {"SSL_CERT_FILE": "good", "REQUESTS_CA_BUNDLE": "public"},
]


@pytest.mark.sick("MIR010")
@pytest.mark.healthy("MIR010")
@pytest.mark.parametrize("minor", [OLD, FIRST_WITH_OPENSSL, NEW])
def test_the_mirror_is_found_unreachable_where_pip_does_not_get_there_and_nowhere_else(
    minor: str, patient: Patient, secure_mirror: MirrorServer, authority: tuple[Path, Path], another: Path
) -> None:
    has_pip(patient, minor)
    public = next(patient.root.glob("env/lib/python3*/site-packages/pip/_vendor/certifi/cacert.pem"))
    files = {"good": authority[0], "bad": another, "public": public}
    patient.env["PIP_INDEX_URL"] = f"https://localhost:{secure_mirror.port}/simple"
    own, seen = dict(patient.env), []
    settings = [{name: str(files[which]) for name, which in setting.items()} for setting in SETTINGS]
    for setting in settings:
        patient.close_shell()
        patient.env = own | setting
        seen.append("MIR010" not in patient.examine("--select", "MIR010", "--network").codes)
    patient.env = own
    assert seen == reached(patient, settings)
    assert seen == [False, True, False, False, False, True, minor != OLD, minor != OLD]


@pytest.mark.sick("NET002")
def test_a_certificate_that_pip_does_not_use_is_joined_with_the_one_that_it_does(
    patient: Patient, secure_mirror: MirrorServer, authority: tuple[Path, Path], another: Path
) -> None:
    has_pip(patient, NEW)
    both = patient.home / "both.pem"
    both.write_text(authority[0].read_text() + another.read_text())
    patient.env |= {"PIP_INDEX_URL": f"https://localhost:{secure_mirror.port}/simple", "UV_SYSTEM_CERTS": "1"}
    patient.does(f"export REQUESTS_CA_BUNDLE={another} PIP_CERT={both}")
    assert not reaches(patient)
    patient.cure("NET002", arguments=("--select", "NET"))
    assert reaches(patient)
