"""`envdoctor fix`: the plan as a script, or for `eval` what fixes this shell."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click
from click.core import ParameterSource

from envdoctor.cli import completion, fix_lasting, options, output
from envdoctor.cli.choices import Choices
from envdoctor.cli.documents import shell_of
from envdoctor.cli.examine import prepare
from envdoctor.cli.judging import judged
from envdoctor.cli.replay import opened
from envdoctor.plan.plan import Plan, plan_of
from envdoctor.render import json, script
from envdoctor.render.wording import unexamined
from envdoctor.report.report import ExitCode, Report
from envdoctor.shells.dialects import Shell


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]…", shell_complete=completion.selection)
@fix_lasting.options
@click.option("--session", is_flag=True, help="Print what fixes this shell, for its `eval`; nothing else is changed.")
@click.option("--shell", metavar="SHELL", help="Print for this shell: bash, zsh, fish, tcsh, nu, xonsh, powershell.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--recording", metavar="FILE", help="Plan for the report in FILE, as `envdoctor replay` takes it.")
@options.examining
@options.python
@options.trust
@options.timeout
@click.pass_context
def command(
    context: click.Context,
    /,
    codes: tuple[str, ...],
    shell: str | None,
    form: str,
    recording: str | None,
    python: str | None,
    *,
    session: bool,
    trust: bool,
    **chosen: Any,  # noqa: ANN401 - passed on by name
) -> int:
    """Print the fixes of all findings, or of the CODEs, in the order in which they compose. Nothing is run.

    With --apply those that last are carried out, with a question before each; --undo takes back what they have written.

    With --session only the safe ones that reach no further than this shell, as one group that it can evaluate: type
    eval "$(envdoctor fix --session)" in bash and zsh, envdoctor fix --session | source in fish.
    """
    lasting = fix_lasting.taken(chosen)
    named = _named(shell) if shell else None
    typed = {name for name in chosen if context.get_parameter_source(name) is not ParameterSource.DEFAULT}
    given = {name: value for name, value in chosen.items() if name in typed}
    if lasting:
        alone = not (session or recording or shell or form != "text")
        return lasting.fulfilled(partial(prepare, given, python, trust=trust), codes, alone=alone)
    given |= {"select": codes} if codes else {}
    if session:
        if recording or form != "text":
            raise output.UsageProblem("--session fixes this shell: it goes with neither --recording nor --format")
        from envdoctor.cli import fix_session

        return fix_session.printed(partial(prepare, given, python, trust=trust), named)
    report = _replayed(recording, given) if recording else _examined(given, python, trust=trust)
    return _printed(report, plan_of(report), form, named or shell_of(report))


def _named(word: str) -> Shell:
    """The shell that a word means. Raises UsageProblem, with the nearest name."""
    from envdoctor.engine.selection import nearest
    from envdoctor.shells.dialects import NAMES

    if word in NAMES:
        return NAMES[word]
    near = nearest(word, NAMES)
    hint = f"did you mean {near}?" if near else f"there are {', '.join(NAMES)}"
    raise output.UsageProblem(f"--shell: no fixes are written for {word!r}; {hint}")


def _examined(given: dict[str, Any], python: str | None, *, trust: bool) -> Report:
    _session, establish, choices, configuration = prepare(given, python, trust=trust)
    return judged(establish, choices, configuration=configuration)


def _replayed(file: str, given: dict[str, Any]) -> Report:
    establish, recorded, configuration, was_shared = opened(file)
    fields = {name: value for name, value in given.items() if name in Choices.__struct_fields__}
    return judged(establish, Choices(**fields), recorded, configuration, was_shared=was_shared)


def _printed(report: Report, plan: Plan, form: str, shell: Shell) -> int:
    """Print the plan; where there is nothing in it, one line that says what is not known either."""
    unknown = unexamined(report)
    for line in unknown:
        output.complain(f"envdoctor: {line}")
    if form == "json":
        output.write(json.render_plan(report, plan))
    elif plan.items:
        text = script.render(report, plan, shell)
        output.write(output.harmless(text) if sys.stdout.isatty() else text)
    else:
        output.complain("envdoctor: there is nothing to fix")
    return ExitCode.INCOMPLETE if unknown and not plan.items else ExitCode.HEALTHY
