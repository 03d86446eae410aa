"""`envdoctor report`: the report for the tracker of a project, which a maintainer can replay."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from envdoctor.cli import options, output
from envdoctor.cli.documents import document, shell_of
from envdoctor.cli.examine import prepare
from envdoctor.cli.judging import ISSUE, judged
from envdoctor.render import issue


@click.command()
@click.option("--issue-form", is_flag=True, help="Print plain text, for a form that puts it into a code block itself.")
@click.option("--html", is_flag=True, help="Make it a page with pictures, to look at in a browser or to attach.")
@click.option("--copy", is_flag=True, help="Put it into the clipboard instead of printing it.")
@click.option("-o", "file", metavar="FILE", help="Write it to this file instead of printing it.")
@options.sharing
@options.python
@options.trust
@options.timeout
@click.option("--deep/--no-deep", help="Also look into every installed extension module.")
@click.option("--network/--no-network", help="Also ask the mirrors that are set whether they answer.")
@click.option("--no-plugins", is_flag=True, help="Run envdoctor's own checks only.")
@click.pass_context
def command(
    context: click.Context,
    /,
    python: str | None,
    file: str | None,
    *,
    trust: bool,
    issue_form: bool,
    html: bool,
    copy: bool,
    **chosen: Any,  # noqa: ANN401 - passed on by name
) -> int:
    """Print a report for an issue: what is wrong, what each command runs, all versions, and the whole recording.

    What is personal is masked: home, names, e-mail, private hosts. Nothing else is left out, and no tracker makes a
    link or a mention of it. Who gets it types `envdoctor replay`.
    """
    if copy and file:
        raise output.UsageProblem("--copy and -o: choose one")
    if issue_form and html:
        raise output.UsageProblem("--issue-form and --html: choose one")
    typed = {
        name: value
        for name, value in chosen.items()
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    }

    # the whole is examined, whatever the project has chosen for itself
    given = {"select": (), "ignore": (), **typed, "share": True, "form": "html" if html else ISSUE}
    _session, establish, choices, configuration = prepare(given, python, trust=trust)
    report = judged(establish, choices, configuration=configuration)
    if html:
        text = document(report, "html", choices)
    else:
        text = (issue.plainly if issue_form else issue.render)(report, shell_of(report))
    if file:
        output.write_file(file, text)
    elif copy:
        from envdoctor.cli import clipboard

        output.complain(f"envdoctor: {clipboard.copy(text)}")
    else:
        output.write(output.harmless(text))
    return report.exit_code
