"""Literal reports of a small fleet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from envdoctor.fleet.answer import Answer
from envdoctor.fleet.examining import Question, answer

CHECKS = ("LIB001", "PIP001", "PY001")
SESSION = {"shell": "bash", "login": True, "interactive": False, "home": "/home/u", "occasion": "ssh command"}


def report(
    *codes: str, facts: Mapping[str, Any] | None = None, severity: str = "error", **fields: Any
) -> dict[str, Any]:
    """A report with these findings and facts; of the other checks nothing is found."""
    finding = {"message": "it is so", "severity": severity}
    results = [
        {
            "code": code,
            "slug": f"slug-of-{code.lower()}",
            "outcome": "found" if code in codes else "ok",
            "findings": [finding] if code in codes else [],
        }
        for code in CHECKS
    ]
    usual = {"schema": 1, "tool": {"name": "envdoctor", "version": "1.0"}, "created": "2026-01-02T03:04:05Z"}
    shown = {"Examined": SESSION, **(facts or {})}
    return usual | {"shared": True, "session": SESSION, "results": results, "facts": shown, "missing": {}} | fields


def content(*codes: str, **fields: Any) -> bytes:
    return json.dumps(report(*codes, **fields)).encode()


def libc(version: str, serial: int = 0) -> dict[str, Any]:
    """Facts of a machine: the version of its C library, and a number that no two machines share."""
    return {"Libc": {"version": version, "kind": "glibc"}, "Disk": {"serial": serial}}


def fill(directory: Path, reports: Mapping[str, Mapping[str, Any]]) -> str:
    """A directory with a file a machine."""
    for name, one in reports.items():
        (directory / f"{name}.json").write_text(json.dumps(one))
    return str(directory)


def sick_and_well() -> dict[str, dict[str, Any]]:
    """Two machines with an old C library that fails them, four with others, one of these with another finding."""
    return {
        "m1": report("LIB001", facts=libc("2.17", 1)),
        "m2": report("LIB001", facts=libc("2.17", 2)),
        "m3": report(facts=libc("2.36", 3)),
        "m4": report(facts=libc("2.36", 4)),
        "m5": report(facts=libc("2.28", 5)),
        "m6": report("PIP001", severity="warning", facts=libc("2.28", 6)),
    }


def asked(source: str, **fields: Any) -> Answer:
    return answer(Question(source, **fields), lambda *_: None)
