from __future__ import annotations

from envdoctor.engine.reference import Facts
from envdoctor.facts.conda.version import CondaVersion
from envdoctor.facts.packages.gpu import NvidiaDriver
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.operating_system import OperatingSystem
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from envdoctor.render import versions
from envdoctor.report.report import Report
from tests.builders import make_hit, make_python

PYTHON = make_python("/opt/tools", "3.10.4")


def test_each_version_is_told_with_its_place() -> None:
    known = Facts(
        {
            ActivePython: ActivePython("python", PYTHON),
            BarePip: BarePip("pip", make_hit("pip", "/opt/tools/bin/pip", PYTHON.path), PYTHON),
            UvCopies: UvCopies((UvCopy("/bin/uv", "/bin/uv", (0, 9, 7)), UvCopy("/old/uv", "/old/uv", (0, 1, 0)))),
            CondaVersion: CondaVersion("24.9.2", "/opt/conda"),
            NvidiaDriver: NvidiaDriver("550.54", "/sys/module/nvidia/version"),
            OperatingSystem: OperatingSystem("Debian GNU/Linux 12", "6.1"),
        }
    )
    rows = list(versions.rows(Report("", (), known)))
    assert rows[0] == ("Python", "3.10.4", PYTHON.path)
    assert ("uv", "0.9.7", "/bin/uv") in rows
    assert ("conda", "24.9.2", "/opt/conda") in rows
    assert ("system", "Debian GNU/Linux 12, kernel 6.1", "") in rows
    assert ("NVIDIA driver", "550.54", "/sys/module/nvidia/version") in rows
    assert [row[0] for row in rows].count("pip") == (PYTHON.pip is not None)


def test_what_is_not_known_is_not_told() -> None:
    assert list(versions.rows(Report("", (), Facts()))) == [("Python", "none", "")]
