"""`envdoctor fleet collect NODES`: the reports of machines, asked for by ClusterShell, and what they say together."""

from __future__ import annotations

import click

from envdoctor.cli import options, output, progress
from envdoctor.cli.fleet_report import answered, showing
from envdoctor.cli.sharing import key_in
from envdoctor.fleet.collecting import Round, collect
from envdoctor.fleet.examining import Question
from envdoctor.fleet.extra import ExtraMissing, module
from envdoctor.fleet.nodes import BadNodes, expanded
from envdoctor.fleet.reaching import NoWay, Way


@click.command()
@click.argument("nodes", metavar="NODES")
@click.option("--output", "directory", metavar="DIR", required=True, help="The directory for a file a machine.")
@click.option("--program", metavar="PROGRAM", default="envdoctor", show_default=True, help="What is run there.")
@click.option("--fanout", type=click.IntRange(min=1), metavar="N", help="How many at once, if not as configured.")
@click.option("--ssh-options", metavar="WORDS", default="", help="Further words for ssh: `-l root -i KEY`.")
@options.seconds("--timeout", 120.0, "How long one machine may take.")
@click.option(
    "--pseudonym-key-file",
    "key_file",
    metavar="FILE",
    help="Give each machine this key on its standard input, so that equal names are equal in all reports.",
)
@click.option("--again", is_flag=True, help="Also ask machines whose whole report is in DIR.")
@showing
def command(  # noqa: PLR0913 - a parameter an option
    nodes: str,
    directory: str,
    program: str,
    *,
    fanout: int | None,
    ssh_options: str,
    timeout: float,
    key_file: str | None,
    again: bool,
    fail_on: str,
    form: str,
) -> int:
    """Ask machines for their reports, and say what is found in them.

    NODES is a set of ClusterShell's: `m[1-300]`, `@gpu`, `m[1-9]!m3`. Groups, fan-out, tree and how a machine is
    reached are as ClusterShell and ssh are configured; nothing asks for a password. On each machine a login shell runs
    `envdoctor check --share --format json`. Machines whose report is in DIR already are not asked again.

    \b
    Exit status: as of `envdoctor fleet`.
    """  # noqa: D301 - click takes the character itself
    key = key_in(key_file) if key_file else b""
    try:
        machines = expanded(nodes)
        module("duckdb")  # before any machine is asked
        with progress.shown() as tell:
            done = collect(machines, Round(directory, program, Way(fanout, ssh_options, timeout, key), again), tell)
    except (BadNodes, ExtraMissing, NoWay) as error:
        raise output.UsageProblem(str(error)) from error
    except OSError as error:
        raise output.UsageProblem(f"cannot write into {directory}: {error.strerror or error}") from error
    if done.note:
        output.complain(f"envdoctor: machines behind a gateway were asked without it: {done.note}")
    return answered(Question(directory, expected=machines), form, None, fail_on)
