"""Whoever asks for the metadata or the files of a package: each is read once in a run."""

from __future__ import annotations

import sys
from collections import Counter

from tests.clinic.environments import by_uv
from tests.clinic.patient import Patient
from tests.clinic.projects import pyproject, stock, write
from tests.clinic.test_packages import age, enter, put, wheel

WATCHED = """\
import os, runpy, sys
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith(("/RECORD", "/METADATA", "/PKG-INFO")):
        os.write(log, f"{arguments[0]}\\n".encode())
log = os.open(os.environ["OPENED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(watch)
runpy.run_module("envdoctor", run_name="__main__", alter_sys=True)
"""


def test_no_metadata_and_no_list_of_files_is_read_twice(patient: Patient) -> None:
    stock(patient)
    wheel(
        patient, "app", "1.0", "beta>=2", "absent", **{"app.py": "", "numpy_user/_c.so": "numpy.core._multiarray_umath"}
    )
    wheel(patient, "numpy", "2.2.6", **{"numpy/__init__.py": ""})
    wheel(patient, "asks", "1.0", "numpy>=1", **{"asks/_c.so": "numpy.core._multiarray_umath"})
    for name in ("jwt", "PyJWT"):
        wheel(patient, name, "1.0", **{"jwt/__init__.py": f"# {name}\n"})
    wheel(patient, "foreign", "1.0", **{"foreign/_f.cpython-39-x86_64-linux-gnu.so": "no library"})
    pyproject(patient, "app", more="[tool.uv]\n")
    (patient.project / "app.py").touch()
    own, active = by_uv(patient, patient.project / ".venv"), by_uv(patient, patient.home / "env")
    for root in (own, active):
        site = put(patient, root, "--no-deps", "app", "asks", "numpy", "jwt", "PyJWT", "foreign", "beta==1.0", "gamma")
        tags = site / "foreign-1.0.dist-info/WHEEL"
        tags.write_text(tags.read_text().replace("py3-none-any", "cp39-cp39-linux_x86_64"))
        (site / "gamma-1.0.dist-info").rename(site / "~amma-1.0.dist-info")
        write(site / "old.egg-info/PKG-INFO", "Name: old\nVersion: 1.0\n")
        write(site / "old.egg-info/requires.txt", "delta\n")
        age(*site.iterdir())
    enter(patient, active)
    script = write(patient.home / "watched.py", WATCHED)
    opened = patient.home / "opened"
    patient.does(f"export OPENED={opened}")
    patient.command = f"{sys.executable} -I {script} check"
    seen = patient.examine("--deep")
    assert {"PKG001", "PKG002", "PKG005", "PKG006", "PKG009"} <= seen.codes
    counted = Counter(opened.read_text().splitlines())
    assert {path: count for path, count in counted.items() if count > 1} == {}
    for root in (own, active):
        for name in ("RECORD", "METADATA", "PKG-INFO"):
            assert any(path.startswith(f"{root}/") and path.endswith(f"/{name}") for path in counted), (root, name)
