"""A fleet as metrics for the textfile collector. Labels are codes and severities alone, never machines."""

from __future__ import annotations

from envdoctor.fleet.answer import Answer
from envdoctor.render.prometheus import metric


def render(answer: Answer) -> str:
    """All metrics, each with its help and its type."""
    healthy = sum(len(group.machines) for group in answer.groups if not group.codes)
    states = {"healthy": healthy, "sick": answer.machines - healthy, "without_report": len(answer.unexamined)}
    told = [
        metric("fleet_machines", "Machines by state.", [({"state": name}, count) for name, count in states.items()]),
        metric(
            "fleet_findings",
            "Machines with a finding, by check and severity.",
            [({"code": one.code, "severity": one.severity}, one.machines) for one in answer.found],
        ),
        metric("fleet_bad_inputs", "Inputs that are no report.", [({}, len(answer.problems))]),
    ]
    if answer.history is not None:
        for name, text, changes in (
            ("new", "Machines that have got a finding since the collection before.", answer.history.new),
            ("gone", "Machines that have lost a finding since then.", answer.history.gone),
        ):
            samples = [({"code": one.code, "severity": one.severity}, len(one.machines)) for one in changes]
            told.append(metric(f"fleet_findings_{name}", text, samples))
    return "".join(told)
