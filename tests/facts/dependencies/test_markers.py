"""A marker is judged for the Python that is examined."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor.facts.dependencies.markers import holds, values
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment


def environment(**changes: Any) -> ProjectEnvironment:
    known: dict[str, Any] = {
        "root": "/env",
        "source": EnvironmentSource.OWN,
        "python": "/env/bin/python",
        "version": (2, 7, 18),
        "platform": "linux",
        "machine": "riscv64",
    }
    return ProjectEnvironment(**{**known, **changes})


@pytest.mark.parametrize(
    ("marker", "answer"),
    [
        ("python_version < '3'", True),
        ("python_version == '2.7'", True),
        ("python_full_version >= '2.7.18'", True),
        ("python_full_version > '2.7.18'", False),
        ("sys_platform == 'linux' and os_name == 'posix'", True),
        ("platform_system == 'Linux'", True),
        ("platform_machine == 'riscv64'", True),
        ("platform_python_implementation == 'CPython'", True),
        ("implementation_name == 'pypy'", False),
        ("extra == 'web'", False),
        ("no marker", None),
        ("", None),
    ],
)
def test_it_is_the_examined_python_that_counts(marker: str, answer: bool | None) -> None:
    assert holds(marker, values(environment())) is answer


def test_an_extra_counts_where_it_is_asked_for() -> None:
    known = values(environment())
    assert holds("extra == 'web'", known, "web") is True
    assert holds("extra == 'web' and python_version > '3'", known, "web") is False


def test_other_systems_and_implementations_have_their_own_words() -> None:
    windows = dict(values(environment(platform="win32", version=(3, 12))))
    assert (windows["os_name"], windows["platform_system"]) == ("nt", "Windows")
    assert (windows["python_full_version"], windows["python_version"]) == ("3.12.0", "3.12")
    other = dict(values(environment(platform="freebsd14", implementation="pypy")))
    assert (other["platform_system"], other["platform_python_implementation"]) == ("freebsd14", "PyPy")
