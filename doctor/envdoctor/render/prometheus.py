"""The report as metrics for the textfile collector of Prometheus' node exporter.

Labels are codes and severities alone: a path would make a series of its own on every machine, and tell about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from envdoctor import __version__
from envdoctor.report.report import Report

Sample = tuple[dict[str, str], int]


def render(report: Report) -> str:
    """All metrics, each with its help and its type."""
    found = Counter((result.check.code, result.severity_of(finding).value) for result, finding in report.findings)
    outcomes = Counter(result.outcome.value for result in report.results)
    return "".join(
        (
            metric("info", "The envdoctor that examined this machine.", [({"version": __version__}, 1)]),
            metric("exit_code", "0 healthy, 1 problems, 3 incomplete.", [({}, report.exit_code.value)]),
            metric("accepted", "Findings that the project accepts.", [({}, len(report.accepted))]),
            metric("checks", "Checks by their outcome.", _samples("outcome", outcomes)),
            metric(
                "findings",
                "Findings by check and severity.",
                [({"code": code, "severity": severity}, count) for (code, severity), count in sorted(found.items())],
            ),
        )
    )


def _samples(label: str, counts: Counter[str]) -> Iterable[Sample]:
    return [({label: name}, count) for name, count in sorted(counts.items())]


def metric(name: str, text: str, samples: Iterable[Sample]) -> str:
    """One metric: its help, its type, its samples."""
    lines = [f"# HELP envdoctor_{name} {text}", f"# TYPE envdoctor_{name} gauge"]
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"envdoctor_{name}{{{told}}} {value}" if told else f"envdoctor_{name} {value}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
