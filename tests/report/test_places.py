from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.report.places import Base, Place, fingerprint_of, place_of
from tests.samples import wet_ground

BASE = Base(("/home/me/app", "/data/app"), "/home/me", "setup.cfg")


def finding(where: str | None, *origins: str) -> Finding:
    return Finding("x", Fix("Read", Manual("x")), where, tuple(Evidence("e", origin) for origin in origins))


@pytest.mark.parametrize(
    ("where", "origins", "place"),
    [
        ("/home/me/app/pyproject.toml", ("/home/me/app/pyproject.toml:4",), Place("pyproject.toml", 4)),
        ("/data/app/a/uv.lock:7", (), Place("a/uv.lock", 7)),
        ("/home/me/app/./sub/../requirements.txt:3", (), Place("requirements.txt", 3)),
        ("requirements.txt:12", (), Place("requirements.txt", 12)),
        ("/home/me/app/random.py", (), Place("random.py")),
        ("/home/me/app/pyproject.toml:0", (), Place("pyproject.toml", 1)),
    ],
)
def test_a_finding_stands_at_the_line_that_it_names(where: str, origins: tuple[str, ...], place: Place) -> None:
    assert place_of(finding(where, *origins), BASE) == place


@pytest.mark.parametrize(
    "where",
    [
        *(None, "PATH", "/home/me/.bashrc:9", "/home/me/app/.venv/pyvenv.cfg:2", "/home/me/app/.venv", "~/.zshrc:3"),
        *("/home/me/apps/pyproject.toml:1", "../pyproject.toml:2", "/home/me/app/../x.toml:3"),
    ],
)
def test_what_lies_elsewhere_is_shown_at_the_file_that_governs(where: str | None) -> None:
    assert place_of(finding(where), BASE) == Place("setup.cfg", 1, exact=False)


def test_a_fingerprint_survives_another_checkout_another_home_and_other_lines() -> None:
    result = Result(wet_ground, Outcome.FOUND)

    def mark(where: str, base: Base) -> str:
        return fingerprint_of(result, finding(where), base)

    here = mark("/home/me/app/uv.lock:7", BASE)
    assert here == mark("/data/app/uv.lock:8", BASE)
    assert here == mark("/build/1/uv.lock:9", Base(("/build/1",)))
    assert mark("/home/me/.bashrc:1", BASE) == mark("/root/.bashrc:2", Base(("/w",), "/root"))
    assert here != mark("/home/me/app/poetry.lock:7", BASE)
    assert len(here) == 64
